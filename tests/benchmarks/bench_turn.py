"""What a turn costs the processor: the shipped debrief with `rules`, words in to events committed, reading included."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Coroutine
from pathlib import Path
from time import process_time
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.project import load_script
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.loop import Session

DEBRIEF = (
    "Alors aujourd'hui j'ai vendu deux Galaxy S25 et trois frigos américains.",
    "Ah et j'ai aussi fait une barre de son, enfin non, deux.",
    "Les clients ont adoré l'écran du S25, mais ils trouvent les frigos trop chers.",
    "Je suis plutôt content de ma journée.",
    "Non, rien d'autre à signaler, à part une rupture sur les aspirateurs.",
)
ROUNDS = 40


def rows() -> list[tuple[str, str, str]]:
    """The turn through the loop and the stream, and the reading alone as `extract` has it."""
    root = Path(__file__).parents[2]
    script = load_script(str(root / "flows" / "event_debrief.yaml"))
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs)
    spoken = _milliseconds(lambda: _held(compiled))
    read = _milliseconds(lambda: _read(compiled))
    return [
        ("CPU of a whole turn with rules, reading and stream included", _shown(spoken), "≤ 3 ms"),
        ("CPU of a turn of a recorded transcript", _shown(read), "≤ 2 ms"),
    ]


async def _held(script: CompiledScript) -> list[float]:
    """Seconds for each turn of a conversation that is spoken."""
    session = Session(Conversation(script, "bench", language="fr"), Rules(), clock=lambda: 0.0)
    took = []
    async for _ in session.open():
        pass
    for text in DEBRIEF:
        if session.conversation.ended:
            break
        before = process_time()
        async for _ in session.hear(text):
            pass
        took.append(process_time() - before)
    return took


async def _read(script: CompiledScript) -> list[float]:
    """Seconds for each turn of a conversation that is only read."""
    conversation, took = Conversation(script, "bench", language="fr"), []
    for at, text in enumerate(DEBRIEF):
        before = process_time()
        conversation.commit(conversation.hear(text, at), at=at, heard="")
        took.append(process_time() - before)
    return took


def _milliseconds(conversation: Callable[[], Coroutine[Any, Any, list[float]]]) -> list[float]:
    asyncio.run(conversation())
    return [1000 * took for _ in range(ROUNDS) for took in asyncio.run(conversation())]


def _shown(took: list[float]) -> str:
    return f"{statistics.median(took):.2f} ms (p95 {statistics.quantiles(took, n=20)[-1]:.2f})"
