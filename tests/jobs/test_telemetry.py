"""What machines are told of a run: the textfile, the spans, the log, and one report for several workers."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bench import faults
from bench.compose import write_archive
from pipeline.cli.common import log_to
from pipeline.config import Config
from pipeline.errors import ExitCode
from pipeline.jobs.archive import ArchiveRun, Options
from pipeline.jobs.ledger import Ledger, RunEntry, WorkState
from pipeline.jobs.local import Shown, desk, ledger_path, run_archive
from pipeline.jobs.report import contents
from pipeline.jobs.stopping import Stop
from pipeline.jobs.telemetry import Metrics, Tracing
from pipeline.outcome import Outcome, State
from pipeline.session import Session

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(path: Path) -> Figures:
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def test_the_textfile_counts_what_the_run_did(archive: Path, config: Config, tmp_path: Path) -> None:
    (archive / "bad.txt").write_bytes(b"no Chinese here")
    path = tmp_path / "metrics" / "pipeline.prom"
    result = run_archive(archive, config, tmp_path / "out", Options(), stop=Stop(), shown=Shown(), metrics=path)
    found = figures(path)
    assert found["pipeline_issues_total", (("state", "done"),)] == 8
    assert found["pipeline_issues_total", (("state", "failed"),)] == 1
    assert found["pipeline_issues_total", (("state", "left"),)] == 0
    assert found["pipeline_findings_total", ()] == result.findings
    assert found["pipeline_issue_seconds_count", ()] == 8
    assert found["pipeline_issues_in_work", ()] == 0
    with Ledger(ledger_path(tmp_path / "out")) as ledger:
        (run,) = ledger.runs()
        assert found["pipeline_source_bytes_total", ()] == run.bytes
        assert sum(found["pipeline_tokens", (("kind", k),)] for k in ("prompt", "output")) == run.tokens
    assert found["pipeline_run_exit_code", ()] == ExitCode.DONE
    assert found["pipeline_last_progress_time_seconds", ()] >= found["pipeline_run_start_time_seconds", ()]


def test_a_workers_figures_stand_in_a_file_of_their_own_under_its_number(config: Config, tmp_path: Path) -> None:
    with Session(config, tmp_path / "out") as session:
        for number in (0, 1):
            metrics = Metrics(tmp_path / "p.prom", session, worker=number)
            # On Ray an issue's beginning is not told.
            metrics.closed(Outcome(path="a", state=State.DONE, fingerprint="f"))
            metrics.end(0)
    assert not (tmp_path / "p.prom").exists()
    one, two = figures(tmp_path / "p-0.prom"), figures(tmp_path / "p-1.prom")
    assert one["pipeline_issues_total", (("state", "done"), ("worker", "0"))] == 1
    assert one["pipeline_issues_in_work", (("worker", "0"),)] == 0
    assert not one.keys() & two.keys()


def test_a_run_that_breaks_leaves_its_exit_code(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "p.prom"
    with pytest.raises(RuntimeError), desk(config, tmp_path / "out", "test", Shown(), metrics=path):
        assert not path.exists()
        raise RuntimeError("planted")
    assert figures(path)["pipeline_run_exit_code", ()] == ExitCode.INTERNAL


def test_one_span_an_issue(archive: Path, config: Config, tmp_path: Path) -> None:
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="the otel extra is not installed")
    from opentelemetry.trace import StatusCode

    (archive / "bad.txt").write_bytes(b"no Chinese here")
    exporter = memory.InMemorySpanExporter()
    with desk(config, tmp_path / "out", "test", Shown()) as d, Tracing(exporter) as tracing:
        d.watcher.all.append(tracing)
        outcomes = list(ArchiveRun(archive, d.session, d.ledger, Options()).outcomes(d.watcher, Stop()))
    spans = {s.attributes["issue.label"]: s for s in exporter.get_finished_spans()}
    assert set(spans) == {o.path for o in outcomes}
    for outcome in outcomes:
        span = spans[outcome.path]
        assert span.name == "issue"
        assert span.attributes["issue.state"] == outcome.state
        assert span.attributes["issue.findings"] == outcome.findings
        assert outcome.source is not None
        assert span.attributes["issue.bytes"] == outcome.source.size
        failed = outcome.state is State.FAILED
        assert (span.status.status_code is StatusCode.ERROR) is failed
        assert [e.name for e in span.events] == ([] if failed else ["cut"])
        assert span.end_time >= span.start_time
    assert {o.state for o in outcomes} == {State.DONE, State.FAILED}


@pytest.fixture
def quiet_logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("pipeline")
    before = list(logger.handlers), logger.level, logger.propagate
    yield logger
    for handler in set(logger.handlers) - set(before[0]):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(before[1])
    logger.propagate = before[2]


def test_each_line_of_the_log_is_one_object(quiet_logger: logging.Logger, tmp_path: Path) -> None:
    path = log_to(tmp_path, as_json=True, name="worker-1")
    assert path.name == "worker-1.log"
    quiet_logger.getChild("line").info("wrote %s\nand “more”", "青禾日报")
    try:
        raise ValueError("planted")
    except ValueError:
        quiet_logger.exception("broke")
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first["message"] == "wrote 青禾日报\nand “more”"
    assert (first["level"], first["logger"]) == ("INFO", "pipeline.line")
    assert {"time", "process"} <= first.keys()
    assert "ValueError: planted" in second["exc_info"]


def test_workers_parts_are_one_run(tmp_path: Path) -> None:
    """Also where one worker was killed and another took its place."""
    from pipeline.jobs.ledger import Entry

    def entry(number: int, run: int, state: WorkState) -> Entry:
        name = str(number)
        return Entry(
            fingerprint=name, slug=name, label=name, name=name, sha256=name, size=100, shape="s", state=state, run=run, seconds=number
        )

    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        whole = ledger.begin("archive, 2 workers", "host", 1)
        parts = []
        for how in ("ended", "", "ended"):
            parts.append(ledger.begin("archive", "host", 2, part_of=whole))
            if how:
                ledger.end(how, done=2, failed=1, tokens=50, engine_seconds=2.0, seconds=9.0)
        for number, run in enumerate(parts):
            ledger.put(entry(2 * number, run, WorkState.DONE))
            ledger.put(entry(2 * number + 1, run, WorkState.DONE if number else WorkState.FAILED))
        ledger.run = whole
        ledger.end_whole("ended", 12.5)
        (run,) = ledger.runs()
        assert run == RunEntry(
            id=whole,
            command="archive, 2 workers",
            host="host",
            pid=1,
            started=run.started,
            ended=run.ended,
            how="ended",
            seconds=12.5,
            bytes=500,
            done=5,
            failed=1,
            tokens=100,
            engine_seconds=4.0,
        )
        shown = contents(ledger, run)
    assert [e.fingerprint for e in shown["slowest"]] == ["5", "4", "3", "2", "0"]


@pytest.mark.slow
def test_two_workers_write_one_report_and_a_textfile_each(tmp_path: Path) -> None:
    archive, out = tmp_path / "in", tmp_path / "out"
    write_archive(archive, 40, articles=1)
    more = ("--workers", "2", "--metrics", str(tmp_path / "p.prom"), "--log-format", "json")
    done = subprocess.run(faults.command(archive, out, *more), cwd=faults.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in faults.FINE
    (report,) = (out / ".work" / "reports").iterdir()
    assert report.name in done.stdout
    with Ledger(ledger_path(out)) as ledger:
        (run,) = ledger.runs()
        assert run.done == 40
        assert len(list(ledger.entries(run=run.id))) == 40
    both = [figures(tmp_path / f"p-{n}.prom") for n in (0, 1)]
    assert sum(f["pipeline_issues_total", (("state", "done"), ("worker", str(n)))] for n, f in enumerate(both)) == 40
    lines = [line for n in (0, 1) for line in (out / ".work" / f"worker-{n}.log").read_text(encoding="utf-8").splitlines()]
    assert sum("wrote" in json.loads(line)["message"] for line in lines) == 40
    assert (out / "index.html").exists()
    limited = tmp_path / "limited"
    assert faults.finish(archive, limited, "--workers", "2", "--limit", "5") in faults.FINE
    assert 0 < len(faults.bundles(limited)) <= 5
