"""Twenty debriefs spoken through the whole of it, offline: `make bench-voice`. Prints what came of them, and as text.

A real server, the agent as a command, a rep made of software. A line is said when its point is asked, or in order. With
ids as arguments only those are spoken.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.reading.scoring import Record, Score, read_gold, score
from tests.voice.live.house import House, house
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import load_script
from voyaltis_flow.rooms.participant import HungUp, Line, Overdue, Script, turns
from voyaltis_flow.rooms.server import running_server

GOLD = Path(__file__).parents[1] / "data" / "debriefs" / "first-author.jsonl"
IDS = (
    *("fr-002", "fr-005", "fr-008", "fr-013", "fr-025", "fr-045", "fr-066", "fr-072", "fr-082", "fr-086"),
    *("fr-090", "fr-097", "fr-105", "fr-109", "fr-116", "fr-123", "en-004", "en-018", "en-020", "en-029"),
)
"""Those whose turns answer the opening or a point, and that sold something; every other one, as they stand."""
AT_A_TIME = 2
"""Conversations side by side: more would measure how two cores are shared."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A debrief that was spoken: what was recorded, the lines that were said, and how long answers took."""

    gold: Record
    recorded: Record
    said: int
    waits: tuple[float, ...]
    heard: tuple[tuple[str, str], ...]


async def speak(running: House, gold: Record) -> Spoken:
    """One debrief in a room of its own."""
    lines = [Line(turn["says"], _point(turn["asked"])) for turn in gold["turns"]]
    names = {"rep": Person(name=gold["rep"]), "event": Person(name=gold["event"])}
    async with running.rep(language=gold["lang"], **names) as (rep, _):
        going = Script(rep, lines, running.name, gold["lang"])
        try:
            points = json.loads((await going.run()).text)["points"]
        except (HungUp, Overdue) as error:
            print(f"{gold['id']}: {error}", file=sys.stderr)
            points = rep.streams.progress[-1].document["points"] if rep.streams.progress else {}
        exchanges = turns(rep, going.exchanges)[1:]
    waits = [turn.seconds_to_first_sound for turn in exchanges if turn.seconds_to_first_sound is not None]
    heard = tuple((turn.said or "", turn.recognised) for turn in exchanges)
    return Spoken(gold, _recorded(points), len(exchanges), tuple(waits), heard)


def read(script: CompiledScript, gold: Record) -> Record:
    """The same debrief as text, each line as the answer to what it answered."""
    conversation = Conversation(script, gold["id"], language=gold["lang"])
    for place, turn in enumerate(gold["turns"]):
        if not conversation.ended:
            heard = conversation.hear(turn["says"], float(place), asked=turn["asked"])
            heard.finish()
            conversation.commit(heard, at=float(place), heard="")
    return _recorded(conversation.report()["points"])


async def measure(ids: Sequence[str]) -> list[Spoken]:
    """All of them."""
    chosen = [gold for gold in read_gold(GOLD) if gold["id"] in ids]
    turn = asyncio.Semaphore(AT_A_TIME)

    async def one(running: House, gold: Record) -> Spoken:
        async with turn:
            return await speak(running, gold)

    with TemporaryDirectory() as folder:
        async with running_server() as server, house(server.livekit, Path(folder)) as running:
            return await asyncio.gather(*(one(running, gold) for gold in chosen))


def main(ids: Sequence[str]) -> None:
    """Prints the figures."""
    script = load_script("event_debrief")
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs)
    spoken = asyncio.run(measure(ids or IDS))
    text = score((one.gold, read(compiled, one.gold)) for one in spoken)
    speech = score((one.gold, one.recorded) for one in spoken)
    waits = sorted(wait for one in spoken for wait in one.waits)
    table = Table("", "spoken", "as text", title=f"{len(spoken)} debriefs")
    for what, ours, theirs in _rows(speech, text):
        table.add_row(what, ours, theirs)
    table.add_row("sales F1, of the text's", f"{speech.f1 / text.f1:.2f}", "goal .80")
    table.add_row(
        "lines said", str(sum(one.said for one in spoken)), str(sum(len(one.gold["turns"]) for one in spoken))
    )
    table.add_row("voice to voice p50 / p95", f"{_share(waits, 50):.2f} / {_share(waits, 95):.2f} s", "")
    Console().print(table)
    for one in spoken:
        if one.recorded["sales"] != one.gold["gold"]["sales"]:
            print(f"{one.gold['id']}: {one.recorded['sales']} for {one.gold['gold']['sales']}")
            for said, heard in one.heard:
                print(f"    {said}\n  › {heard}")


def _rows(speech: Score, text: Score) -> list[tuple[str, str, str]]:
    return [
        ("sales F1", f"{speech.f1:.3f}", f"{text.f1:.3f}"),
        ("wrong product", f"{speech.wrong_product:.3f}", f"{text.wrong_product:.3f}"),
        ("exact", f"{speech.exact:.3f}", f"{text.exact:.3f}"),
        ("mood", f"{speech.mood:.3f}", f"{text.mood:.3f}"),
        ("feedback", f"{speech.feedback:.3f}", f"{text.feedback:.3f}"),
    ]


def _recorded(points: Mapping[str, Any]) -> Record:
    mood = points.get("emotional_context") or "neutre"
    return {
        "sales": points.get("sales") or {},
        "customer_feedback": points.get("customer_feedback") or "",
        "emotional_context": mood,
    }


def _point(asked: str) -> str | None:
    """What a line waits for; the opening's, and what is never asked, come in their order."""
    return None if asked in ("opening", "emotional_context") else asked


def _share(waits: Sequence[float], percent: int) -> float:
    return quantiles(waits, n=100, method="inclusive")[percent - 1] if len(waits) > 1 else (waits or [0.0])[0]


if __name__ == "__main__":
    main(sys.argv[1:])
