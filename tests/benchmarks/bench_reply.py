"""How long a rep waits for the model: from their line to its first whole sentence, beside the least that it can take.

The model is the stand-in, paced as a quick Claude is. The floor is a bare client that reads the same stream, over a
connection that is open already, up to the end of the same sentence.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp

from tests.standins.messages_api import SENTENCES, polite_sentence

ROOT = Path(__file__).parents[2]
PACE = ("--first-token-ms", "300", "--tokens-per-second", "80")
CONVERSATIONS = 4
LINES = (
    "J'ai vu beaucoup de monde aujourd'hui.",
    "Alors attends que je réfléchisse.",
    "Il y avait une bonne ambiance.",
)
"""Lines that record nothing, so that no acknowledgement comes before the model's own words."""
GOAL = 1.10


def rows() -> list[tuple[str, str, str]]:
    """The rep's wait, and the floor."""
    floor, waits = asyncio.run(_measured())
    least, wait = statistics.median(floor), statistics.median(waits)
    ratio = f"{wait:.0f} ms, {wait / least:.2f} × the floor (slowest of {len(waits)}: {max(waits):.0f} ms)"
    return [
        (
            "line in → the model's first sentence, talk --plain with Claude at 300 ms + 80 tokens/s",
            ratio,
            f"≤ {GOAL:.2f} ×",
        ),
        ("the same sentence, read by a bare client (the floor)", f"{least:.0f} ms", ""),
    ]


async def _measured() -> tuple[list[float], list[float]]:
    async with _running(sys.executable, "-m", "tests.standins.messages_api", *PACE) as standin:
        url = (await _line(standin)).strip()
        waits = [wait for _ in range(CONVERSATIONS) for wait in await _conversation(url)]
        return await _floor(url), waits


async def _conversation(url: str) -> list[float]:
    """The waits of one conversation in the terminal, as a pipe sees it."""
    environ = {"ANTHROPIC_API_KEY": "any", "ANTHROPIC_BASE_URL": url}
    command = (str(Path(sys.executable).parent / "voyaltis-flow"), "talk", "event_debrief", "--plain", "--lang", "fr")
    waits = []
    async with _running(*command, "--responder", "claude", **environ) as talk:
        await _line(talk)
        for line in LINES:
            await _quiet(talk, seconds=1.0)
            asked = perf_counter()
            assert talk.stdin is not None
            talk.stdin.write(f"{line}\n".encode())
            while (await _line(talk)).strip() not in SENTENCES:
                pass
            waits.append((perf_counter() - asked) * 1000)
    return waits


async def _floor(url: str) -> list[float]:
    floor = []
    async with aiohttp.ClientSession(url) as session:
        for turn in range(CONVERSATIONS * len(LINES) + 1):
            floor.append(await _bare(session, _body(turn % len(LINES) + 1)))
    return floor[1:]


async def _bare(session: aiohttp.ClientSession, body: dict[str, Any]) -> float:
    wanted, text = polite_sentence(body), ""
    asked = perf_counter()
    async with session.post(
        "/v1/messages", json=body, headers={"x-api-key": "any", "anthropic-version": "2023-06-01"}
    ) as answer:
        took = 0.0
        async for line in answer.content:
            if line.startswith(b"data: "):
                text += json.loads(line[6:]).get("delta", {}).get("text", "")
            if not took and wanted in text:
                took = (perf_counter() - asked) * 1000
    return took


def _body(turns: int) -> dict[str, Any]:
    properties = {"nextMessage": {"type": "string"}, "asksAbout": {"type": ["string", "null"]}}
    schema = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    dialogue = [{"role": "user", "content": "…"}]
    for _ in range(turns):
        dialogue += [{"role": "assistant", "content": "Alors ?"}, {"role": "user", "content": LINES[0]}]
    return {
        "model": "claude-haiku-5-5",
        "max_tokens": 1000,
        "stream": True,
        "messages": dialogue,
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }


@asynccontextmanager
async def _running(*command: str, **environ: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=os.environ | environ
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _line(process: Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    if not line:
        raise RuntimeError(f"a process ended too early, with code {await process.wait()}")
    return line.decode()


async def _quiet(process: Process, seconds: float) -> None:
    """Waits until nothing has been said for a while, as a rep would."""
    assert process.stdout is not None
    while True:
        try:
            await asyncio.wait_for(process.stdout.readline(), seconds)
        except TimeoutError:
            return
