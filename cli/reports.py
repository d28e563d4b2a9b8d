"""`voyaltis-flow reports`: the conversations in the store, and the report of one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event
from voyaltis_flow.engine.report import moment
from voyaltis_flow.reports import State, Summary
from voyaltis_flow.rooms.protocol import report_bytes
from voyaltis_flow.transcripts.lines import line_of

from .content import script_of, settings_of
from .exits import Code, CommandError
from .stores import opened_store

SHORTEST = 8
"""Characters of an id that are shown, unless two need more to be told apart."""
FEW = 5
MOST = 30_000
"""Conversations that one question to a database may name."""
TIMES = ("placed", "started", "ended", "touched")
WORDS: dict[State, str] = {
    "waiting": "it waits for an agent",
    "running": "it is running",
    "cut_off": "it was cut off, and waits for an agent to go on with it",
    "over": "it is over",
}

reports = typer.Typer(help="List the conversations in the store, or print a report.", no_args_is_help=True)


@reports.command("list")
def list_(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: a list of objects.")] = False,
) -> None:
    """List the conversations in the store, newest first."""
    with opened_store(settings_of()) as store:
        found = asyncio.run(store.summaries(limit))
    if as_json:
        print(json.dumps([_told(summary) for summary in found], ensure_ascii=False, indent=2))
    elif found:
        Console(highlight=False, markup=False).print(_table(found))
    else:
        print("The store is empty: no conversation is in it yet.", file=sys.stderr)


@reports.command()
def show(
    conversation: Annotated[str, typer.Argument(metavar="ID", help="The conversation's id, or how it begins.")],
) -> None:
    """Print a conversation's report: the very bytes that the app was sent, or one made now where there is none."""
    with opened_store(settings_of()) as store:
        summary = _one(asyncio.run(store.summaries(FEW, conversation)), conversation)
        report = asyncio.run(store.report(summary.conversation))
        journal = asyncio.run(store.events(summary.conversation)) if summary.state == "over" else ()
    if report is None and journal:
        report = _made(summary, journal)
    if report is None:
        last = f"last sign of life {_local(summary.touched)}"
        told = f"conversation {summary.conversation} has no report: {WORDS[summary.state]} ({last})"
        raise CommandError(Code.FAILED, told)
    sys.stdout.buffer.write(report)
    sys.stdout.flush()


@reports.command()
def transcripts(
    flow: Annotated[str | None, typer.Option("--flow", help="Those of one flow, by its id.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help="The newest so many, at most.")] = MOST,
) -> None:
    """Print what the reps said, oldest first, a line a conversation: what `extract` and `diff` read."""
    with opened_store(settings_of()) as store:
        for summary in reversed(asyncio.run(store.summaries(limit))):
            begun = since is None or (summary.started or summary.placed) >= since.timestamp()
            if begun and summary.flow is not None and flow in (None, summary.flow):
                line = line_of(asyncio.run(store.events(summary.conversation)))
                print(json.dumps(line, ensure_ascii=False))


def _one(found: Sequence[Summary], wanted: str) -> Summary:
    """The one that is meant: whose id it is, or whose alone begins so."""
    if not found:
        raise CommandError(Code.MISUSE, f"no conversation's id begins with `{wanted}`; `reports list` shows them")
    if len(found) > 1 and found[0].conversation != wanted:
        names = "\n".join(f"  {summary.conversation}" for summary in found)
        raise CommandError(Code.MISUSE, f"several ids begin with `{wanted}`; say more of the one you mean\n{names}")
    return found[0]


def _made(summary: Summary, journal: Sequence[Event]) -> bytes:
    """The report that an agent could not make, say because the flow had mistakes by then."""
    script = script_of(summary.flow or "", summary.style, None)
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks)
    print("No report was made of this conversation. This one is made of what was kept.", file=sys.stderr)
    return report_bytes(Conversation.replayed(compiled, journal).report())


def _told(summary: Summary) -> dict[str, Any]:
    """An object of the list, its times as in the report."""
    return {key: moment(value) if key in TIMES else value for key, value in asdict(summary).items()}


def _table(found: Sequence[Summary]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("id", "begun", "rep", "flow", "state", "ended because"):
        table.add_column(column, no_wrap=column in ("id", "begun"))
    length = _length([summary.conversation for summary in found])
    for summary in found:
        cells = [
            summary.conversation[:length],
            _local(summary.started or summary.placed),
            summary.rep or "",
            summary.flow or "",
            summary.state.replace("_", " "),
            (summary.ended_because or "").replace("_", " "),
        ]
        table.add_row(*map(_printable, cells))
    return table


def _length(ids: Sequence[str]) -> int:
    """How much of each id tells them apart."""
    return next(n for n in range(SHORTEST, sys.maxsize) if len({name[:n] for name in ids}) == len(ids))


def _local(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")


def _printable(text: str) -> str:
    """Without what would steer the terminal: names come from the app."""
    return "".join(character if character.isprintable() else " " for character in text)
