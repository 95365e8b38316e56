"""The HTML door: what a reader sees becomes the issue's text."""

from __future__ import annotations

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import from_bytes
from pipeline.segment import segment
from tests.segment.compare import check_laws

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>第二版</title><style>p{color:red}</style></head><body>
<script>var a = "不可见的脚本";</script>
<div class="title"><h1>古渡口建成民俗馆</h1></div><div class="author">本报记者 李明</div>
<div id="content"><p>　　河面上起了雾，船头轻轻一点，水纹一圈圈荡开。</p>
<p>　　去年县里办起渡口民俗馆，请他当讲解员&nbsp;&ldquo;一个月能拿四百元工资&rdquo;。</p></div>
</body></html>"""


def test_blocks_become_lines_and_units() -> None:
    issue = from_bytes("page.html", PAGE.encode("gb18030"), IngestConfig())
    assert issue.source.door == "html"
    assert (issue.source.encoding, issue.source.encoding_how) == ("gb18030", "declared")
    assert "脚本" not in issue.text
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    assert len(made.units) == 1
    unit = made.units[0]
    assert unit.headline is not None
    assert unit.headline.text == "古渡口建成民俗馆"
    assert unit.authors == ("李明",)
    assert len(unit.paragraphs) == 2
