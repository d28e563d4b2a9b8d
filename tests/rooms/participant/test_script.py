"""A scripted call on a real server, with an agent that does what the test tells it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.rooms.participant.scripted import SOON, Meeting, ScriptedAgent, meeting, tone
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import (
    Line,
    NoAgent,
    Overdue,
    Patience,
    Refused,
    Report,
    Script,
    timings,
    turns,
)
from voyaltis_flow.rooms.protocol import Announcement

HASTY = Patience(agent=SOON, opening=SOON, reply=SOON, progress=0.5, breath=0.05, closing=0.5, report=SOON)
WORD = 0.25
"""Seconds of a line, and of an answer."""


def line(text: str, point: str | None = None) -> Line:
    return Line(text, point, tone(WORD))


class Debrief:
    """An agent that asks one thing after the other, and then gives its report."""

    def __init__(self, met: Meeting, questions: Sequence[str | None]) -> None:
        self._met, self._questions = met, questions
        self.report = json.dumps({"sales": {"ph-s25": 2}})

    async def held(self) -> None:
        agent = await self._met.agent()
        for place, question in enumerate(self._questions):
            if place:
                await self._was_said(place)
                await agent.hears("rep", f"u{place}", ["deux", "deux S25"])
            await self.asks(agent, place, question)
        await self.closes(agent)

    async def asks(self, agent: ScriptedAgent, place: int, question: str | None) -> None:
        await agent.says(f"s{place}", ["Et ", f"{question} ?"])
        await agent.speaks(WORD)
        await agent.sends("voyaltis.progress", {"asked": question})

    async def closes(self, agent: ScriptedAgent) -> None:
        announced = Announcement.of("c1", self.report.encode())
        await agent.reports(self.report, announced)
        await agent.announces("rep", announced)

    async def _was_said(self, number: int) -> None:
        said = self._met.rep.said
        await self._met.rep.until(lambda: len(said) == number and said[-1].ended, SOON, f"line {number} is not said")


async def call(met: Meeting, lines: Sequence[Line], patience: Patience = HASTY) -> tuple[Script, Report]:
    script = Script(met.rep, lines, "voyaltis", "fr", patience)
    return script, await script.run()


@asynccontextmanager
async def beside(acting: Awaitable[None]) -> AsyncIterator[None]:
    """Has an agent act meanwhile; what goes wrong with it fails the test."""
    task = asyncio.ensure_future(acting)
    try:
        yield
        await asyncio.wait_for(task, SOON)
    finally:
        task.cancel()


async def test_each_line_is_given_when_it_is_due_and_the_report_ends_the_call(livekit: Livekit) -> None:
    lines = [line("Ravis.", "customer_feedback"), line("Bon."), line("Deux S25.", "sales"), line("Jamais dit.")]
    async with meeting(livekit) as met, beside(Debrief(met, ["sales", "which:tv", "customer_feedback", None]).held()):
        script, report = await call(met, lines, replace(HASTY, progress=SOON, breath=0.5))
        assert report.document == {"sales": {"ph-s25": 2}}
        told = turns(met.rep, script.exchanges)
    assert [(turn.asked, turn.said) for turn in told] == [
        (None, None),
        ("sales", "Deux S25."),
        ("which:tv", "Bon."),
        ("customer_feedback", "Ravis."),
    ]
    assert [turn.heard for turn in told][:3] == ["Et sales ?", "Et which:tv ?", "Et customer_feedback ?"]
    assert [turn.recognised for turn in told] == ["", *["deux S25"] * 3]


async def test_how_long_the_rep_heard_nothing_is_told(livekit: Livekit) -> None:
    async with meeting(livekit) as met, beside(Debrief(met, ["sales", None]).held()):
        script, _ = await call(met, [line("Deux S25.")])
        opening, answer = turns(met.rep, script.exchanges)
        figures = timings(met.rep, script.exchanges)
    waits = [turn.seconds_to_first_sound for turn in (opening, answer)]
    assert all(wait is not None and 0 < wait < SOON for wait in waits)
    assert figures["first_sound"] == {
        "p50": pytest.approx(waits[1], abs=0.001),
        "p95": pytest.approx(waits[1], abs=0.001),
    }
    assert 0 < figures["agent"] < figures["opening"] < figures["report"]
    assert answer.sound.seconds == pytest.approx(WORD, abs=1.0)


async def test_a_rep_with_nothing_left_to_say_asks_for_the_end(livekit: Livekit) -> None:
    async def goes_on_asking(met: Meeting) -> None:
        debrief = Debrief(met, [])
        agent = await met.agent()
        agent.answers("voyaltis.end", "ok")
        await debrief.asks(agent, 0, "sales")
        await agent.changes.until(lambda: agent.asked, SOON, "the end is not asked for")
        await debrief.closes(agent)

    async with meeting(livekit) as met, beside(goes_on_asking(met)):
        _, report = await call(met, [])
        assert report.intact


async def test_without_an_agent_the_way_out_is_told(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        with pytest.raises(NoAgent, match=r"within 0\.5 s: is `voyaltis-flow agent` running with --name voyaltis\?"):
            await call(met, [line("Deux S25.")], replace(HASTY, agent=0.5))


async def test_an_agent_that_refuses_is_heard_in_its_own_words(livekit: Livekit) -> None:
    async def refuses(met: Meeting) -> None:
        agent = await met.agent()
        await agent.sends("voyaltis.error", {"code": "flow_unknown", "message": "Ce débrief n'existe pas ici."})

    async with meeting(livekit) as met, beside(refuses(met)):
        with pytest.raises(Refused, match=r"Ce débrief n'existe pas ici\. \(flow_unknown\)") as refused:
            await call(met, [line("Deux S25.")])
        assert refused.value.code == "flow_unknown"


async def says_nothing(met: Meeting) -> None:
    await met.agent()


async def does_not_answer(met: Meeting) -> None:
    await Debrief(met, ["sales"]).asks(await met.agent(), 0, "sales")


async def gives_no_report(met: Meeting) -> None:
    debrief, agent = Debrief(met, []), await met.agent()
    await debrief.asks(agent, 0, "sales")
    await met.rep.until(lambda: met.rep.said and met.rep.said[0].ended, SOON, "nothing is said")
    await debrief.asks(agent, 1, "key_insights")


@pytest.mark.parametrize(
    ("acts", "hurried", "told"),
    [
        (says_nothing, {"opening": 0.5}, r"the agent came, and said nothing \(0\.5 s\)"),
        (does_not_answer, {"reply": 0.5}, r"the agent did not answer line 1 \(0\.5 s\)"),
        (gives_no_report, {"report": 0.5}, r"no report within 0\.5 s after the last line"),
    ],
)
async def test_what_an_agent_leaves_out_is_told(
    livekit: Livekit, acts: Callable[[Meeting], Awaitable[None]], hurried: dict[str, float], told: str
) -> None:
    async with meeting(livekit) as met, beside(acts(met)):
        with pytest.raises(Overdue, match=told):
            await call(met, [line("Deux S25.")], replace(HASTY, **hurried))


async def test_an_agent_that_is_replaced_in_mid_answer_is_waited_for(livekit: Livekit) -> None:
    async def dies_and_is_replaced(met: Meeting) -> None:
        debrief, first = Debrief(met, []), await met.agent()
        await debrief.asks(first, 0, "sales")
        await met.rep.until(lambda: met.rep.said and met.rep.said[0].ended, SOON, "nothing is said")
        await first.begins(3.0)
        await met.rep.until(lambda: met.rep.ear.hears, SOON, "the first is not heard")
        await first.is_removed()
        second = await met.agent("agent-2")
        await debrief.asks(second, 1, "key_insights")
        await met.rep.until(lambda: len(met.rep.said) == 2 and met.rep.said[1].ended, SOON, "line 2 is not said")
        await debrief.asks(second, 2, None)
        await debrief.closes(second)

    async with meeting(livekit) as met, beside(dies_and_is_replaced(met)):
        script, _ = await call(met, [line("Deux S25."), line("Rupture de Ring.", "key_insights")])
        asked = [exchange.asked for exchange in script.exchanges]
        speakers = [voice.speaker for voice in met.rep.ear.voices]
    assert asked == [None, "sales", "key_insights"]
    assert speakers[:3] == ["agent-1", "agent-1", "agent-2"]
