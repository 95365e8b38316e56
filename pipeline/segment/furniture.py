"""Page furniture: what a page carries besides its articles.

Each pattern works on the matching text of a whole line.  ``classify`` names the kind of furniture;
the ledger and the bundle show it under that name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pipeline.segment.flow import ODD, Flow
from pipeline.segment.grams import Bools
from pipeline.segment.words import ADVERTISING, CONTACT_KEYS, IMPRINT_KEYS, PAPER_ENDINGS, SECTIONS, WEATHER

_NUM: Final = r"[0-9A-D一二三四五六七八九十]{1,4}"
_DATE: Final = r"(?:[12]\d{3}|[二〇○零一九八]{4})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日"
_WEEKDAY: Final = r"(?:星期|周|礼拜)[一二三四五六日天]"
_PAPER: Final = rf"[\u4e00-\u9fff]{{1,8}}(?:{PAPER_ENDINGS})(?:社)?"

_PAGE_NUMBER: Final = re.compile(
    rf"^[-—–·•\s./|]*(?:第\s?{_NUM}\s?[版页叠]|[A-D]?\d{{1,3}}\s?[版页]|[A-D]\d{{1,3}}|版次\s?[:：]?\s?{_NUM}|\d{{1,3}}\s?/\s?\d{{1,3}}|0\d|P\d{{1,3}}|[-—–·]\s?\d{{1,3}}\s?[-—–·])[-—–·•\s./|]*$"
)
_BARE_NUMBER: Final = re.compile(r"^\d{1,3}$")
_INSTALMENT: Final = re.compile(r"^[(（](?:\d{1,3}|未完待续|待续|未完|全文完|完)[)）]$")
"""The number of an instalment below its text, or that more follows."""

_RUNNING_HEAD: Final = re.compile(
    rf"^(?:[A-D]?\d{{1,3}}|第?\s?{_NUM}\s?版)\s?[版页]?\s?[·:：|/\s-]?\s?(?:{SECTIONS})$|^(?:{SECTIONS})\s?[·:：|/\s-]?\s?(?:第\s?{_NUM}\s?版|[A-D]?\d{{1,3}}\s?版?)$|^(?:{SECTIONS})$"
)
_CODE: Final = re.compile(r"[A-D]\s?\d")
_CODED_HEAD: Final = re.compile(r"^[\u4e00-\u9fff·/、]{2,10}\s+[A-D]\s?\d{1,2}\s?版?$|^[A-D]\s?\d{1,2}\s?版?\s+[\u4e00-\u9fff·/、]{2,10}$")
"""A section with the code of its page: ``民生·服务 A06``."""
_MASTHEAD_PART: Final = re.compile(
    rf"{_DATE}|{_WEEKDAY}|(?:农历|阴历|夏历)?\s?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?\s?[正一二三四五六七八九十冬腊闰]+月[初十廿三一二四五六七八九]+|农历[正一二三四五六七八九十冬腊闰]+月[初十廿三一二四五六七八九]+|"
    rf"[正一二三四五六七八九十冬腊]+月(?:初|十|廿|三十)[一二三四五六七八九十]?(?=\s|$)|"
    rf"第\s?{_NUM}\s?版|(?:总|复刊)?第\s?\d+\s?[期号]|总\s?\d+\s?期|今日\s?[\d一二三四五六七八九十]+\s?版|本期\s?\d+\s?版|(?:对开|四开)\s?[\d一二三四五六七八九十]+\s?版|"
    rf"国内统一(?:连续出版物|刊)号\s?[:：]?|(?:国内统一)?刊号\s?[:：]?|CN\s?\d{{2}}\s?[-—]\s?\d{{4}}(?:/\w+)?|ISSN\s?\d{{4}}-\d{{3}}[\dX]|\d{{2}}-\d{{4}}|邮发代号\s?[:：]?\s?\d+\s?[-—]\s?\d+|代号\s?[:：]?\s?\d+-\d+|"
    rf"(?:零售|定)价\s?[:：]?\s?[\d.]+\s?元|第?[A-D]?\d{{1,2}}版|(?:https?://)?(?:www\.)[\w./-]+|https?://[\w./-]+|[\w.+-]+@[\w.-]+\.\w+"
)
_MASTHEAD_STRONG: Final = re.compile(
    rf"{_DATE}|国内统一|CN\s?\d{{2}}|邮发代号|今日\s?[\d一二三四五六七八九十]+\s?版|(?:总)?第\s?\d+\s?期|{_WEEKDAY}"
)
_MASTHEAD_WORDS: Final = re.compile(
    rf"{_PAPER}|[A-Z][A-Za-z]*(?:\s[A-Z][A-Za-z]*)*"
    r"|(?:中共|中国共产党)?[\u4e00-\u9fff]{2,14}(?:委员会|委|宣传部|报社|传媒集团|融媒体中心)\s?(?:机关报|主管|主办|主管主办|出版)?"
    rf"|主\s?[管办]\s?[:：]?|主管主办|出版|机关报|星期|版|要闻|数字报|电子版|官方网站|网址|微信公众号|{SECTIONS}"
)
_IMPRINT_KEY: Final = rf"(?:(?:本[版报期]\s?)?(?:{IMPRINT_KEYS}|责\s编|编\s辑|校\s对))"
_IMPRINT: Final = re.compile(rf"^[■□●◆▲|\s]*{_IMPRINT_KEY}\s?[:：/／|]?\s?[\u4e00-\u9fff·]")
_IMPRINT_ONLY: Final = re.compile(
    rf"(?:{_IMPRINT_KEY})\s?[:：/／|]?\s?(?:[\u4e00-\u9fff]\s[\u4e00-\u9fff](?![\u4e00-\u9fff])|[\u4e00-\u9fff·]{{2,8}}?(?=[^\u4e00-\u9fff·]|$))(?:\s?[、，,\s]\s?(?!{_IMPRINT_KEY}|电话|热线|[\u4e00-\u9fff]{{0,2}}[邮信]箱)[\u4e00-\u9fff·]{{2,4}}(?![\u4e00-\u9fff]))*|[\s|/／、，,;；]+|(?:投稿|来稿|本版|联系|广告|新闻|读者|编辑部)?(?:电话|热线|邮箱|信箱|E-?mail|QQ)\s?[:：]?\s?[\w@.\-—()（）]+",
    re.I,
)
_IMPRINT_INSIDE: Final = re.compile(rf"\s{_IMPRINT_KEY}\s?[:：/／|]")
_HEAD_PART: Final = re.compile(rf"\b(?:{SECTIONS})\b|第?\s?{_NUM}\s?版|\b[A-D]?\d{{1,3}}\b|{_DATE}|{_WEEKDAY}|[\s|/·]+")
_CONTACT: Final = re.compile(rf"(?:{CONTACT_KEYS})\s?[:：号]", re.I)
_CONTACT_ALONE: Final = re.compile(
    r"^(?:投稿|来稿|来信|爆料|订阅|印刷|承印|发行)[\u4e00-\u9fff]{0,10}[:：]|^[\d\s、,，()（）-]{7,}$|^\S+@\S+\.\w+$"
)
_PAPER_LINE: Final = re.compile(rf"^{_PAPER}$|^《{_PAPER}》$")
_PAPER_DATED: Final = re.compile(rf"^《?{_PAPER}》?\s?[(（]?\s?{_DATE}.{{0,16}}$")
_VERSO: Final = r"(?:本报|今日)?\s?(?:第\s?)?[0-9A-D一二三四五六七八九十]{1,4}\s?[版页]"
_JUMP_LINE: Final = re.compile(
    rf"^[▶▷►>→☞◀◁◄<←\s]*[(（\[【]?\s?(?:(?:紧接|上接|下转|转接|接|转)\s?{_VERSO}[^。，()（）\[\]【】]{{0,14}}"
    r"|(?:紧接|上接|下转)\s?[0-9A-D一二三四五六七八九十]{1,3}"
    rf"|(?:相关|详细)?(?:报道|内容)?\s?(?:详)?见\s?{_VERSO})\s?[)）\]】]?[▶▷►>→☞◀◁◄<←\s]*$"
)
JUMP_TAIL: Final = re.compile(
    r"\s*[▶▷►>→☞\s]*[(（\[【]?\s?(?:紧接|下转|转)\s?(?:本报)?\s?第?\s?[0-9A-D一二三四五六七八九十]{1,4}\s?版[^。，]{0,8}?[)）\]】]?[▶▷►>→☞\s]*$"
)
JUMP_HEAD: Final = re.compile(
    r"^[◀◁◄<←\s]*[(（\[【]?\s?(?:紧接|上接|接)\s?(?:本报)?\s?第?\s?[0-9A-D一二三四五六七八九十]{1,4}\s?版[^。，()（）]{0,10}?[)）\]】]\s*"
)
_WEATHER_HEAD: Final = re.compile(r"^(?:[\u4e00-\u9fff]{0,8}(?:天气预报|天气|气象|气象预报|一周天气))$|^天气预报?[:：]?")
_WEATHER: Final = re.compile(WEATHER)
_AD_HEAD: Final = re.compile(r"^(?:分类)?(?:广告|公益广告|便民信息|分类信息|广\s告)[:：]?$|^(?:广告|公益广告)[·|]")
_AD_WORDS: Final = re.compile(rf"(?:{ADVERTISING})")
_DISCOUNT: Final = re.compile(r"[1-9](?:\.\d)?折")
_PHONE: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}\s?[-—]?\s?\d{7,8}|400[-—]?\d{3,4}[-—]?\d{3,4})(?!\d)")
_CONTROLS: Final = r"字[号体]\s?[:：]?|[大中小]|默认|打印(?:本[页稿文])?|关闭(?:窗口)?|分享(?:到|至)?|收藏|评论"
"""What a site sets to be pressed beside an article."""
_READS: Final = r"(?:浏览|阅读|点击|访问)\s?(?:次数|人数|量|数)?\s?[:：]?\s?"
_NAVIGATION: Final = re.compile(
    rf"^(?:{_CONTROLS}|[上下]一[版篇期页条][:：]?|返回(?:首页|目录|顶部|列表|上一页)?|版面导航|标题导航|版面概览|本版新闻|往期回顾|放大|缩小"
    r"|点赞|举报|微信|微博|朋友圈|QQ空间|扫一扫|手机(?:版|看报|阅读)?|PDF(?:版|下载)?|更多|\s|[|·＋+\-\[\]【】:：])+$"
)
"""What a paper's site sets about an article."""
_NAVIGATION_STARTS: Final = frozenset("上下返版标往放缩默打关字本分收点评举微朋扫手更【[")
_READERS: Final = re.compile(rf"{_READS}\d|(?:发布|更新|发稿|发表)(?:时间|日期|于)\s?[:：]|【打印】|【关闭】|字[号体]\s?[:：]")
"""A sign of the line that a site sets below a headline."""
_SITE_PART: Final = re.compile(
    r"(?:(?:发布|更新|发稿|发表)?(?:时间|日期|于)\s?[:：]?\s?)?\d{4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}\s?日?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
    rf"|{_READS}\d*\s?次?"
    r"|(?:来源|作者|编辑|责任编辑|记者)\s?[:：]\s?[\u4e00-\u9fff·]{2,12}"
    rf"|{_CONTROLS}|繁体|简体|[\s|｜/【】\[\]()（）:：,，·+-]"
)
_SOURCE: Final = ("来源", "稿件来源", "信息来源", "文章来源", "稿源")
_TRAIL: Final = re.compile(
    r"^(?:(?:您?(?:的|所在的?|现在的?)?(?:当前)?位置(?:是|为)?\s?[:：]?\s?)?[\u4e00-\u9fffA-Za-z0-9：:\s-]{1,20}?\s?[>＞»›]{1,2}\s?){2,}[^>＞»›。]{0,30}$|^您?(?:当前|所在|现在)的?位置\s?[:：]"
)
"""The trail of links to a page of a site (``首页 > 数字报 > 第3版``)."""
_TRAIL_MARK: Final = re.compile(r"[>＞»›]")
_DIGITS: Final = re.compile(r"\d\d\d")
_RULE: Final = re.compile(r"^[-—–─━═=＝_·•*＊~～…○●□■◆◇★☆▲△▼▽│|/\\\s]+$")


