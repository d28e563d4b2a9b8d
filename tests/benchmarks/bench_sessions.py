"""How many conversations two cores hold side by side, each as quick as alone, with vendors at a set pace.

The reps' own software, the LiveKit server and the stand-ins of the vendors run on the same cores: where they are
elsewhere, there is room for more.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.__main__ import Row
from tests.benchmarks.bench_voice import FIRST_BYTE_MS, FIRST_TOKEN_MS, STT_MS, TOKENS_PER_SECOND, share, vendors
from tests.standins import deepgram, elevenlabs, messages_api
from tests.voice.live.house import House, house
from voyaltis_flow.rooms.participant import Exchange, Line, NoAgent, Overdue, Script
from voyaltis_flow.rooms.participant.participant import SPEED
from voyaltis_flow.rooms.server import running_server
from voyaltis_flow.speech import pico

LINES = ("Deux S25 et un Family Hub.", "Les clients ont adoré l'image, et ils reviendront demain avec des amis.")
CORES = {0, 1}
TOGETHER = (1, 2, 4, 6, 8)
BETWEEN_SECONDS = 0.7
"""Reps do not all begin in the same moment."""
QUICK_MS = 1200.0


def rows() -> list[Row]:
    """The slowest first sounds, by the number of conversations; and how many are held in time."""
    os.sched_setaffinity(0, CORES & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    slowest = asyncio.run(_measure())
    held = max((number for number, wait in slowest.items() if wait <= QUICK_MS), default=0)
    return [
        *((f"first sound, p95, {number} at a time", f"{wait:,.0f} ms", "") for number, wait in slowest.items()),
        ("conversations at a time with first sound p95 ≤ 1.2 s", str(held), "printed"),
    ]


async def _measure() -> Mapping[int, float]:
    lengths = {line: pico.speak(line, "fr", SPEED).trimmed().seconds for line in LINES}

    def recognised(sound: bytes, rate: int) -> str:
        seconds = len(sound) / 2 / rate
        return min(LINES, key=lambda line: abs(lengths[line] - seconds))

    with TemporaryDirectory() as folder:
        async with (
            running_server() as server,
            deepgram.Deepgram(recognised, pace=deepgram.Pace(final_ms=STT_MS)) as ears,
            elevenlabs.ElevenLabs(pace=elevenlabs.Pace(first_byte_ms=FIRST_BYTE_MS)) as voice,
            messages_api.MessagesApi(
                messages_api.polite, messages_api.Pace(FIRST_TOKEN_MS, TOKENS_PER_SECOND)
            ) as model,
            house(server.livekit, Path(folder), **vendors(ears, voice, model)) as running,
        ):
            return {number: await _together(running, number) for number in TOGETHER}


async def _together(running: House, number: int) -> float:
    """The 95th percentile of the waits of so many conversations, in milliseconds."""
    calls = await asyncio.gather(*(_call(running, place * BETWEEN_SECONDS) for place in range(number)))
    waits = [exchange.seconds_to_first_sound for exchanges in calls for exchange in exchanges[1:]]
    return share([1000 * (wait if wait is not None else 60.0) for wait in waits], 95)


async def _call(running: House, after: float) -> list[Exchange]:
    await asyncio.sleep(after)
    async with running.rep(language="fr") as (rep, _):
        going = Script(rep, [Line(line) for line in LINES], running.name, "fr")
        try:
            await going.run()
        except (NoAgent, Overdue):
            return [*going.exchanges, Exchange(0.0)]
        return going.exchanges
