"""The vendors' real plugins on a real server, against stand-ins at the wire."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.standins.deepgram import Deepgram, Line
from tests.standins.elevenlabs import ElevenLabs
from tests.standins.messages_api import MessagesApi, polite
from tests.voice.live.house import House, house
from voyaltis_flow.project import load_style
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Line as Spoken
from voyaltis_flow.rooms.participant import Script
from voyaltis_flow.rooms.participant.participant import SPEED
from voyaltis_flow.speech import pico

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("vendors")]

SALES = "J'ai vendu deux Galaxy S25 et trois Family Hub."
FEEDBACK = "Les clients ont adoré l'image."
INSIGHT = "On est en rupture de Galaxy Ring."
SOLD = {"ph-s25": 2, "fr-family-hub": 3}
KEY_TERM_TOKENS = 500


class Vendors:
    """All three of them, and an agent that uses them."""

    def __init__(self, ears: Deepgram, voice: ElevenLabs, model: MessagesApi, agent: House) -> None:
        self.ears, self.voice, self.model, self.agent = ears, voice, model, agent


def heard(*lines: str) -> list[Line]:
    """What Deepgram hears when a rep says these lines."""
    return [Line(line, pico.speak(line, "fr", SPEED).trimmed().seconds) for line in lines]


@asynccontextmanager
async def vendors(
    livekit: Livekit,
    folder: Path,
    *lines: str,
    **environ: str,
) -> AsyncIterator[Vendors]:
    async with (
        Deepgram(heard(*lines)) as deepgram,
        ElevenLabs() as elevenlabs,
        MessagesApi(polite) as claude,
    ):
        told = {
            **{f"{name}_API_KEY": "any" for name in ("DEEPGRAM", "ELEVENLABS", "ANTHROPIC")},
            "DEEPGRAM_BASE_URL": deepgram.base_url,
            "ELEVENLABS_BASE_URL": elevenlabs.base_url,
            "ANTHROPIC_BASE_URL": claude.base_url,
            **environ,
        }
        async with house(livekit, folder, **told) as agent:
            yield Vendors(deepgram, elevenlabs, claude, agent)


@pytest.mark.parametrize("ears", ["deepgram", "deepgram:flux"])
async def test_a_debrief_with_all_vendors(livekit: Livekit, tmp_path: Path, ears: str) -> None:
    lines = (SALES, FEEDBACK, INSIGHT)
    async with vendors(livekit, tmp_path, *lines, VOYALTIS_STT=ears) as all_:
        async with all_.agent.rep(language="fr") as (rep, opened):
            report = await Script(rep, [Spoken(line) for line in lines], all_.agent.name, "fr").run()
            assert await all_.agent.store.report(opened.conversation) == report.text.encode()
        document = json.loads(report.text)
        assert document["sales"] == SOLD
        assert [line["text"] for line in document["transcript"] if line["speaker"] == "rep"] == list(lines)
        assert document["usage"]["requests"] >= len(lines)
        style = load_style("friendly_colleague").value
        assert {line.voice for line in all_.voice.connections} == {style.voice["fr"].id}
        spoken = [context.text for line in all_.voice.connections for context in line.contexts.values()]
        first = next(text for text in spoken if "2 S25" in text)
        request = next(body for body in all_.model.requests if SALES in json.dumps(body, ensure_ascii=False))
        assert first in json.dumps(request["system"], ensure_ascii=False)
        line = all_.ears.connections[-1]
        assert 10 < sum(len(term) // 2 + 1 for term in line.terms) < KEY_TERM_TOKENS
        assert "S25" in line.terms
        assert ears != "deepgram" or line.option("punctuate") == "true"
