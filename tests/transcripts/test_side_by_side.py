"""Many transcripts, read twice: on many cores as on one, and as if the old flow had asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.project import Script, load_script
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.script.models import Flow
from voyaltis_flow.transcripts.lines import Said, Transcript, read_transcripts
from voyaltis_flow.transcripts.reading import as_asked, read
from voyaltis_flow.transcripts.side_by_side import Pair, Parts, changes_of

DEBRIEFS = Path(__file__).parents[1] / "data" / "debriefs" / "second-author-en.jsonl"


@pytest.fixture(scope="module")
def script() -> Script:
    return load_script("event_debrief")


@pytest.fixture(scope="module")
def debriefs() -> list[Transcript]:
    return [line.holds for line in read_transcripts(DEBRIEFS) if isinstance(line.holds, Transcript)]


def parts(script: Script, flow: Flow | None = None) -> Parts:
    return flow or script.flow, script.style, script.catalogs, script.hooks


def without(flow: Flow, point: str) -> Flow:
    left = tuple(each for each in flow.points if each.id != point)
    return flow.model_copy(update={"points": left})


def test_reading_without_a_responder_is_what_the_rules_leave(script: Script, debriefs: list[Transcript]) -> None:
    compiled = CompiledScript.compile(*parts(script))

    async def twice(transcript: Transcript) -> None:
        untold = as_asked(transcript, [""] * len(transcript.turns))
        assert await read(compiled, untold) == await read(compiled, untold, Rules())

    for transcript in debriefs[:12]:
        asyncio.run(twice(transcript))


def test_many_are_read_on_all_cores_with_the_same_changes_in_the_same_order(
    script: Script, debriefs: list[Transcript]
) -> None:
    old, new = parts(script), parts(script, without(script.flow, "customer_feedback"))
    alone = [*changes_of(old, new, debriefs)]
    assert any(alone)
    assert [*changes_of(old, new, debriefs * 2)] == alone * 2


def test_both_are_told_what_the_old_one_had_asked(script: Script) -> None:
    """A point that NEW asks first would else be answered by words that were said to another question."""
    turned = script.flow.model_copy(update={"points": tuple(reversed(script.flow.points))})
    pair = Pair.compile(parts(script), parts(script, turned))
    said = Transcript("a", "en", (Said("Two S25."), Said("They loved the screen.")), b"")
    assert pair.changes(said) == []
