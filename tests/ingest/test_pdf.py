"""The PDF door: columns in reading order, spans into the text, a clear error for what cannot be read."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pipeline.cli import main
from pipeline.config import IngestConfig, SegmentConfig
from pipeline.errors import (
    DamagedFileError,
    EncryptedFileError,
    ExitCode,
    InputError,
    MissingExtraError,
    NoTextLayerError,
    PipelineError,
    TooLargeError,
)
from pipeline.ingest import from_bytes
from pipeline.records import Issue, decode, encode
from pipeline.segment import segment
from tests.ingest.pdfs import FONT, column, draw, put
from tests.segment.compare import check_laws, squeeze

ONE = (
    "本报讯（记者 李明）入冬以来，清河县把粮食烘干服务送到田头，三座烘干塔日夜不停，每天能烘玉米四百吨。",
    "“往年遇上阴雨，粮食堆在院里发愁，今年打个电话车就来了。”石桥镇农民赵卫国说。",
    "县农业农村局介绍，全县烘干能力已经达到每天1200吨，服务农户3.5万户。",
)
TWO = (
    "一条旧铁路穿过云岭县城，十年没有火车经过，枕木间长满了草。",
    "去年春天，县里把它改成步道，铁轨留着，路灯做成信号灯的样子，傍晚总有人沿着它散步。",
    "退休扳道工孙德福每天都来，他给孩子们讲过去怎样听汽笛辨车次。",
)
THREE = ("遗失声明：白杨市金谷粮油商店公章一枚遗失，编号6500，声明作废。",)


def stack(canvas: Canvas, x: float, y: float, paragraphs: tuple[str, ...], cut: int) -> None:
    """Two columns of one article, ``cut`` lines in the first."""
    lines = [line for p in paragraphs for line in column(p, 18)]
    put(canvas, x, y, lines[:cut])
    put(canvas, x + 196, y, lines[cut:])


def newspage(canvas: Canvas) -> None:
    put(canvas, 40, 800, ["2026年11月3日　星期二　第2版　清河日报"], size=8)
    put(canvas, 60, 750, ["烘干塔建到田埂上"], size=26)
    stack(canvas, 40, 710, ONE, 5)
    put(canvas, 60, 560, ["旧铁路长出新风景"], size=22)
    put(canvas, 300, 560, ["□本报记者 周雨"], size=10)
    stack(canvas, 40, 520, TWO, 4)
    put(canvas, 440, 710, column(THREE[0], 12), size=10)


def read(data: bytes, **config: int) -> Issue:
    return from_bytes("page.pdf", data, IngestConfig(**config))  # type: ignore[arg-type]


def test_columns_come_one_after_the_other_and_lines_stand_as_they_stand() -> None:
    issue = read(draw(newspage))
    assert (issue.source.door, issue.source.undecodable) == ("pdf", 0)
    text = squeeze(issue.text)
    for article in (ONE, TWO, THREE):
        assert squeeze("".join(article)) in text
    order = [text.index(squeeze(part)) for part in ("星期二", "烘干塔建到", ONE[0], "旧铁路长出", "周雨", TWO[0])]
    assert order == sorted(order)
    assert "烘干塔建到田埂上\n" in issue.text
    assert "　　“往年遇上阴雨" in issue.text
    assert [issue.text[r.span.start : r.span.end] for r in issue.regions] == ["烘干塔建到田埂上", "旧铁路长出新风景"]
    assert decode(encode(issue), Issue) == issue


def test_a_page_is_cut_into_its_articles() -> None:
    issue = read(draw(newspage))
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    units = {u.headline.text: [squeeze(p.text) for p in u.paragraphs] for u in made.units if u.headline is not None}
    assert units["烘干塔建到田埂上"][:3] == squeeze(list(ONE))
    assert units["旧铁路长出新风景"] == squeeze(list(TWO))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_reads_like_an_upright_one(turn: int) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(*{0: (0, 0), 90: (600, 0), 180: (600, 850), 270: (0, 850)}[turn])
        canvas.rotate(turn)
        canvas.scale(0.7, 0.7)
        newspage(canvas)

    assert read(draw(page)).text == read(draw(newspage)).text


def test_pages_are_parted_by_form_feeds() -> None:
    issue = read(draw(newspage, lambda c: None, newspage))
    assert issue.text.count("\f") == 2
    assert issue.text.split("\f")[0] == issue.text.split("\f")[2]
    assert [issue.text[r.span.start : r.span.end] for r in issue.regions][2:] == ["烘干塔建到田埂上", "旧铁路长出新风景"]


def test_upright_spread_and_doubled_headlines() -> None:
    def page(canvas: Canvas) -> None:
        for i, char in enumerate("古渡新声"):
            put(canvas, 500, 780 - 30 * i, [char], size=24)
        for i, char in enumerate("夜校亮灯"):
            put(canvas, 60 + 50 * i, 780, [char], size=24)
        for shift in (0, 0.4):
            put(canvas, 60 + shift, 700, ["丰收时节"], size=24)
        put(canvas, 60, 660, [line for p in TWO for line in column(p, 20)])

    lines = read(draw(page)).text.split("\n")
    assert "古渡新声" in lines
    assert "夜 校 亮 灯" in lines
    assert lines.count("丰收时节") == 1


def test_rows_drawn_across_the_columns_are_put_right() -> None:
    """Some programs write a page row by row, not column by column."""

    def page(canvas: Canvas) -> None:
        one, two = ([line for p in article for line in column(p, 18)] for article in (ONE, TWO))
        for i in range(max(len(one), len(two))):
            for x, lines in ((40, one), (240, two)):
                put(canvas, x, 700 - 15 * i, lines[i : i + 1])

    text = squeeze(read(draw(page)).text)
    assert squeeze("".join(ONE)) + squeeze("".join(TWO)) == text


def test_a_file_with_a_password_says_so() -> None:
    with pytest.raises(EncryptedFileError) as caught:
        read(draw(newspage, encrypt=StandardEncryption("secret", ownerPassword="owner", strength=128)))
    assert "password" in caught.value.hint
    # A file that only forbids printing opens without one.
    assert read(draw(newspage, encrypt=StandardEncryption("", ownerPassword="owner", canPrint=0))).text == read(draw(newspage)).text


def test_pictures_and_empty_pages_have_no_text_layer() -> None:
    def picture(canvas: Canvas) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "white")), 0, 0, 600, 850)

    with pytest.raises(NoTextLayerError, match="pictures") as caught:
        read(draw(picture))
    assert "ocrmypdf" in caught.value.hint
    with pytest.raises(NoTextLayerError, match="no text"):
        read(draw(lambda c: None))


def test_damage_and_size() -> None:
    whole = draw(newspage)
    for data in (b"%PDF-1.7 ...", whole[:200], b"%PDF-1.4\n" + bytes(range(256)) * 20):
        with pytest.raises(DamagedFileError):
            read(data)
    with pytest.raises(TooLargeError, match="3 pages"):
        read(draw(newspage, newspage, newspage), max_pages=2)
    with pytest.raises(TooLargeError):
        read(whole, max_bytes=100)
    assert read(b"\xef\xbb\xbf\n" + whole).source.door == "pdf"


def test_fonts_without_characters_are_named() -> None:
    data = draw(newspage).replace(b"UniGB-UCS2-H", b"Identity-H\x20\x20").replace(b"/GB1", b"/Idt")
    with pytest.raises((DamagedFileError, InputError)) as caught:
        read(data)
    assert caught.value.hint


def test_without_the_extra_the_command_that_installs_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingExtraError) as caught:
        read(draw(newspage))
    assert "[pdf]" in caught.value.hint


def test_the_command_line_names_the_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.pdf").write_bytes(draw(newspage))
    (tmp_path / "bad.pdf").write_bytes(draw(newspage)[:300])
    assert main(["segment", str(tmp_path / "good.pdf")]) == ExitCode.DONE
    assert "烘干塔建到田埂上" in capsys.readouterr().out
    assert main(["segment", str(tmp_path / "bad.pdf")]) == ExitCode.INPUT
    assert "damaged PDF" in capsys.readouterr().err


def _mutated(data: bytes, rnd: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rnd.randint(1, 12)):
        a, b = sorted(rnd.randrange(len(out)) for _ in range(2))
        how = rnd.randrange(3)
        if how == 0:
            out[a] = rnd.randrange(256)
        elif how == 1:
            del out[a : min(b, a + 40)]
        else:
            out[a:a] = out[a : min(b, a + 40)]
    return bytes(out)


def test_mutated_files_are_read_or_refused() -> None:
    whole = draw(newspage)
    read_well = 0
    for seed in range(120):
        try:
            issue = read(_mutated(whole, random.Random(seed)))
        except PipelineError as exc:
            assert exc.hint
        else:
            check_laws(issue, segment(issue, SegmentConfig()))
            read_well += 1
    assert read_well > 20


def test_the_font_is_the_standard_one() -> None:
    assert FONT.encode() in draw(newspage)
