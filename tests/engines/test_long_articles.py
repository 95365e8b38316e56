"""Articles longer than a small mT5 reads: summarised in parts, and the parts' summaries again, on a real checkpoint."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.config import EngineConfig, SummariseConfig
from pipeline.decoding import Loop
from pipeline.engines import open_engine
from pipeline.engines.base import Engine, Reply
from pipeline.models.store import Store
from pipeline.records import Block, BlockKind, Summary, SummaryStatus, Unit, UnitKind
from pipeline.summarise.job import Desk, summarise
from tests.tiny_models.build import cached, mt5
from tests.tiny_models.corpus import SUMMARIES

WHOLE = "云岭县春耕展开，县医院免费体检，山火已被扑灭。"
SHORTER = "\n".join(short for _, short in SUMMARIES)
ARTICLE = Unit(
    id="a" * 16,
    kind=UnitKind.ARTICLE,
    blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=body, spans=(), sentences=()) for body, _ in SUMMARIES),
)


class Watch:
    """Keeps every reply."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        self.replies.append(reply)


def small_mt5(folder: Path) -> Path:
    """An mT5 that knows the parts and their summaries, with room for one part at a time."""
    made = cached("mt5-parts", lambda work: mt5(work, (*SUMMARIES, (SHORTER, WHOLE))))
    copy = Path(shutil.copytree(made, folder / "mt5"))
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    (copy / "config.json").write_text(json.dumps({**config, "n_positions": 64}), encoding="utf-8")
    return copy


def desk(engine: Engine) -> Desk:
    return Desk(
        family=engine.info.family,
        config=SummariseConfig(min_chars=20, shortest=20),
        limits=engine.limits,
        beam=4,
        check=lambda text, unit: (),
        support=lambda lines, unit: (),
        count_tokens=engine.count_tokens,
        signature="s",
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["transformers", "ctranslate2"])
def test_a_long_article_is_read_whole_by_a_model_with_a_small_limit(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELINE_MODELS", str(tmp_path / "models"))
    folder = small_mt5(tmp_path)
    engine = open_engine(EngineConfig(name=name, model=str(folder), threads=1), *Store().resolve(str(folder)))
    sizes = engine.count_tokens([*(body for body, _ in SUMMARIES), SHORTER])
    assert engine.limits.max_input_tokens == 63 and max(sizes) <= 63 < sum(sizes[:3])
    watch = Watch()
    loop: Loop[Summary] = Loop(engine, observer=watch)
    loop.submit("a", summarise(ARTICLE, desk(engine)))
    ((_, summary),) = loop.run()
    engine.close()
    assert (summary.status, summary.text, summary.findings) == (SummaryStatus.WRITTEN, WHOLE, ())
    assert {r.text for r in watch.replies} == {*(short for _, short in SUMMARIES), WHOLE}
    assert not any(r.input_cut for r in watch.replies)
