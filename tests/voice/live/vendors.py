"""The three vendors on 127.0.0.1, and an agent that knows no others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tests.standins import deepgram, elevenlabs, messages_api
from tests.standins.deepgram import Deepgram, Recognising
from tests.standins.deepgram_lines import Line
from tests.standins.elevenlabs import ElevenLabs
from tests.standins.messages_api import MessagesApi, polite
from tests.voice.live.house import House, house
from voyaltis_flow.rooms.livekit import Livekit

SECONDS_PER_CHARACTER = 0.04
"""A hasty voice: the tests wait for what it says."""


@dataclass
class Vendors:
    """Deepgram, ElevenLabs with a voice of tones, Claude that is polite and records nothing."""

    deepgram: Deepgram
    elevenlabs: ElevenLabs
    claude: MessagesApi = field(init=False)
    claude_fault: messages_api.Fault | None = None
    """What goes wrong in Claude's replies from now on."""

    def __post_init__(self) -> None:
        self.claude = MessagesApi(self._answer, messages_api.Pace(first_token_ms=300, tokens_per_second=80))

    def told(self) -> dict[str, str]:
        """What an agent is told of them by its environment."""
        return {
            "DEEPGRAM_API_KEY": "any",
            "DEEPGRAM_BASE_URL": self.deepgram.base_url,
            "ELEVENLABS_API_KEY": "any",
            "ELEVENLABS_BASE_URL": self.elevenlabs.base_url,
            "ANTHROPIC_API_KEY": "any",
            "ANTHROPIC_BASE_URL": self.claude.base_url,
        }

    def _answer(self, body: messages_api.Body) -> messages_api.Reply:
        return replace(polite(body), fault=self.claude_fault)


@asynccontextmanager
async def house_with(
    livekit: Livekit, folder: Path, says: Iterable[str | Line] | Recognising, **environ: str
) -> AsyncIterator[tuple[House, Vendors]]:
    """An agent with vendors of its own; `says` is what Deepgram makes of what is said."""
    folder.mkdir(exist_ok=True)
    vendors = Vendors(
        Deepgram(says, deepgram.Pace(final_ms=350, pause_ms=350)),
        ElevenLabs(hasty, elevenlabs.Pace(first_byte_ms=150, times_real=4)),
    )
    async with AsyncExitStack() as stack:
        for vendor in (vendors.deepgram, vendors.elevenlabs, vendors.claude):
            await stack.enter_async_context(vendor)
        yield await stack.enter_async_context(house(livekit, folder, **vendors.told(), **environ)), vendors


def hasty(text: str, language: str | None, rate: int) -> bytes:
    """A tone, 40 ms a character."""
    places = np.arange(int(rate * SECONDS_PER_CHARACTER * len(text)))
    return (np.sin(places * (2 * np.pi * 330 / rate)) * 3000).astype(np.int16).tobytes()
