"""What is asked first, because it is cheap, never says no where the pattern behind it says yes."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.segment import forms, furniture, grams, people, sentences, stretch, wording
from pipeline.segment.lines import Line
from pipeline.segment.words import LABELS, PLACES, ROLES

_WORDS = [
    *"▲△图上下左组小①（(：:【】《》·■□◎ 　\n-—.．,，。！？!?…“”‘’「」\"'省市县区镇乡强市接转见版文摄道影稿译0123456789AbcZé٣",
    *(
        "图为",
        "上图",
        "照片为",
        "报道",
        "供图",
        "摄影",
        "文/图",
        "图/文",
        "王小明",
        "李 明",
        "欧阳雪",
        "县长",
        "报道组",
        "编辑部",
        "本报",
        "打折",
        "8.8折",
    ),
    *("13800138000", "0991-2345678", "e-sports", "GPT"),
    *LABELS.split("|"),
    *PLACES.split("|"),
    *ROLES.split("|"),
]
_TEXTS = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9).map(lambda parts: "".join(parts).strip()).filter(bool)


@settings(max_examples=600, deadline=None)
@given(_TEXTS)
def test_forms_and_people_are_found_as_their_patterns_find_them(text: str) -> None:
    line = text.replace("\n", " ").strip() or "字"
    assert forms.is_caption(line) == bool(forms._CAPTION.match(line))
    assert forms.is_label(line) == (bool(forms.MARKED_LABEL.match(line)) or (len(line) <= 10 and bool(forms._LABEL_WORD.search(line))))
    assert forms.is_place(line) == (2 <= len(line) <= 16 and bool(forms._PLACE.match(line)) and not forms._NO_PLACE.search(line))
    assert people.spaced(line) or not any(c.isspace() for c in line)
    assert people._without_work(line) == people._TAIL_WORK.sub("", line)
    hits = [hit for pattern in (people.PHOTO, people._PHOTO_LEAD) if (hit := pattern.search(line[-64:])) is not None]
    at = [hit.start("who") + max(0, len(line) - 64) for hit in hits]
    found = people.trailing_photo(line)
    assert (found is not None and found[0]) == next((a for a in at if a > 0), False)


@settings(max_examples=600, deadline=None)
@given(_TEXTS)
def test_patterns_that_open_with_a_set_find_what_the_plain_ones_find(text: str) -> None:
    def spans(pattern: str | re.Pattern[str]) -> list[tuple[int, int]]:
        return [hit.span() for hit in re.finditer(pattern, text)]

    assert spans(grams._WORD) == spans(r"[A-Za-z]{2,}|\d+(?:\.\d+)?")
    stop = r"(?<=[\u3400-\u9fff])[.．](?=\s|$)"
    assert spans(sentences._TOKEN) == spans(rf"[。！？!?]+|…+|[“”‘’（）()《》【】「」『』]|{stop}|\"")
    assert spans(sentences._END) == spans(rf"(?:[。！？!?]+|{stop}){sentences._CLOSERS.pattern}")
    clauses = r"[\u3400-\u9fff”’》]{2}\s{1,3}[\u3400-\u9fff“‘《]{2}"
    assert (wording._CLAUSE_SPACE.search(text) is None) == (re.search(clauses, text) is None)


@settings(max_examples=200, deadline=None)
@given(st.lists(_TEXTS, max_size=6))
def test_advertising_is_counted_text_by_text(texts: list[str]) -> None:
    patterns = (furniture._AD_WORDS, furniture._DISCOUNT, furniture._PHONE)
    assert furniture.ad_scores(texts) == [sum(len(pattern.findall(text)) for pattern in patterns) for text in texts]


@settings(max_examples=300, deadline=None)
@given(st.lists(_TEXTS.map(lambda text: text.replace("\n", "")).filter(lambda text: bool(text.strip())), min_size=1, max_size=5))
def test_latin_words_are_those_inside_lines(texts: list[str]) -> None:
    word = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
    hits = [(text, hit) for text in texts for hit in word.finditer(text)]
    inside = {hit.group().lower() for text, hit in hits if hit.start() > 0 and hit.end() < len(text.rstrip("-"))}
    split = any(text[-1].isascii() and (text[-1].isalpha() or text[-1] == "-") for text in texts)
    assert stretch.latin_words(texts) == (inside if split else frozenset())


def test_a_line_that_is_all_of_a_piece_is_taken_whole() -> None:
    def line(text: str, offsets: tuple[int, ...] | None = None) -> Line:
        return Line(5, 5 + len(text), text, offsets, 2 * len(text), 0, 0, 0)

    assert stretch.display(line("清河新闻")).pieces == [(0, 5, 4)]
    spread = stretch.display(line("清 河 新 闻"))
    assert (spread.text, spread.pieces) == ("清河新闻", [(0, 5, 1), (1, 7, 1), (2, 9, 1), (3, 11, 1)])
    torn = stretch.display(line("清河", (5, 7)))
    assert torn.pieces == [(0, 5, 1), (1, 7, 1)]
