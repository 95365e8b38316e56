"""A "not" lost or invented turns a report into its opposite.

Chinese has many negatives that are none in meaning (不仅, 不断, 不久, 无人机 …) and English negates in
many ways (un-, fail, ban, lack, free of).  So a loss is reported only for the plain negatives, the
ones with hardly another rendering, and only when English shows no trace of negation at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "negation"

# Set phrases that hold a negative character and assert nothing negative, or negate twice.  Each
# alternative begins with a plain character: so the engine skips what cannot begin one.
_IDLE = re.compile(
    "不仅|不但|不只|不单|不光|不断|不同|不少|不久|不过|不管|不论|无论|不愧|不禁|不得不|不可或缺|无不|无疑|不由|不已|不负|不忘|不懈|不时|不等|不止|"
    "不锈|不妨|不免|不料|不乏|不失|不约而同|不谋而合|不遗余力|不折不扣|不知不觉|不言而喻|不胜|不凡|不菲|不俗|不错|不易|不难|不亚于|不惜|不辞|"
    "络绎不绝|源源不断|川流不息|滔滔不绝|绵延不绝|接连不断|永不|好不容易|了不起|对不起|差不多|要不|不然|是不是|能不能|会不会|有没有|行不行|可不可以|"
    "好不好|愿不愿|该不该|不[^，。；]{0,8}不|没有[^，。；]{0,10}就没有|没[^，。；]{0,8}不|无[^，。；]{0,6}不|非[^，。；]{0,8}不|不可不|不能不|不会不|"
    "未来|未成年|未必|未雨绸缪|方兴未艾|无人机|无人驾驶|无线|无偿|无私|无障碍|无公害|无缝|无限|无穷|无数|无比|无锡|无接触|无纸化|无感|无悔|无愧|"
    "非常|非洲|非遗|非物质|非凡|是非|除非|莫非|并非易事|没错|没关系|没事|没想到|想不到|说不定|不一|不足|不到|不满(?!意)|不含糊|不含蓄|天还没亮|还没[^。；]{0,8}就|没等[^。；]{0,8}就|尚未[^。；]{0,8}就|未等[^。；]{0,8}就|不大不小|不负众望|"
    "放心不下|舍不得|离不开|少不了|免不了|忘不了|忙不|数不|看不够|用不完|不是[^，。；]{0,12}(?:而是|就是|胜似)|不在话下|密不可分|不可分割|必不可少|"
    "不见不散|说走就走|不遗|不屈|不拔|不渝|不倦|不朽|不息|不停|永无|从无到有|无微不至|无时无刻|无处不在|无所不|毫无疑问|别具|别样|别致|特别|"
    "分别|区别|级别|性别|类别|辨别|识别|差别|告别|离别|个别|别墅|别人|别克|门类不"
)
_PLAIN_NEGATIVE = re.compile(
    "没有|没能|没法|没人|没再|从没|还没|并没|未能|尚未|从未|并未|未经|未发现|未出现|未发生|未达|未按|未获|暂未|仍未|"
    "不得(?=[\u3400-\u9fff])|不准|不能|不会|不可|不许|不让|不允许|严禁|禁止|不是|并不|并非|绝不|决不|不再|无法|无权|无人|毫无|不应|不该|不必|不用|不需要|不想|不愿|"
    "不敢|不存在|不符合|不知道|不了解|不支持|不接受|不同意|不承认|不属于|不包括|不含|不打算|不收|不予|不清楚|不明白|不怕|不舍得|没见过|没听|没来|没去|请勿|切勿|"
    "不起诉|不上诉|不立案|不批捕|不另|均无|均未|无异议|从不|从无|并无|尚无|绝非|未曾|不曾|毫不|不宜|不肯|无须|无需|不具备|不构成|不适用|不享受|不予以|不影响|不涉及|不受理|不参加|不参与|不提供|不设|不办"
)
_EN_NEGATIVE = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|hardly|rarely|scarcely|barely|seldom|unable|impossible|"
    r"fail\w*|lack\w*|refus\w*|ban|bans|banned|banning|prohibit\w*|forbid\w*|forbade|forbidden|den(?:y|ies|ied|ying)|declin\w*|reject\w*|"
    r"avoid\w*|prevent\w*|stop\w*|halt\w*|cease\w*|absen(?:t|ce)|missing|free (?:of|from)|exempt\w*|instead|rather than|far from|except|"
    r"exclud\w*|exclusive|zero|nil|little|few|only|yet to|still to|"
    r"reluctan\w*|hesita\w*|loath|await\w*|stay\w* behind|left behind|"
    r"away from|beyond|out of|rid of|eliminat\w*|bar(?:s|red|ring)?|off-limits|"
    r"un(?:able|aware|known|clear|likely|willing|certain|necessary|available|safe|finished|paid|expected|precedented|acceptable|afraid|usual|fit|"
    r"used|related|affected|registered|authorized|authorised|qualified|licensed|touched|changed|heard|seen|done|resolved|settled|solved|fulfilled)"
    r"|in(?:ability|capable|complete|sufficient|adequate|eligible|valid|accessible|appropriate|correct|accurate)|illegal\w*|irregular\w*|"
    r"non-?\w+|dis(?:agree\w*|allow\w*|approv\w*|continu\w*|appear\w*|qualif\w*|regard\w*|like\w*|satisf\w*)|"
    r"ended|end to|needn't|fearless\w*|\w+less|nonetheless|gone|empty|unless|until|lest|too \w+ to|impunity|than)\b|n't\b|\bun\w{4,}",
    re.IGNORECASE,
)
# "Not" with hardly any use but to negate; "not only" and "no matter" aside.
_EN_PLAIN = re.compile(
    r"\b(?:not(?! (?:only|just|merely|simply|to mention|least|far|long|until))|never|nobody|nothing(?! but| short)|none|"
    r"no (?:one|longer)|cannot(?! help| but)|neither)\b|(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should|must)n't\b",
    re.IGNORECASE,
)
# Words that settle it without the full pattern, and words without which no English is plainly negative.
_EN_SURE = frozenset(
    {"not", "no", "never", "none", "nothing", "neither", "nor", "without", "cannot", "unable", "only", "until", "than", "few"}
)
_EN_HINT = frozenset({"not", "never", "nobody", "nothing", "none", "no", "cannot", "neither"})
_ZH_TRACE = re.compile(
    "[不没未無无非别勿莫否免禁拒缺少失难零除防避脱止停绝反却仅只才空差弱罕欠乏休毫歇断忘丢舍戒摆误违废取消尽完告终]|从来|何|哪|岂|怎|吗|谁"
)


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a plain negative on one side with no trace of a negative on the other."""
    source = reading.source
    # What idle phrases hide is looked for only where there is something to hide.
    lost = _PLAIN_NEGATIVE.search(_IDLE.sub("＿", source)) if _PLAIN_NEGATIVE.search(source) else None
    if lost:
        if _EN_SURE.isdisjoint(reading.word_set) and not _EN_NEGATIVE.search(reading.plain):
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                f"The Chinese is negative ({lost.group(0)}); the English is not: has a “not” been lost?",
                source=lost.group(0),
                target=shorten(reading.target),
            )
    else:
        hinted = not _EN_HINT.isdisjoint(reading.word_set) or "n't" in reading.lower
        found = _EN_PLAIN.search(reading.plain) if hinted and not _ZH_TRACE.search(source) else None
        if found:
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                f"The English is negative (“{found.group(0)}”); the Chinese is not.",
                source=shorten(source),
                target=found.group(0),
            )