# Necessary conditions, far cheaper than the patterns that they stand before.
_INSTALMENT_STARTS: Final = frozenset("(（")
_PAGE_NUMBER_STARTS: Final = frozenset("-—–·•./|第版P0123456789ABCD")
_RUNNING_HEAD_STARTS: Final = frozenset({*"0123456789ABCD第", *(w[0] for w in SECTIONS.split("|"))})
_IMPRINT_STARTS: Final = frozenset({*"■□●◆▲|本责编校", *(w[0] for w in IMPRINT_KEYS.split("|"))})
_CONTACT_STARTS: Final = frozenset("投来爆订印承发0123456789、,，()（）-")
_MASTHEAD_SIGN: Final = re.compile(r"[年统C邮版期星周礼]")


_AD_STARTS: Final = frozenset("分广公便天")
_RULE_STARTS: Final = frozenset("-—–─━═=＝_·•*＊~～…○●□■◆◇★☆▲△▼▽│|/\\")
_RUNNING_HEAD_ENDS: Final = frozenset({*"0123456789版", *(w[-1] for w in SECTIONS.split("|"))})
_NAMED_ENDS: Final = frozenset("报刊社》气象")
_JUMP_STARTS: Final = frozenset("▶▷►>→☞◀◁◄<←(（[【紧上下转接相详报内见")
_SETS: Final = ("ABCD", "接转见", "年", "月", "日", "统邮星周拜", "C", "N", "今", "版", "第", "期", ":：@号", ">＞»›")


