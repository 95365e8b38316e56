"""Bylines: who wrote, who took the picture, in all the forms Chinese papers use.

Patterns work on matching text (simplified, half-width digits).  Forms and role words were gathered
from the conventions of daily papers: ``本报记者 X 通讯员 Y``, ``□X``, ``文/图 X``, ``X 摄``,
``本报讯（记者 X）``, ``新华社记者 X``.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.segment.flow import ODD, Flow
from pipeline.segment.forms import is_lead
from pipeline.segment.grams import Bools
from pipeline.segment.words import OUTLET_ENDINGS, ROLE_PREFIXES, ROLES, WORKS

HAN: Final = r"\u3400-\u9fff\uf900-\ufaff"
MARKS: Final = "□■◎●◆◇○▣☐◻▪▫◼〇▲△★☆※♦"
_MARK: Final = rf"[{MARKS}]"

_OUTLET: Final = rf"(?:本[报刊台网社]|新华社|中新社|中新网|人民网|新华网|[{HAN}A-Z]{{1,8}}?(?:{OUTLET_ENDINGS}))"
_PREFIX: Final = rf"(?:{ROLE_PREFIXES})*"
_ROLE_NOUN: Final = rf"(?:{ROLES})"
ROLE: Final = rf"(?:{_OUTLET}\s?)?{_PREFIX}{_ROLE_NOUN}"
_WORK: Final = rf"(?:文\s?[/、,，]\s?图|图\s?[/、,，]\s?文|作\s者|{WORKS})"
# A name ends where no Chinese character follows, or a role or a kind of work does; without that a
# long line could be cut into names in a great many ways.
_NAME: Final = (
    rf"(?:[{HAN}]{{2,4}}?|[{HAN}]\s{{1,3}}[{HAN}]|[{HAN}]{{1,10}}(?:[·•‧・∙][{HAN}]{{1,12}}?){{1,3}})"
    rf"(?=[^{HAN}]|$|{ROLE}|{_WORK}(?:[^{HAN}]|$))"
)
_SEP: Final = r"(?:\s*[、，,/／]\s*|\s+|)"
_PART: Final = rf"(?:{ROLE}|{_WORK}\s?[/／:：]|{_WORK}|{_NAME})"
_NOTE: Final = r"(?:\s?[(（][^()（）]{1,24}[)）])?"

_SHORT_ROLE: Final = rf"[{HAN}]{{2,4}}{_PREFIX}(?:记者|通讯员)(?=\s)"
"""A paper's short name set close to the role (``云都记者 罗忠明``)."""

BYLINE: Final = re.compile(
    rf"^(?:{_MARK}\s*)?[(（]?(?:{_SHORT_ROLE}|{ROLE}|文\s?[/／、]\s?图|图\s?[/／、]\s?文|{_WORK}\s?[/／:：])\s*[:：]?\s*(?:{_NAME})?(?:{_SEP}{_PART}){{0,12}}[)）]?{_NOTE}$"
    rf"|^{_NAME}(?:[\s、，,]+{_NAME}){{0,4}}\s?[/／]\s?(?:{_WORK})$"
    rf"|^(?:文|图|摄影)\s{_NAME}\s+(?:文|图|摄影|摄)\s{_NAME}$"
)
"""A whole line that names people with their role."""
MARKED: Final = re.compile(rf"^[□■◎◇○▣☐◻▪▫◼●◆]\s*(?:{_PART}{_SEP}){{1,12}}{_NOTE}$")
"""A whole line of names after a square or a similar mark."""
PHOTO: Final = re.compile(
    rf"(?:^|(?<=[。！？!?”’）)\s…]))\s*(?P<who>{_MARK}?\s*[(（]?\s*(?:(?:{ROLE}|图|摄影|摄|照片)\s?[:：/／]?\s*)?{_NAME}(?:{_SEP}{_PART}){{0,6}}?\s*(?:摄影报道|摄影|摄制|文\s?[/、]\s?图|图\s?[/、]\s?文|供图|摄)\s*[)）]?)$"
)
"""A photographer named at the end of a line or of a caption."""
_PHOTO_LEAD: Final = re.compile(
    rf"(?:^|(?<=[。！？!?”’）)\s]))\s*(?P<who>[(（]?\s*(?:摄影|图|摄|图片)\s?[:：/／]\s*{_NAME}(?:{_SEP}{_PART}){{0,6}}[)）]?)$"
)
SIGNATURE: Final = re.compile(
    rf"(?<=[。！？!?”’…])\s*(?P<who>[(（](?:{ROLE}\s?[:：]?\s*{_NAME}?(?:{_SEP}{_PART}){{0,8}}|(?:{_WORK}\s?[:：/／]\s*)?{_NAME}(?:[\s、，,]+{_NAME}){{0,4}})\s*(?:文|摄|报道)?[)）])$"
)
"""Names in brackets at the very end of a paragraph."""
AUTHOR: Final = re.compile(rf"^(?:作\s*者|执笔|撰稿|撰文)\s*[:：]?\s*{_NAME}(?:[\s、，,]+{_NAME}){{0,4}}{_NOTE}$")

