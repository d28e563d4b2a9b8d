"""The vendors' real plugins on a real server, against stand-ins at the wire, in debriefs from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.standins.deepgram_lines import KEY_TERM_TOKENS, Connection, Line, tokens
from tests.voice.live.talking import agent_words
from tests.voice.live.vendors import Vendors, house_with
from voyaltis_flow.project import load_style
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Line as Spoken
from voyaltis_flow.rooms.participant import Script
from voyaltis_flow.rooms.participant.participant import SPEED
from voyaltis_flow.speech import pico

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

SALES = "J'ai vendu deux Galaxy S25 et trois Family Hub."
FEEDBACK = "Les clients ont adoré l'image."
INSIGHT = "On est en rupture de Galaxy Ring."
DEBRIEF = (SALES, FEEDBACK, INSIGHT)
SOLD = {"ph-s25": 2, "fr-family-hub": 3}
STYLE = "professional_warm"


def heard(lines: Sequence[str]) -> list[Line]:
    """What Deepgram hears when a rep says these lines."""
    return [Line(line, pico.speak(line, "fr", SPEED).trimmed().seconds) for line in lines]


async def debriefed(livekit: Livekit, folder: Path, ears: str) -> tuple[Vendors, list[str]]:
    """The vendors after a debrief that is as it should be, and what the agent said."""
    async with house_with(livekit, folder, heard(DEBRIEF), VOYALTIS_STT=ears) as (agent, vendors):
        async with agent.rep(style=STYLE, language="fr") as (rep, opened):
            script = Script(rep, [Spoken(line) for line in DEBRIEF], agent.name, "fr")
            report = await script.run()
            assert await agent.store.report(opened.conversation) == report.text.encode()
        waits = [round(exchange.seconds_to_first_sound or 99, 2) for exchange in script.exchanges]
        print(f"{ears}: seconds until the agent is heard: {waits}")
        told = report.document
        assert report.intact
        assert (told["sales"], told["ended_because"]) == (SOLD, "complete")
        assert [line["text"] for line in told["transcript"] if line["speaker"] == "rep"] == list(DEBRIEF)
        assert told["usage"]["requests"] >= len(DEBRIEF)
        assert all(exchange.answer is not None for exchange in script.exchanges)
        for event in ("recogniser_failed", "voice_failed", "responder_taken_over"):
            assert not agent.logged(event)
    return vendors, agent_words(rep)


async def test_a_debrief_is_held_by_vendors_alone(livekit: Livekit, tmp_path: Path) -> None:
    nova, flux = await asyncio.gather(
        debriefed(livekit, tmp_path / "nova", "deepgram"), debriefed(livekit, tmp_path / "flux", "deepgram:flux")
    )
    for (vendors, words), version in ((nova, 1), (flux, 2)):
        assert {connection.version for connection in vendors.deepgram.connections} == {version}
        assert_told_the_names(vendors.deepgram.connections[-1])
        assert_spoken_once_in_the_voice_of_the_style(vendors, words)
        assert_claude_goes_on_from_what_was_said(vendors)
    assert all(connection.option("punctuate") == "true" for connection in nova[0].deepgram.connections)


def assert_told_the_names(connection: Connection) -> None:
    """Those of the catalog that may come, within what Deepgram takes."""
    assert "S25" in connection.terms
    assert tokens(connection.terms) <= KEY_TERM_TOKENS


def assert_spoken_once_in_the_voice_of_the_style(vendors: Vendors, words: Sequence[str]) -> None:
    told = load_style(STYLE).value.voice["fr"]
    lines = vendors.elevenlabs.connections
    assert {line.voice for line in lines} == {told.id}
    spoken = [context for line in lines for context in line.contexts.values() if context.text]
    assert {context.settings["stability"] for context in spoken} == {told.settings["stability"]}
    assert sum("2 S25" in context.text for context in spoken) == sum("2 S25" in text for text in words) == 1


def assert_claude_goes_on_from_what_was_said(vendors: Vendors) -> None:
    acknowledged = next(text for text in vendors.elevenlabs.spoken if "2 S25" in text)
    prompts = [body["system"][-1]["text"] for body in vendors.claude.requests if SALES in str(body["messages"][-1])]
    assert len(prompts) == 1
    assert acknowledged in prompts[0]
