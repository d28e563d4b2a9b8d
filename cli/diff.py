"""`voyaltis-flow diff`: what a changed flow or catalog would make of the words that were said last month."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from voyaltis_flow.project import Script
from voyaltis_flow.transcripts.lines import BadLine, Transcript, read_transcripts
from voyaltis_flow.transcripts.side_by_side import Parts, changes_of

from .changes import Changes
from .content import AllowHooks, catalogs_of, kind_of, script_of
from .exits import Code, CommandError


def diff(  # noqa: PLR0913, PLR0917 - each is a flag of the command
    old: Annotated[str, typer.Argument(metavar="OLD", help="A flow or a catalog, by name or path.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, changed.")],
    source: Annotated[Path, typer.Option("--transcripts", help="JSON Lines: {id, lang?, turns: [{asked?, says}]}.")],
    flow: Annotated[str | None, typer.Option("--flow", help="What reads, where OLD and NEW are catalogs.")] = None,
    catalog: Annotated[list[str] | None, typer.Option("--catalog", help="In place of the flows' own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All changes, as a JSON object.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many transcripts to show; 0 shows all.")] = 20,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when anything changes.")] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Show which recorded values appear, vanish or change with a changed flow or catalog, and the words behind each.

    Both read the same transcripts, by the rules alone: nothing is written, and no model is asked.
    """
    before, after = _scripts(old, new, flow, catalog or [], allow_hooks)
    console = Console(stderr=True, highlight=False)
    transcripts, bad = _told_apart(source)
    for line in bad:
        console.print(f"line {line.number}: {line.why}; skipped", markup=False, soft_wrap=True)
    found = changes_of(_parts(before), _parts(after), transcripts)
    shown = track(found, "reading", len(transcripts), console=console, transient=True, disable=not console.is_terminal)
    changes = Changes((before, after), zip((each.id for each in transcripts), shown, strict=True))
    if as_json:
        skipped = [{"line": line.number, "why": line.why} for line in bad]
        print(json.dumps({"old": old, "new": new, "skipped": skipped, **changes.told()}, ensure_ascii=False, indent=2))
    else:
        Console(highlight=False, soft_wrap=True).print(changes.shown(limit or None))
    if bad or (exit_code and changes.any):
        raise CommandError(Code.FAILED)


def _scripts(
    old: str, new: str, flow: str | None, catalogs: Sequence[str], allow_hooks: bool | None
) -> tuple[Script, Script]:
    """The two that read, each with all that it needs."""
    kinds = (kind_of(old), kind_of(new))
    if kinds == ("flow", "flow") and flow is None:
        return script_of(old, None, catalogs, allow_hooks), script_of(new, None, catalogs, allow_hooks)
    if kinds == ("catalog", "catalog") and flow is not None and not catalogs:
        beside = _beside(script_of(flow, None, None, allow_hooks).flow.catalog, old, new)
        before, after = (script_of(flow, None, [each, *beside], allow_hooks) for each in (old, new))
        return before, after
    raise CommandError(Code.MISUSE, _what_is_wrong(kinds, old, new))


def _what_is_wrong(kinds: tuple[str, str], old: str, new: str) -> str:
    if kinds == ("flow", "flow"):
        return "--flow goes with two catalogs; OLD and NEW are flows"
    if kinds == ("catalog", "catalog"):
        return "two catalogs are read with one flow, and with no --catalog beside: --flow event_debrief"
    if "style" in kinds:
        return "a style changes nothing of what is recorded; OLD and NEW are two flows or two catalogs"
    return f"OLD and NEW are of one kind; {old} is a {kinds[0]}, and {new} is a {kinds[1]}"


def _beside(names: Sequence[str], old: str, new: str) -> list[str]:
    """The catalogs that a flow draws on beside the one that changes; `names` are all of them."""
    changed = {catalog.catalog for catalog in catalogs_of([old, new])}
    beside = [name for name in names if name not in changed]
    if len(names) > 1 and len(beside) == len(names):
        told = f"the flow draws on {', '.join(names)}; OLD and NEW say in `catalog:` which of them they are"
        raise CommandError(Code.MISUSE, told)
    return beside if len(names) > 1 else []


def _told_apart(source: Path) -> tuple[list[Transcript], list[BadLine]]:
    held = [line.holds for line in read_transcripts(source)]
    return [each for each in held if isinstance(each, Transcript)], [each for each in held if isinstance(each, BadLine)]


def _parts(script: Script) -> Parts:
    return script.flow, script.style, script.catalogs, script.hooks
