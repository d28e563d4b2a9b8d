"""How long a rep waits, with vendors at a set pace: a real server, the agent as a command, the real plugins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from tests.benchmarks.__main__ import Row
from tests.standins import deepgram, elevenlabs, messages_api
from tests.voice.live.house import House, house
from voyaltis_flow.rooms.participant import Exchange, Line, Script
from voyaltis_flow.rooms.server import running_server

STT_MS, FIRST_TOKEN_MS, TOKENS_PER_SECOND, FIRST_BYTE_MS = 200, 300, 80, 200
CALLS = 4
LINES = ("Deux S25 et un Family Hub.", "Les clients ont adoré l'image.", "On est en rupture de Galaxy Ring.")
RECORDED = (0,)
"""The lines that are said back at once: those with a number or a product that counts."""
BEGUN = '{"nextMessage": "'
"""What a model writes before its first word."""


def rows() -> list[Row]:
    """The waits, in milliseconds."""
    exchanges = asyncio.run(_calls())
    recorded = list(_waits(exchanges, lambda place: place in RECORDED))
    by_model = list(_waits(exchanges, lambda place: place not in RECORDED))
    least = _least()
    model = share(by_model, 50)
    return [
        ("last word → first sound, said back, p50", f"{share(recorded, 50):.0f} ms", "≤ 900"),
        ("last word → first sound, said back, p95", f"{share(recorded, 95):.0f} ms", "≤ 1,200"),
        ("what the pacing sets for a model's sentence", f"{least:.0f} ms", ""),
        ("last word → the model's first sentence, p50", f"{model:.0f} ms, {model / least:.2f} ×", "≤ 1.15 ×"),
        ("the opening, after entering the room, p50", f"{share(_openings(exchanges), 50):.0f} ms", "≤ 1,000"),
    ]


async def _calls() -> list[list[Exchange]]:
    with TemporaryDirectory() as folder:
        async with (
            running_server() as server,
            deepgram.Deepgram(LINES * CALLS, pace=deepgram.Pace(final_ms=STT_MS)) as ears,
            elevenlabs.ElevenLabs(pace=elevenlabs.Pace(first_byte_ms=FIRST_BYTE_MS)) as voice,
            messages_api.MessagesApi(
                messages_api.polite, messages_api.Pace(FIRST_TOKEN_MS, TOKENS_PER_SECOND)
            ) as model,
            house(server.livekit, Path(folder), **vendors(ears, voice, model)) as running,
        ):
            return [await _call(running) for _ in range(CALLS)]


async def _call(running: House) -> list[Exchange]:
    async with running.rep(language="fr") as (rep, _):
        going = Script(rep, [Line(line) for line in LINES], running.name, "fr")
        await going.run()
        return going.exchanges


def vendors(ears: deepgram.Deepgram, voice: elevenlabs.ElevenLabs, model: messages_api.MessagesApi) -> dict[str, str]:
    """The settings by which an agent uses these in place of the vendors."""
    return {
        **{f"{vendor}_API_KEY": "any" for vendor in ("DEEPGRAM", "ELEVENLABS", "ANTHROPIC")},
        "DEEPGRAM_BASE_URL": ears.base_url,
        "ELEVENLABS_BASE_URL": voice.base_url,
        "ANTHROPIC_BASE_URL": model.base_url,
    }


def _least() -> float:
    """From the last word to the first sound of a model's sentence, if nothing else took any time; in milliseconds."""
    written = sum(len(BEGUN + sentence) + 2 for sentence in messages_api.SENTENCES) / len(messages_api.SENTENCES)
    tokens = written / messages_api.CHARACTERS_PER_TOKEN
    return STT_MS + FIRST_TOKEN_MS + 1000 * tokens / TOKENS_PER_SECOND + FIRST_BYTE_MS


def _waits(calls: Sequence[Sequence[Exchange]], wanted: Callable[[int], bool]) -> Iterator[float]:
    for exchanges in calls:
        for place, exchange in enumerate(exchanges[1:]):
            if wanted(place) and exchange.seconds_to_first_sound is not None:
                yield 1000 * exchange.seconds_to_first_sound


def _openings(calls: Sequence[Sequence[Exchange]]) -> list[float]:
    return [1000 * (exchanges[0].seconds_to_first_sound or 0.0) for exchanges in calls]


def share(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
