"""What machines are told of a run: a Prometheus textfile and OpenTelemetry spans."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pipeline import __version__
from pipeline.draft import Draft
from pipeline.errors import MissingExtraError
from pipeline.files import output_errors
from pipeline.outcome import Outcome, State, Watcher
from pipeline.session import Session

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from prometheus_client import CollectorRegistry, Metric

_EVERY_SECONDS = 15.0


class Metrics(Watcher):
    """Writes a textfile for the node exporter's textfile collector, whole at every write.

    Counters start at 0 with each run; ``pipeline_run_start_time_seconds`` tells runs apart.  A worker
    writes a file of its own, and every figure in it is labelled with its number.
    """

    def __init__(self, path: Path, session: Session, *, worker: int | None = None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._path = path if worker is None else path.with_stem(f"{path.stem}-{worker}")
        self._worker = worker
        self._session = session
        self._written = 0.0
        self._begun: set[str] = set()
        self._registry = CollectorRegistry()
        made: dict[str, Any] = {"registry": self._registry}
        self._issues = Counter("pipeline_issues", "Issues that left the run, by state.", ["state"], **made)
        self._findings = Counter("pipeline_findings", "Warnings and errors in the bundles written.", **made)
        self._bytes = Counter("pipeline_source_bytes", "Bytes of the issues whose bundles were written.", **made)
        self._seconds = Histogram(
            "pipeline_issue_seconds", "From taking an issue up to its bundle.", buckets=(1, 10, 60, 300, 900, 1800, 3600, 7200), **made
        )
        self._in_work = Gauge("pipeline_issues_in_work", "Issues in work.", **made)
        self._tokens = Gauge("pipeline_tokens", "Tokens of this run.", ["kind"], **made)
        self._engine = Gauge("pipeline_engine_seconds", "Seconds the engine worked.", **made)
        self._heartbeat = Gauge("pipeline_last_progress_time_seconds", "When an issue last left the run.", **made)
        self._ended = Gauge("pipeline_run_exit_code", "Exit code of the run; -1 while it goes on.", **made)
        Gauge("pipeline_run_start_time_seconds", "When the run began.", **made).set_to_current_time()
        self._ended.set(-1)
        for state in State:
            self._issues.labels(state=state.value)

    def begun(self, draft: Draft, *, alone: bool) -> None:
        self._begun.add(draft.fingerprint)
        self._in_work.set(len(self._begun))

    def closed(self, outcome: Outcome) -> None:
        self._issues.labels(state=outcome.state.value).inc()
        # On Ray an issue's beginning is not told, only its end.
        self._begun.discard(outcome.fingerprint)
        self._in_work.set(len(self._begun))
        if outcome.state is State.DONE:
            self._findings.inc(outcome.findings)
            self._seconds.observe(outcome.seconds)
            self._bytes.inc(outcome.source.size if outcome.source else 0)
        self._heartbeat.set_to_current_time()
        if time.monotonic() - self._written > _EVERY_SECONDS:
            self.write()

    def end(self, code: int) -> None:
        """Write the last figures and the exit code."""
        self._ended.set(code)
        self.write()

    def write(self) -> None:
        """Replace the textfile.

        Raises:
            OutputError: its folder cannot be written.
        """
        from prometheus_client import write_to_textfile

        totals = self._session.totals
        for kind, number in (("prompt", totals.prompt_tokens), ("output", totals.output_tokens), ("cached", totals.cached_tokens)):
            self._tokens.labels(kind=kind).set(number)
        self._engine.set(totals.engine_seconds)
        with output_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_to_textfile(str(self._path), self._registry if self._worker is None else self._labelled())
        self._written = time.monotonic()

    def _labelled(self) -> CollectorRegistry:
        """The same figures, labelled with the worker: equal names in two files would be refused by the collector."""
        from prometheus_client import CollectorRegistry

        figures = list(self._registry.collect())
        for metric in figures:
            metric.samples = [s._replace(labels={**s.labels, "worker": str(self._worker)}) for s in metric.samples]
        labelled = CollectorRegistry(auto_describe=False)
        labelled.register(_Given(figures))
        return labelled


class _Given:
    """A collector of figures that are there already."""

    def __init__(self, figures: list[Metric]) -> None:
        self._figures = figures

    def collect(self) -> list[Metric]:
        return self._figures


class Tracing(Watcher):
    """One OpenTelemetry span an issue, with an event a stage.

    Where the spans go is set as OpenTelemetry says, by ``OTEL_EXPORTER_OTLP_ENDPOINT`` and its like.
    """

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        """Start a tracer; ``exporter`` overrides the OTLP one.

        Raises:
            MissingExtraError: OpenTelemetry is not installed.
        """
        try:
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor

            if exporter is None:
                from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

                exporter = OTLPSpanExporter()
        except ImportError:
            raise MissingExtraError("Tracing", "otel") from None
        self._provider = TracerProvider(resource=Resource.create({"service.name": "pipeline", "service.version": __version__}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("pipeline", __version__)
        self._spans: dict[str, Any] = {}

    def begun(self, draft: Draft, *, alone: bool) -> None:
        span = self._tracer.start_span("issue")
        span.set_attributes({"issue.label": draft.label, "issue.bytes": draft.source.size, "issue.fingerprint": draft.fingerprint})
        self._spans[draft.fingerprint] = span

    def cut(self, draft: Draft) -> None:
        self._spans[draft.fingerprint].add_event("cut", {"units": len(draft.units)})

    def closed(self, outcome: Outcome) -> None:
        from opentelemetry.trace import Status, StatusCode

        span = self._spans.pop(outcome.fingerprint, None)
        if span is None:
            return
        span.set_attribute("issue.state", outcome.state.value)
        span.set_attribute("issue.findings", outcome.findings)
        if outcome.state is State.FAILED:
            span.set_status(Status(StatusCode.ERROR, outcome.error))
        span.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # A collector that is away must not fail a night's work.
        with contextlib.suppress(Exception):
            self._provider.shutdown()
