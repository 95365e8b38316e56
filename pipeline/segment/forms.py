"""Forms by which a single line shows what it is: captions, column labels, names of places, notices."""

from __future__ import annotations

import re
from typing import Final

from pipeline.segment.words import LABELS, PLACES

DASH: Final = re.compile(r"^(?:——|──|—|–|－－|--|━━|―)")
MARKED_LABEL: Final = re.compile(
    r"^(?:【[^】]{2,16}】|〖[^〗]{2,16}〗|\[[^\]]{2,16}\]|［[^］]{2,16}］|〔[^〕]{2,16}〕|[■●◆▶►★☆◎][^■●◆▶►★☆◎]{2,14}[■●◆◀◄★☆◎]?|[|｜][^|｜]{2,14}[|｜]?|《[^》]{2,14}》|[·•・][^·•・]{2,12}[·•・])$"
)
LABEL_MARKS: Final = re.compile(r"^[【〖\[［〔■●◆▶►★☆◎|｜·•・]\s*(?P<label>[^】〗\]］〕■●◆◀◄★☆◎|｜·•・]+?)\s*[】〗\]］〕■●◆◀◄★☆◎|｜·•・]?$")
"""A column label and the marks set about it."""
_LABEL_WORD: Final = re.compile(rf"(?:{LABELS})$")
_PLACE: Final = re.compile(
    rf"^(?:[\u3400-\u9fff]{{1,5}}?(?:自治区|自治州|自治县|省|市|县|区|州|盟|旗)){{0,2}}(?:[\u3400-\u9fff〇·]{{1,5}}?(?:{PLACES}))?[：: ]?$"
)
_NO_PLACE: Final = re.compile(r"[\u3400-\u9fff][强兴富进入下爱建]?(?<=[强兴富进入下爱建])[省市县区镇乡村]$")
"""``工业强市`` names an aim."""
_NOTICE: Final = re.compile(r"^.{0,26}(?:公告|通告|公示|启事|声明|通知|讣告|告示|告知书|通报|须知)$")
_CAPTION: Final = re.compile(
    r"^(?:▲|△|▼|◀|▶|[(（]?[①②③④⑤⑥⑦⑧⑨][)）]?)?\s?(?:图\s?[①②③④⑤⑥一二三四\d]{0,2}\s?[:：为]|(?:上|下|左|右|本|组|小|大|主|题)图[为:：是中]?|图片(?:为|说明)|照片为)|^[▲△▼]"
)
_DOCUMENT_NUMBER: Final = re.compile(r"^[(（]?[\u4e00-\u9fff]{2,16}\s?[〔\[(（【]?\d{4}[〕\])）】]?\s?(?:年)?\s?第?\s?\d{1,6}\s?号[)）]?$")
_SALUTATION: Final = re.compile(
    r"(?:各位|尊敬的|敬爱的|亲爱的|[同女先朋老战乡][志士生友师同][们]|编辑(?:同志|部|先生)?|记者同志)[^。，；“”]{0,24}[:：!！]$"
)
"""Whom a speech or a letter addresses, on a line of its own."""
_SEVERAL: Final = re.compile(
    r"(?:简讯|短讯|快讯|短波|要讯|动态|播报|速览|速递|集锦|撷英|多棱镜|一览|扫描|点击|要闻|一束|两则|三则|四则|五则|系列|荟萃|汇|快报|简报|掠影)$"
)
"""Labels that announce several items."""
_ADVICE: Final = re.compile(
    r"(?:提[示醒]|须知|贴士|要[点求领]|建议|措施|步骤|方法|办法|事项|[看亮特]点|链接|解读|问答|条件|对象|范围|时间|地点|名单|目录|规定|承诺|安排)$"
)
"""Lines above the points of one item."""
BULLETS: Final = frozenset("●■▲◆★◎○□△◇▪•·※♦")
_CAMPAIGN: Final = re.compile(
    r"新征程|新时代|新篇章|新局面|新作为|新发展|现代化|高质量|主题教育|二十[大届]|中国式|奋进|建功|踔厉|喜迎|学习贯彻|深化改革|再深化|再出发|乡村振兴|共同富裕|中国梦|在行动|开新局|谱新篇"
)
_LEAD: Final = re.compile(
    r"^[【\[（(■●◆▲◎□]?\s?(?:编者按|编者的话|编者|编后|开栏的话|开栏语|结束语|核心提示|阅读提示|内容提要|提要|导读|导语|引言|新闻背景|背景资料|背景链接|新闻链接|相关链接|知识链接|链接|延伸阅读|相关阅读|名词解释|记者手记|采访手记|点评|短评|小贴士)[】\]）)]?[:：]?$"
)
_PICTURES: Final = re.compile(
    r"^[【\[■●]?(?:图片新闻|图片报道|图片故事|图说\S{0,6}|图文快递|光影\S{0,6}|镜头\S{0,4}|影像\S{0,4}|摄影报道)[】\]]?$"
)
_PICTURED: Final = re.compile(r"^(?:(?:\d{1,2}月)?\d{1,2}日|近日|日前|连日来|初[春夏秋冬]|时下|眼下|盛夏|金秋|隆冬|初[春夏秋冬]时节)[，,]")
_TELLS: Final = re.compile(r"[\d“”：:？！?!]")
"""What headlines hold and column labels do not."""


