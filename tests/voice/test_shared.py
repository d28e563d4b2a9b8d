"""What job processes share: made once, and good for whatever a manager has written."""

from __future__ import annotations

import pytest

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.voice import scripts as module
from voyaltis_flow.voice import shared


def test_a_job_finds_the_scripts_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    shared.scripts()
    monkeypatch.setattr(module, "load_script", None)
    assert shared.scripts().get("event_debrief").flow.flow == "event_debrief"


def test_a_rehearsal_makes_what_a_first_turn_would() -> None:
    found = shared.scripts().get("shop_visit")
    script = CompiledScript(found.flow, found.style, found.index, found.reader)
    shared.rehearse(script, "2 OK.")
    assert {"wire_schema", "hash"} <= script.__dict__.keys()


def test_a_rehearsal_that_fails_keeps_no_worker_from_starting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Conversation, "open", None)
    shared.scripts.cache_clear()
    assert shared.scripts().flows
    assert "rehearsal_failed: event_debrief: TypeError" in caplog.text
    shared.scripts.cache_clear()
