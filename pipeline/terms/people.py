"""Personal names in running Chinese, from what stands around them.  Precision first: a wrong name is worse than none.

A name is believed where an office or a role stands before it, where it speaks, where it opens a
sentence that says who it is, or where a word segmenter takes it for a name in several places; and
everywhere else on the page once it was believed somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.terms.called import HONORIFICS
from pipeline.terms.lexicon import Lexicon
from pipeline.terms.romanise import COMPOUND_SURNAMES, SINGLE_SURNAMES
from pipeline.terms.words_zh import in_dictionary, tagged

# Roles in reports that are no offices; the tables' offices are added to them.
_ROLES: Final = (
    "负责人|种植户|养殖户|农户|脱贫户|困难户|经营户|商户|业主|店主|村民|牧民|农民|果农|菜农|茶农|棉农|居民|市民|群众|网友|读者|游客|顾客|旅客|乘客|"
    "纳税人|缴费人|家长|学生|教师|老师|医生|护士|民警|交警|辅警|法官|检察官|律师|工人|员工|职工|司机|工程师|技术员|农艺师|兽医|专家|研究员|教授|博士|"
    "志愿者|党员|代表|委员|队员|队长|会长|秘书长|理事长|社长|站长|所长|科长|处长|股长|组长|班长|馆长|院长|校长|园长|厂长|店长|场长|经理|总经理|董事长|"
    "领队|团长|老板|老板娘|掌柜|船长|机长|列车长|护士长|主编|编辑|总工程师|总监|总裁|主教练|裁判|队医|歌手|主持人|收藏家|企业家|摄影师|设计师|飞行员|"
    "焊工|电工|钳工|车工|瓦工|木工|技工|矿工|炉前工|环卫工|清洁工|维修工|农民工|钟点工|护工|"
    "大厨|厨师|木匠|铁匠|石匠|裁缝|船工|渔民|羊倌|摊主|租户|住户|当事人|被告人|被告|原告|"
    "书记|副书记|主任|副主任|局长|副局长|镇长|副镇长|乡长|副乡长|县长|副县长|市长|副市长|州长|区长|部长|主席|副主席|理事|干事|网格员|护林员|讲解员|"
    "传承人|带头人|创始人|妻子|丈夫|儿子|女儿|母亲|父亲|同志|记者|通讯员|作者|选手|演员|导演|作家|画家|诗人|运动员|教练|战士|老人|老汉|大爷|大妈|小伙|姑娘"
)
_SPEAKS: Final = (
    "说|表示|介绍|告诉|坦言|直言|感慨|感叹|回忆|认为|指出|强调|透露|解释|补充|笑言|笑着|高兴|激动|自豪|欣慰|开心|兴奋|动情|由衷|深情|"
    "遗失|不慎|问(?![题卷世责政询诊候])|答(?![案题卷复辩])|回答|提醒|呼吁|建议|希望|称|道|讲述|谈起|谈到|算了|指着|竖起|乐呵呵|喜滋滋|赞叹|赞不绝口"
)
_AFTER: Final = re.compile(
    rf"(?:{_SPEAKS}|带领|率领|带着|领着|带动|详细|向|对|在|是|的|和|与|及|等|也|都|就|又|还|已|正|将|把|被|给|为|从|到|来|去|带|领|率|家|一家|提出|提议|接受|发现|组织|开始|决定|联系|连夜|赶|主持|出席|参加|宣布|致辞|"
    r"作为|因为|通过|利用|看到|拿出|忙着|承包|种植|养殖|购买|经营|今年|去年|每天|如今|现在|之前|有|没|不|便|却|先|再|常|一|当|摄|报道|[^\u3400-\u9fff]|$)"
)
_NEVER_LAST: Final = frozenset(
    "的是在对向和与及说道也都就又还已正将把被给为从到来去等有没不便却先再称讲问答看想着了过这那很最更家人村镇乡县市区街路厂店社局"
)
_NEVER_GIVEN: Final = frozenset("的是在对向和与及说也都就把被给从到等有没不了着过们这那很个些么吗呢吧啊她他它你我您谁何")
_SECOND: Final = frozenset("向有从和在")
"""These may stand in the middle of a name: 向荣, 有田, 从军."""
_MANY: Final = frozenset((
    "村民", "牧民", "农民", "果农", "菜农", "茶农", "棉农", "渔民", "居民", "市民", "群众", "网友", "读者", "游客", "顾客", "旅客", "乘客", "家长", "学生", "员工", "职工", "党员", "代表", "委员", "队员", "住户", "老人",
))  # fmt: skip
"""Roles that also name people in general; what follows in a headline is then what they do: 村民乐开怀."""
_ALSO_WORDS: Final = frozenset("乐高常时方全成安万关平和向明喜车马白黄金明相齐盛惠应解施计")
"""Family names that are adjectives, verbs or adverbs as well."""
_NO_GIVEN_NAMES: Final = HONORIFICS | {"书记", "主任", "局长", "镇长", "老人", "同志", "某", "某某", "姓"}
"""What follows a family name in its place."""
_WORDS_FIRST: Final = frozenset("也和与及都有能过从应来时向后")
"""Family names that far more often are particles."""
_NOT_NAMES: Final = frozenset(  # common words that begin with a family name
    """
    房东 铁杆 左右 商量 农事 江南 石头 年轻 金点 时尚 时光 时令 平台 万众 万象 方寸 安居 金秋 金牌 明珠 盛赞 乐享 安享 喜迎 齐赞 高兴 高度 高级 高效 平时 平均 平常 方面 方便 方式 方案 时间 时候 时代 时期 任务 任何 任职 全县 全市 全村 全乡 常说 常常 常委 于是 严格 严肃 安全 安排 和谐 和平 管理
    成功 成立 成员 成为 成果 包括 包含 关于 关注 关键 关心 向前 经营 经常 经济 经过 程序 程度 强调 强化 万元 万亩 万人 应当 应该 应急 明年 明确 明显 白天 高兴地 干部 计划
    计算 明天 路上 水平 水利 水务 金融 金额 房屋 余人 余名 余户 满意 满足 相关 相互 相信 习惯 古老 易于 都是 能够 能力 种植 种类 贺信 车辆 孔雀 黄金 黄色 红色 支持 支部
    支书 解决 解释 解放 曾经 终于 步伐 步骤 通过 通知 通讯 同志 同时 同意 邀请 文化 文明 文件 国家 国际 广大 广泛 师傅 后来 后续 乐于 公司 公里 公开 从业 从事 后者 双方
    农业 农村 农民 农户 家庭 家长 党委 党员 党组 党建 单位 查看 查询 施工 施肥 花费 花卉 马上 牛羊 羊群 牛肉 温暖 温室 温度 凤凰 元旦 元宵 乔迁 戴上 曲线 章程 云端 许多
    何时 何处 何况 陈述 陈列 冷库 冷链 田间 田地 梁上 童年 江边 江河 林业 林地 石头 石油 龙头 段落 雷雨 雷达 毛巾 郝然 时下 时节 项目 项链 祝福 祝贺 顾客 顾问 康复 康养
    申请 申报 党群 宣传 邮政 邮件 全体 全部 全力 全面 仅仅 尚未 尚有
    """.split()  # noqa: SIM905 - a word list reads better than a list of words
)
_HAN: Final = r"[\u3400-\u9fff]"
_BOUNDARY: Final = re.compile(r"[，。；：！？、“”‘’（）《》,;:!?()\s—…]|^")
_SPEECH: Final = re.compile(f"(?:{_SPEAKS})")
_AGED: Final = re.compile("岁的|名叫|叫做")
# Characters that transcribe Uygur, Kazakh, Kirgiz, Mongolian and Tibetan names in Chinese print.
_TRANSCRIBES: Final = (
    "阿艾爱埃安奥巴白拜保贝本比毕别宾博布才查恰池达代丹德登迪丁东都多尔法菲夫富尕尕盖甘岗高戈格根贡古哈海罕汗合和赫胡华霍吉加贾江杰金居卡凯坎康考科克肯孔库拉来兰朗劳勒雷力里丽利连林鲁路罗洛马玛麦买满曼毛梅美蒙米"
    "莫木穆那娜乃南尼宁努诺欧帕潘培佩皮普奇恰强乔切琴青曲热仁日荣茹萨赛桑色沙山尚舍申生圣守舒斯苏塔台泰坦唐桃特提铁图吐托娃外万旺维魏温文乌吾武西希夏仙香肖谢辛修许雅亚延扬叶依伊义因尹英永尤于玉约云再扎詹张哲真芝治孜朱卓兹宗祖佐不江列加孜瓦提克买"
)
_TRANSCRIBING: Final = frozenset(_TRANSCRIBES)
_DOTTED: Final = re.compile(rf"[{_TRANSCRIBES}]{{1,7}}(?:[·•‧・][{_TRANSCRIBES}]{{1,8}})+")


def dotted(texts: Sequence[str]) -> tuple[str, ...]:
    """Names written with a middle dot, in order of appearance, each once.

    Where one is found with more characters in some places than in others, the part they share is the name.
    """
    found: dict[str, None] = {}
    for text in texts:
        for hit in _DOTTED.finditer(text):
            name = re.sub(r"[•‧・]", "·", hit.group())
            # A function word that also transcribes belongs to the sentence when a verb follows it.
            while len(name.rsplit("·", 1)[-1]) > 2 and name[-1] in "都和再多约" and text[hit.end() : hit.end() + 1] not in "，。、：":
                name = name[:-1]
            if name.index("·") == 1 and "\u3400" <= text[hit.start() - 1 : hit.start()] <= "\u9fff":
                # One syllable alone is no given name: the character before belongs to it.
                name = text[hit.start() - 1] + name
            found.setdefault(name, None)
    names = list(found)
    return tuple(n for n in names if not any(o != n and (n.startswith(o) or n.endswith(o)) for o in names))


class PersonFinder:
    """Finds persons on one page; the tables' offices count as roles."""

    def __init__(self, lexicon: Lexicon) -> None:
        offices = [t.zh for t in lexicon.of_kind("title") if "、" not in t.zh]
        roles = sorted({*offices, *_ROLES.split("|")}, key=lambda r: (-len(r), r))
        self._roles = frozenset(roles)
        # 仓管员, 调解员: what people are called by their work has no end.
        self._role = re.compile("(?:" + "|".join(map(re.escape, roles)) + rf"|{_HAN}{{2}}员|大户)(?={_HAN})")
        self._lexicon = lexicon

    def find(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Names believed somewhere in ``texts``, in order of appearance, each once."""
        read = [(text, self._tagged(text)) for text in texts]
        found = dict.fromkeys(name for text, known in read for name in self._in(text, known))
        found |= dict.fromkeys(self._recurring(read))
        names = set(found)
        # 王翠 and 王翠详: the shorter was believed by its context too, so the longer took a stranger's character.
        return tuple(n for n in found if not (len(n) > 2 and n[:-1] in names))

    def _tagged(self, text: str) -> dict[int, str]:
        """Names that the segmenter puts together, by where they begin; what is in its dictionary is a word (马拉松)."""
        return {at: word for at, word, tag in tagged(text) if tag == "nr" and self._is_full(word) and not in_dictionary(word)}

    def _recurring(self, read: Sequence[tuple[str, Mapping[int, str]]]) -> Iterator[str]:
        """What the segmenter tags as a name, opens a clause or follows an age, and comes again, or speaks: 睿思基金的石敬亭说."""
        whole = "\n".join(text for text, _ in read)
        for text, known in read:
            opens = {edge.end() for edge in (*_BOUNDARY.finditer(text), *_AGED.finditer(text))}
            for at, word in known.items():
                again = at in opens and whole.count(word) > 1
                speaks = text[at - 1 : at] == "的" and _SPEECH.match(text, at + len(word))
                if again or speaks:
                    yield word

    def _is_full(self, word: str) -> bool:
        """A family name and two characters that may be a given name, not all of them such as transcribe foreign ones."""
        family = 2 if word[:2] in COMPOUND_SURNAMES else 1
        if len(word) != family + 2 or (family == 1 and word[0] not in SINGLE_SURNAMES):
            return False
        return self._plausible(word, family) and not set(word) <= _TRANSCRIBING

    def _in(self, text: str, known: Mapping[int, str]) -> Iterator[str]:
        for role in self._role.finditer(text):
            name = self._at(text, role.end()) or known.get(role.end(), "")
            loose = role[0] in _MANY or role[0] not in self._roles
            if name and not (loose and _is_phrase(name) and not self._acts(text, role.end() + len(name))):
                yield name
        for edge in _BOUNDARY.finditer(text):
            name = self._at(text, edge.end())
            if name and self._acts(text, edge.end() + len(name)):
                yield name

    def _at(self, text: str, at: int) -> str:
        """The name that begins at ``at``, three characters before two (four for compound family names)."""
        family = 2 if text[at : at + 2] in COMPOUND_SURNAMES else 1
        if family == 1 and text[at : at + 1] not in SINGLE_SURNAMES:
            return ""
        for given in (2, 1):
            name = text[at : at + family + given]
            if len(name) == family + given and self._plausible(name, family) and (after := _AFTER.match(text, at + len(name))):
                shorter = _AFTER.match(text, at + len(name) - 1) if given == 2 else None
                # 莫愁报道 is 莫愁's report, no 莫愁报 who speaks.
                if shorter is None or len(shorter[0]) < 2 or len(after[0]) > 1:
                    return name
        return ""

    def _plausible(self, name: str, family: int) -> bool:
        given = name[family:]
        return (
            all("\u3400" <= c <= "\u9fff" for c in name)
            and not set(given if len(given) == 1 or given[0] not in _SECOND else given[1:]) & _NEVER_GIVEN
            and name[-1] not in _NEVER_LAST
            and given not in _NO_GIVEN_NAMES
            and name[:family] not in _WORDS_FIRST
            and name not in _NOT_NAMES
            and name not in self._roles
            and name[:2] not in self._roles
            and name[:2] not in _NOT_NAMES
            and self._lexicon.get(name) is None
        )

    def _acts(self, text: str, at: int) -> bool:
        """True where what follows is what a person does: speaks, or is said to hold an office."""
        if _SPEECH.match(text, at):
            return True
        follows = text[at : at + 24]
        return follows.startswith("是") and any(len(role) > 1 and role in follows for role in self._roles)


def _is_phrase(name: str) -> bool:
    """The characters read as words at least as well as they do as a name: 乐开怀, 齐心."""
    words = [*tagged(name)]
    if len(words) == 1:
        return len(name) == 2 and words[0][2] != "nr"
    if name[0] not in _ALSO_WORDS or len(words) != 2:
        return False
    (_, first, kind), (_, _, other) = words
    return other != "nr" if first == name[0] else kind in {"a", "v", "d"}
