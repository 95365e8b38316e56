"""Many words found in one pass: what is found, where, and that no text is too odd to be searched."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.terms.wordfinder import WordFinder

WORDS = st.text("昌吉市州ab𠀀", min_size=1, max_size=4)
TEXT = st.text("昌吉市州ab𠀀", max_size=40)


@given(st.sets(WORDS, max_size=8), TEXT)
def test_every_word_at_every_place_in_code_points(words: set[str], text: str) -> None:
    found = WordFinder({word: word for word in sorted(words)}).find(text)
    places = {(at, at + len(word), word) for word in words for at in range(len(text)) if text.startswith(word, at)}
    assert set(found) == places
    assert len(found) == len(places)
    assert found == sorted(found, key=lambda hit: (hit[1], hit[0]))


@given(st.sets(WORDS, max_size=8), TEXT)
def test_the_longest_word_wins_and_the_search_goes_on_after_it(words: set[str], text: str) -> None:
    expected, at = [], 0
    while at < len(text):
        best = max((word for word in words if text.startswith(word, at)), key=len, default="")
        if best:
            expected.append((at, at + len(best), best))
        at += len(best) or 1
    assert WordFinder({word: word for word in sorted(words)}, longest=True).find(text) == expected


def test_half_a_surrogate_pair_is_passed_over() -> None:
    assert WordFinder({"昌吉": 1}).find("\ud800昌吉\udfff") == [(1, 3, 1)]


def test_no_words_find_nothing() -> None:
    assert WordFinder[int]({}).find("昌吉市") == []