_AUTHOR_NOTE: Final = re.compile(r"^[(（](?:本文)?作者(?:单位)?(?:系|为|[:：]|简介)[^()（）]{2,60}[)）]$")
"""What a paper adds about an author below the text."""

DATELINE: Final = re.compile(
    rf"^[【\[(（]?\s?(?:据)?(?:"
    rf"(?:{_OUTLET}|{ROLE})[^。！？，；]{{0,24}}?(?:\d{{1,2}}月\d{{1,2}}日)?(?:专?电|讯)(?=[\s(（】\])）:：]|{ROLE}|$)"
    rf"|本[报刊台网社]?(?:[{HAN}]{{0,6}})(?:\d{{1,2}}月\d{{1,2}}日)?(?:专?电|讯)(?=[\s(（】\])）:：]|{ROLE}|$)"
    rf"|[{HAN}]{{2,4}}(?<![通资简短音问审喜传腾信电快])讯(?=[\s(（]|{ROLE})"
    rf"|(?:又|快|简|电)讯(?=[\s(（】\])）:：]))"
)
"""How a news report opens: ``本报讯``, ``新华社北京11月3日电``, ``【本报讯】``."""
_FILED: Final = rf"(?P<filed>{ROLE}[^。！？；:：/／〔〕【】()（）]{{2,40}})[/／]\s?[{HAN}]{{1,10}}(?:报[导道]|电)\s?[〕】\])）]"
"""``〔记者王思婷／台北报导〕``, as papers in Taiwan open their reports."""
_PLAIN_OPENING: Final = re.compile(rf"^[(（]?(?P<who>{ROLE}[^。！？；:：]{{2,50}}?报道)\s?[)）]?\s?[:：]|^[〔【\[(（]\s?{_FILED}")
_CITY_END: Final = re.compile(
    rf"(?:记者|通讯员)\s?(?P<who>[{HAN}]{{2,3}})(?:北京|上海|天津|重庆|广州|深圳|珠海|香港|澳门|台北|高雄|南京|杭州|武汉|成都|西安|长沙|福州|厦门|济南|青岛|沈阳|大连"
    rf"|哈尔滨|长春|石家庄|太原|郑州|合肥|南昌|南宁|海口|贵阳|昆明|拉萨|兰州|西宁|银川|乌鲁木齐|呼和浩特|东京|纽约|伦敦|巴黎|华盛顿)$"
)
"""``记者郭若溪深圳报道``: where a reporter wrote from, set close to the name."""
_DATELINE_PEOPLE: Final = re.compile(
    rf"[\s】\]）)]*(?:[(（]\s?(?P<bracket>(?:{ROLE}|{_WORK}\s?[:：/／])[^()（）。]{{0,60}}?)\s?[)）]|(?P<plain>{ROLE}[^。！？；:：()（）]{{1,60}}?)\s?(?:报道|摄影报道)?\s?[:：]|{_FILED}"
    rf"|\s*(?P<spaced>{ROLE}\s*{_NAME}(?:(?:\s*[、，,]\s*|\s+)(?:{ROLE}\s*)?{_NAME}){{0,4}})\s+(?=[{HAN}“\d]))"
)
_ROLES: Final = re.compile(
    rf"{ROLE}|(?<![{HAN}·•‧・∙]){_SHORT_ROLE}|{_OUTLET}(?=\s|$)|{_WORK}\s?[/／:：]|[(（][^()（）]*[)）]|[□■◎◇○▣☐◻▪▫◼●◆▲△]"
)
_TAIL_WORK: Final = re.compile(
    r"\s*(?:综合报道|摄影报道|联合报道|报道|摄影|摄制|文\s?[/、]\s?图|图\s?[/、]\s?文|图文|供图|供稿|整理|编译|绘图|制图|(?<=\s)[文图]|摄)\s*$"
)
_MID_WORK: Final = re.compile(rf"(?<=[{HAN}])(?:\s?摄影|\s?摄|\s[文图])(?=[\s、，,])|(?:^|(?<=[\s、，,]))(?:摄影|文|图|摄|供图|供稿)(?=\s)")
_SHARED_WORK: Final = re.compile(rf"(?<=[{HAN}]{{2}})文(?=[\s、，,]+[{HAN}·]{{2,12}}\s?[图摄]\s*$)|(?<=[{HAN}]{{2}})图(?=\s*$)")
"""``李明文 王芳图``: a 文 or 图 set close is a kind of work only where both are told; else it ends a name."""
_SINGLES: Final = re.compile(rf"(?<![{HAN}])([{HAN}])[\s\u3000]+([{HAN}])(?![{HAN}])")
_SPLIT: Final = re.compile(r"[\s、，,/／;；]+|和(?=[^和]{2,3}$)")
_OFFICE: Final = re.compile(
    rf"^(?:[{HAN}]{{2,14}}[省市县区州盟旗镇乡村]\s+(?=\S+\s))?(?=\S{{2}})[{HAN}A-Za-z\d()（）·“”]{{0,24}}(?:长|书记|主席|主任|教授|讲师|院士|医师|医生|律师|经理|总裁|研究员|工程师|干部|老师|学生|居民|村民|市民|读者|业主|家长|职工|网友|顾客|骑手|司机|教师|护士|工人|农民|战士|民警|店主|商户|志愿者"
    rf"|[班级部室局委院所社校厂团连队会处科站厅]|大学|小学|中学|公司|中心|集团|银行)\s+(?=[{HAN}·]{{2,10}}$)"
)
"""An office, a school or a body before a name (``县长 秦川``, ``五（3）班 史可欣``)."""
_WROTE: Final = re.compile(rf"^{_NAME}(?:[\s、，]+{_NAME}){{0,2}}\s+(?:著|编著|译|绘|编|主编)$")
"""``欧阳雪 著``, as books name who wrote them."""
_TEAM: Final = re.compile(rf"^[{HAN}]{{2,20}}(?:课题组|调研组|报道组|采访组|编写组|编辑部|评论部)$")
_WRITTEN_BY: Final = re.compile(rf"^(?:文|图|图文)\s?[/／]\s?[{HAN}·]{{2,8}}$")
_WROTE_END: Final = re.compile(r"\s(?:著|编著|译|绘|编|主编)$")
_FROM_WHERE: Final = re.compile(rf"(?<=\s)[{HAN}]{{2,5}}报道$")
_WORK_LEAD: Final = re.compile(rf"^(?:{WORKS})\s+(?=[{HAN}])")
_LISTED_NAMES: Final = re.compile(rf"^[{HAN}·•‧・∙\s、，]+$")
_PERSON: Final = re.compile(rf"^(?:[{HAN}]{{2,4}}|[{HAN}]{{1,12}}(?:[·•‧・∙][{HAN}]{{1,14}}){{1,3}})$")
_NOT_PEOPLE: Final = re.compile(
    "评论员|报道组|编辑部|融媒体|通讯社|日报|晚报|记者|部门|办公室|委员会|.{2}[省市县区镇乡]$|^(?:作者|本报|综合|整理)$"
)

SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦尚左齐辛管祝霍柯阮柳欧詹涂岳成时包祁童单翁舒纪项盛卓凌娄曲甘古靳车骆路游穆邢冉司鲍卞冷喻裴耿关蒲商宁匡卜占华迟阎费佟苗应屈桂滕隋党房郎"
    "傅褚卫戚奚柏廉岑邬皮湛狄臧闵席麻刁裘缪解宗郁杭诸钮嵇荀甄封储巫隗仲伊宫栾厉祖符束郜邰鄂索蔺屠蒙池莘贡姬扶郦雍桑濮寿扈冀晏瞿慕茹艾容廖庾衡寇阙沃巩晁敖訾阚饶沙鞠丰查荆竺权盖帅亢邸仝楚冼乐米乌边强庄丛牟"
)
_TUNE: Final = re.compile(
    r"(?:[五七][律绝古]|沁园春|满江红|鹧鸪天|蝶恋花|西江月|浣溪沙|水调歌头|念奴娇|临江仙|采桑子|清平乐|如梦令|忆秦娥|卜算子|菩萨蛮|虞美人|江城子|破阵子|忆江南|渔家傲|浪淘沙|踏莎行|一剪梅)[·•]"
)
"""Forms and tunes of regular verse, which stand before a dot as given names do."""
_COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯")