def may_be(flow: Flow) -> Bools:
    """Lines that may be furniture, by what every pattern of ``classify`` needs: where it is false ``classify`` finds nothing."""
    coded, turns, year, month, day, sign, c, n, today, version, number, issue, key, trail = flow.holding(_SETS)
    size, first, last = flow.size, flow.first_in, flow.last_in
    starts = _INSTALMENT_STARTS | _PAGE_NUMBER_STARTS | _RULE_STARTS | _NAVIGATION_STARTS | _AD_STARTS
    alone = first(starts) | (first(_RUNNING_HEAD_STARTS) & last(_RUNNING_HEAD_ENDS)) | last(_NAMED_ENDS) | coded
    dated = (year & month & day) | sign | (c & n) | (today & version) | (number & issue)
    keyed = (first(_IMPRINT_STARTS) & ~last("。，；！？:：")) | first(_CONTACT_STARTS) | key
    # Characters that few pages hold may be digits or white space.
    odd = flow.held & ODD != 0
    may: Bools = odd | ((size <= 24) & alone) | ((size <= 60) & ((first(_JUMP_STARTS) & turns) | trail)) | ((size <= 120) & (dated | keyed))
    return may


def classify(text: str) -> str:
    """Kind of furniture that a whole line is, or the empty string.

    ``bare_number`` and ``paper`` are weak: they count only where a line stands alone, ``instalment`` where it ends an item.
    """
    size = len(text)
    first = text[:1]
    if size <= 24:
        if first in _PAGE_NUMBER_STARTS and _PAGE_NUMBER.match(text):
            return "page_number"
        if first.isdigit() and _BARE_NUMBER.match(text):
            return "bare_number"
        if first in _INSTALMENT_STARTS and _INSTALMENT.match(text):
            return "instalment"
        if first in _RULE_STARTS and _RULE.match(text):
            return "rule"
        if ("报" in text or "刊" in text) and _PAPER_LINE.match(text):
            return "paper"
        if first in _NAVIGATION_STARTS and _NAVIGATION.match(text):
            return "navigation"
        if ("广" in text or "信息" in text) and _AD_HEAD.match(text):
            return "advertisement_head"
        if ("天气" in text or "气象" in text) and _WEATHER_HEAD.match(text):
            return "weather_head"
        if first in _RUNNING_HEAD_STARTS and _RUNNING_HEAD.match(text):
            return "running_head"
        if _CODE.search(text) and _CODED_HEAD.match(text):
            return "running_head"
    if size <= 60 and ("接" in text or "转" in text or "见" in text) and _JUMP_LINE.match(text):
        return "jump"
    if size <= 60 and _is_of_site(text):
        return "navigation"
    if size <= 120:
        dated = _MASTHEAD_SIGN.search(text) is not None
        if dated and _is_masthead(text):
            return "masthead"
        if first in _IMPRINT_STARTS and _is_imprint(text):
            return "imprint"
        if first not in _IMPRINT_STARTS and (":" in text or "：" in text) and _IMPRINT_INSIDE.search(text) and text[-1] not in "。，；！？":
            rest = _HEAD_PART.sub("", _IMPRINT_ONLY.sub(" ", text))
            if not rest.strip(" 　:："):
                return "imprint"
        if (first in _CONTACT_STARTS or "@" in text) and _CONTACT_ALONE.match(text):
            return "contact"
        if (":" in text or "：" in text or "号" in text) and _is_contact(text):
            return "contact"
        if dated and _PAPER_DATED.match(text):
            return "masthead"
    return ""