# Necessary conditions, far cheaper than the patterns that they stand before.
_CAPTION_STARTS: Final = frozenset("▲△▼◀▶(（①②③④⑤⑥⑦⑧⑨图上下左右本组小大主题照 ")
_LABEL_STARTS: Final = frozenset("【〖[［〔■●◆▶►★☆◎|｜《·•・")
_LABEL_ENDS: Final = frozenset(word[-1] for word in LABELS.split("|"))
_PLACE_ENDS: Final = frozenset({*"省市县区州盟旗", *(word[-1] for word in PLACES.split("|"))})


def is_document_number(text: str) -> bool:
    """Whether a line is the number of an official document (``青自然资告字〔2024〕3号``)."""
    return text[-1] == "号" and _DOCUMENT_NUMBER.match(text) is not None


def is_salutation(text: str) -> bool:
    """Whether a line addresses the audience of a speech or the editor, and does nothing else."""
    return text[-1] in ":：!！" and _SALUTATION.match(text) is not None


def gathers(text: str) -> bool:
    """Whether a label announces several items (``简讯``)."""
    return _SEVERAL.search(text) is not None


def opens_series(label: str, one: str, other: str) -> bool:
    """Whether a line above two paragraphs that open with the same bullet is the label of several items, each with a bullet."""
    return one[0] in BULLETS and one[0] == other[0] and may_label(label) and _ADVICE.search(label) is None and not is_notice(label)


def is_caption(text: str) -> bool:
    """Whether a paragraph opens as captions do (``图为…``, ``上图：…``, ``▲…``)."""
    return text[:1] in _CAPTION_STARTS and _CAPTION.match(text) is not None


def is_notice(text: str) -> bool:
    """Whether a headline announces a notice (``停水公告``, ``遗失声明``)."""
    return _NOTICE.match(text) is not None and "“" not in text


def is_label(text: str) -> bool:
    """Whether a display line has the form of a column label."""
    marked = text[:1] in _LABEL_STARTS and MARKED_LABEL.match(text) is not None
    return marked or (len(text) <= 10 and text[-1:] in _LABEL_ENDS and _LABEL_WORD.search(text) is not None)


def is_slogan(text: str) -> bool:
    """Whether a line is a campaign's motto of two like clauses, under which papers gather reports (``奋进新征程 建功新时代``)."""
    clauses = text.split()
    return len(clauses) == 2 and len(clauses[0]) == len(clauses[1]) and not _TELLS.search(text) and _CAMPAIGN.search(text) is not None


def is_place(text: str) -> bool:
    """Whether a display line names a place or a body, and says nothing about it."""
    if not 2 <= len(text) <= 16 or (text[-2] if text[-1] in "：: " else text[-1]) not in _PLACE_ENDS:
        return False
    return _PLACE.match(text) is not None and _NO_PLACE.search(text) is None


def may_label(text: str) -> bool:
    """Whether a single line above other headings can be their column label: it has its form, or is short and tells no news."""
    return is_label(text) or (len(text) <= (24 if " " in text else 12) and not _TELLS.search(text))


def is_lead(text: str) -> bool:
    """Whether a line heads a part of an article that stands before it or beside it: ``编者按``, ``相关链接``."""
    return _LEAD.match(text) is not None


def heads_picture(label: str, text: str) -> bool:
    """Whether a line above a paragraph, with a photographer named below it, is a picture's label or title."""
    return is_picture_label(label) or (len(text) <= 160 and _PICTURED.match(text) is not None)


def is_picture_label(text: str) -> bool:
    """Whether a line is the label under which papers print pictures (``图片新闻``)."""
    return _PICTURES.match(text) is not None