# Necessary conditions, far cheaper than the patterns that they stand before.
FILED_LEAD: Final = re.compile(rf"^[【\[]\s?(?:本[报刊台网社]|[{HAN}]{{2,8}})(?:专?讯|电)\s?[】\]]\s*(?=\S)")
"""``【港湾日报讯】``, set above the text with the reporter's name beside it."""
_ROLE_SIGN: Final = re.compile(ROLES)
_BYLINE_MARK: Final = re.compile(r"[/／、:：]")
_PHOTO_ENDS: Final = frozenset("摄影制图文道)）")
_WROTE_ENDS: Final = frozenset("著译绘编")
_TAIL_ENDS: Final = frozenset("道影制图文稿理译摄")
_TAKEN_ENDS: Final = frozenset("道影制图文摄")
_PHOTO_STARTS: Final = frozenset(" (（摄图")


_BYLINE_STARTS: Final = frozenset(f"{MARKS}作执撰文(（图摄【[")
_SETS: Final = ("".join({w[0] for w in ROLES.split("|")}), "".join({w[-1] for w in ROLES.split("|")}), "/／、:：")


def may_name(flow: Flow) -> Bools:
    """Lines that may be bylines, by what every pattern needs: where it is false ``is_byline`` is."""
    opens, ends, sign = flow.holding(_SETS)
    named = flow.first_in(_BYLINE_STARTS) | flow.last_in(_PHOTO_ENDS | _WROTE_ENDS) | (opens & ends) | sign | (flow.held & ODD != 0)
    may: Bools = flow.first_in("(（") | (named & (flow.size <= 80) & ~flow.last_in("。，；：、！？,;:"))
    return may


def spaced(text: str) -> bool:
    """Whether white space may stand in a text: where it is false none does."""
    return " " in text or not text.isprintable()


def is_person(text: str) -> bool:
    """Whether a short text reads as one Chinese personal name (a known surname first, or parts joined by ·)."""
    name = text.strip()
    if spaced(name):
        name = _SINGLES.sub(r"\1\2", name)
    if not _PERSON.match(name):
        return False
    return (("·" in name or "•" in name) and _TUNE.match(name) is None) or (name[0] in SURNAMES and len(name) <= 3) or name[:2] in _COMPOUND


def is_titled(text: str) -> bool:
    """Whether a line is a person's office or body, and the name."""
    if not spaced(text):
        return False
    whole = _SINGLES.sub(r"\1\2", text)
    return 6 <= len(whole) <= 36 and (hit := _OFFICE.match(whole)) is not None and is_person(whole[hit.end() :])


def signs(text: str) -> bool:
    """Whether a line is a name, or an office or a body and a name."""
    return is_person(text) or is_titled(text) or (text[-1:] in "组部" and _TEAM.match(text) is not None)


def are_people(text: str) -> bool:
    """Whether a short text is one personal name or a few, parted by spaces or commas, and nothing else."""
    if len(text) > 32 or _LISTED_NAMES.match(text) is None:
        return False
    names = _SPLIT.split(_SINGLES.sub(r"\1\2", _SINGLES.sub(r"\1\2", text)))
    return any(is_person(name) for name in names) and all(is_person(name) or len(name) in (2, 3) for name in names)


def is_author_note(text: str) -> bool:
    """Whether a text in brackets says nothing but who the author is (``（作者单位：县委党校）``)."""
    return _AUTHOR_NOTE.match(text) is not None


def is_byline(text: str) -> bool:
    """Whether a whole line does nothing but name authors or photographers."""
    if text[:1] in "【[" and (lead := FILED_LEAD.match(text)) is not None:
        text = text[lead.end() :]
    if text[:1] in "(（" and _AUTHOR_NOTE.match(text):
        return True
    if not text or len(text) > 80 or text[-1] in "。，；：、！？,;:":
        return False
    if (MARKED.match(text) and not is_lead(text)) or AUTHOR.match(text) or is_photo_credit(text):
        return True
    if (text[0] in "文图" and _WRITTEN_BY.match(text)) or (text[-1] in _WROTE_ENDS and _WROTE.match(text)):
        return True
    signed = text[0] in "文图摄" or _BYLINE_MARK.search(text) is not None or _ROLE_SIGN.search(text) is not None
    if not signed or BYLINE.match(text) is None:
        return False
    # ``记者走基层`` is a column label: what follows the role must read as a name.
    names = authors(text)
    return not names or any(is_person(name) for name in names) or bool(re.search(r"\s", text))


