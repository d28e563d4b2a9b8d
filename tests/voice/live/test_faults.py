"""Vendors fail in every way while a rep talks, one of them or all: the conversation goes on to its end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.standins import deepgram, elevenlabs, messages_api
from tests.voice.live.house import House
from tests.voice.live.known import KnownLines
from tests.voice.live.talking import opening, spoken
from tests.voice.live.vendors import Vendors, house_with
from voyaltis_flow.rooms.livekit import Livekit

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

SALES = "J'ai vendu deux Galaxy S25."
FEEDBACK = "Les clients ont adoré l'image."
SOLD = {"ph-s25": 2}
SILENT_SECONDS = 10.0
"""Without an answer: a silent turn, also where two cores do the work of several machines."""


@dataclass(frozen=True)
class Case:
    """What goes wrong throughout a conversation."""

    deepgram: deepgram.Fault | None = None
    claude: messages_api.Fault | None = None
    elevenlabs: elevenlabs.Fault | None = None

    def befall(self, vendors: Vendors) -> None:
        """From now on."""
        vendors.deepgram.fault, vendors.claude_fault, vendors.elevenlabs.fault = (
            self.deepgram,
            self.claude,
            self.elevenlabs,
        )

    @property
    def noticed(self) -> list[str]:
        """What the log must tell of it."""
        told = {
            "recogniser_failed": self.deepgram,
            "responder_taken_over": self.claude,
            "voice_failed": self.elevenlabs,
        }
        return [event for event, fault in told.items() if fault]


CASES = (
    Case("refused", "unauthorized", "refused"),
    Case("slow", "mute", "slow"),
    Case("dropped", "cut", "dropped"),
    Case("garbage", "garbage_event", "garbage"),
    Case(deepgram="dropped"),
    Case(claude="cut"),
    Case(elevenlabs="dropped"),
)
AGENTS = 2
"""Side by side, each with vendors of its own."""


async def test_whatever_fails_no_turn_is_silent_and_nothing_is_lost_or_said_twice(
    livekit: Livekit, tmp_path: Path
) -> None:
    shares = [CASES[first::AGENTS] for first in range(AGENTS)]
    outcomes = await asyncio.gather(
        *(holds_in_spite_of(livekit, tmp_path / f"agent-{n}", share) for n, share in enumerate(shares)),
        return_exceptions=True,
    )
    if problems := [outcome for outcome in outcomes if isinstance(outcome, BaseException)]:
        raise BaseExceptionGroup("conversations that a fault has harmed", problems)


async def holds_in_spite_of(livekit: Livekit, folder: Path, cases: Sequence[Case]) -> None:
    """One agent, and a conversation for each case."""
    async with house_with(livekit, folder, KnownLines((SALES, FEEDBACK))) as (agent, vendors):
        for case in cases:
            case.befall(vendors)
            try:
                await holds(agent, case)
            except Exception as error:
                error.add_note("\n".join([f"{case}", *agent.lines[-30:]]))
                raise


async def holds(agent: House, case: Case) -> None:
    """A debrief of two turns, at the end of which the agent asks for more."""
    async with agent.rep() as (rep, opened):
        await opening(rep)
        waits = [await spoken(rep, SALES), await spoken(rep, FEEDBACK)]
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 20, "no report")
    print(f"{case}: seconds until an answer is heard: {[round(wait, 1) for wait in waits]}")
    told = report.document
    sentences = [text for line in told["transcript"] if line["speaker"] == "agent" for text in split(line["text"])]
    assert (told["sales"], told["ended_because"]) == (SOLD, "app")
    assert told["feedback"]
    assert sum(line["speaker"] == "rep" for line in told["transcript"]) == 2
    assert len(set(sentences)) == len(sentences), sentences
    assert max(waits) < SILENT_SECONDS
    for event in case.noticed:
        assert any(entry.get("conversation") == opened.conversation for entry in agent.logged(event)), event


def split(text: str) -> list[str]:
    """Its sentences."""
    return re.split(r"(?<=[.!?])\s+", text.strip())
