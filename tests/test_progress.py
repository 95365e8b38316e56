"""What is said while a run goes on, where nobody watches a terminal."""

from __future__ import annotations

import pytest

from pipeline.cli import progress


def test_the_time_left_is_reckoned_from_the_stage_not_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    watch = progress.Watch()
    watch.stage("translate", 1)
    now[0] = 6000.0
    watch.job_done("translate")
    watch.stage("repair", 4)
    now[0] += 60.0
    watch.job_done("repair")
    assert "1/4" in (said := capsys.readouterr().err.splitlines()[-1])
    assert said.endswith("about 3 min left")