def _is_of_site(text: str) -> bool:
    """Whether a line is what a paper's site sets above or below an article: the trail of links to it, its date and its readers."""
    if _TRAIL_MARK.search(text) is not None:
        return _TRAIL.match(text) is not None
    if text.startswith(_SOURCE):
        return False  # a credit
    return (":" in text or "：" in text) and _READERS.search(text) is not None and not _SITE_PART.sub("", text)


def _is_imprint(text: str) -> bool:
    return _IMPRINT.match(text) is not None and text[-1] not in "。，；！？:：" and not _IMPRINT_ONLY.sub("", text).strip(" 　:：")


def _is_contact(text: str) -> bool:
    return len(_CONTACT.findall(text)) >= 2 or (_CONTACT.match(text) is not None and text[-1] not in "。，；！？")


def _is_masthead(text: str) -> bool:
    if _MASTHEAD_STRONG.search(text) is None:
        return False
    rest = _IMPRINT_ONLY.sub(" ", _MASTHEAD_PART.sub(" ", text))
    rest = _MASTHEAD_WORDS.sub(" ", rest)
    return len(re.sub(r"[\s\d:：|/／·•,，.。()（）《》—–-]+", "", rest)) <= max(1, len(text) // 12)


_SIGNED_DATE: Final = re.compile(rf"^{_DATE}$")


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else."""
    return _SIGNED_DATE.match(text) is not None


def is_weather(text: str) -> bool:
    """Whether a line reads as part of a weather forecast."""
    return len(_WEATHER.findall(text)) >= 2


def ad_scores(texts: Sequence[str]) -> list[int]:
    """How many signs of an advertisement each text shows."""
    out = [0] * len(texts)
    every = "\n".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    for pattern in (_AD_WORDS, _DISCOUNT):
        for hit in pattern.finditer(every):
            out[bisect_right(ends, hit.start())] += 1
    for i in {bisect_right(ends, hit.start()) for hit in _DIGITS.finditer(every)}:
        out[i] += len(_PHONE.findall(texts[i]))
    return out