def is_photo_credit(text: str) -> bool:
    """Whether a whole line names a photographer (``本报记者 李明 摄``, ``摄影：李明``)."""
    if text[-1:] not in _PHOTO_ENDS and text[:1] not in _PHOTO_STARTS:
        return False
    hit = PHOTO.match(text) or _PHOTO_LEAD.match(text)
    return hit is not None and hit.start("who") <= 1


def trailing_photo(text: str) -> tuple[int, int] | None:
    """Where a caption's photographer stands at the end of a paragraph, if one does."""
    tail = text[-64:]
    if text[-1:] not in _PHOTO_ENDS and "摄" not in tail and "图" not in tail:
        return None
    base = len(text) - len(tail)
    taken = tail.rstrip().rstrip(")）").rstrip()[-1:] in _TAKEN_ENDS
    led = ("摄" in tail or "图" in tail) and any(mark in tail for mark in ":：/／")
    for pattern in (*((PHOTO,) if taken else ()), *((_PHOTO_LEAD,) if led else ())):
        hit = pattern.search(tail)
        if hit is not None and hit.start("who") + base > 0:
            return hit.start("who") + base, hit.end("who") + base
    return None


def trailing_signature(text: str) -> tuple[int, int] | None:
    """Where names in brackets close a paragraph, if they do."""
    if text[-1:] not in ")）":
        return None
    tail = text[-80:]
    hit = SIGNATURE.search(tail)
    if hit is None:
        return None
    inside = hit.group("who")[1:-1]
    if not re.search(ROLE, inside) and not authors(inside, strict=True):
        return None
    base = len(text) - len(tail)
    return hit.start("who") + base, hit.end("who") + base


def dateline(text: str) -> int | None:
    """Where the dateline that opens a paragraph ends (0 for a bare ``记者X报道：``), ``None`` if none does."""
    hit = DATELINE.match(text) if "讯" in text or "电" in text else None
    if hit is not None:
        return hit.end()
    hit = _PLAIN_OPENING.match(text) if "报道" in text or "报导" in text or text[:1] in "〔【" else None
    return hit.start(hit.lastgroup or "who") if hit else None


def dateline_byline(text: str, end: int) -> tuple[int, int] | None:
    """Where the people named right after a dateline stand (``end`` is the dateline's length)."""
    hit = _DATELINE_PEOPLE.match(text, end)
    if hit is None:
        return None
    group = next(name for name in ("bracket", "plain", "filed", "spaced") if hit.group(name))
    start, stop = hit.span(group)
    if (
        group == "plain"
        and (where := _CITY_END.search(text, start, stop)) is not None
        and is_person(text[where.start("who") : where.end("who")])
    ):
        stop = where.end("who")
    return start, stop


def _without_work(text: str) -> str:
    """A byline without the kind of work at its end."""
    return _TAIL_WORK.sub("", text) if text.rstrip()[-1:] in _TAIL_ENDS else text


def authors(text: str, *, strict: bool = False) -> tuple[str, ...]:
    """Personal names in a byline, in order, each once.

    ``strict`` keeps only names that open with a known surname or carry a middle dot.
    """
    body = text.strip()
    if body[:1] in "(（" and body[-1:] in ")）":
        body = body[1:-1]
    if spaced(body):
        body = _WROTE_END.sub("", _SINGLES.sub(r"\1\2", _FROM_WHERE.sub("", body)))
        body = _WORK_LEAD.sub("", body)
    body = _OFFICE.sub("", _ROLES.sub(" ", body))
    if "文" in body and _SHARED_WORK.search(body) and re.search(r"文[\s、，,]", body):
        body = _SHARED_WORK.sub("", body)
    body = _without_work(body)
    if any(mark in body for mark in "摄文图稿"):
        body = _MID_WORK.sub(" ", body)
    if spaced(body):
        body = _SINGLES.sub(r"\1\2", _SINGLES.sub(r"\1\2", body))
    out: list[str] = []
    for part in _SPLIT.split(body.strip(" 　()（）:：")):
        name = _without_work(part) if len(part) > 2 else part
        if not _PERSON.match(name) or _NOT_PEOPLE.search(name) or name in out:
            continue
        if strict and not is_person(name):
            continue
        out.append(name)
    return tuple(out)
