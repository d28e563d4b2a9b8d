"""`voyaltis-flow validate`: what is wrong in flows, styles and catalogs, where, and what to write instead."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from voyaltis_flow.project import FileReport, NotFoundError, find_project
from voyaltis_flow.project import validate as validate_files
from voyaltis_flow.script.codes import UNREADABLE
from voyaltis_flow.script.problems import Problem, one_line

from .content import AllowHooks
from .exits import Code, CommandError

Reports = Sequence[FileReport]


def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; the project's content if none.")] = None,
    format_: Annotated[str, typer.Option("--format", help="human, json or github.")] = "human",
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Find what is wrong in flows, styles and catalogs. Exits with 1 when there are errors."""
    if format_ not in FORMATS:
        raise CommandError(Code.MISUSE, f"--format is one of {', '.join(FORMATS)}; `{format_}` is none of them")
    try:
        found = validate_files(paths or [], find_project(), allow_hooks=allow_hooks)
        reports = sorted(found, key=lambda report: report.document.path)
    except NotFoundError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    FORMATS[format_](reports)
    if any(problem.code == UNREADABLE.name for problem in _problems(reports)):
        raise CommandError(Code.MISUSE)
    if any(strict or problem.severity == "error" for problem in _problems(reports)):
        raise CommandError(Code.FAILED)


def _human(reports: Reports) -> None:
    """`path:line:column: CODE message`, the line with a caret, the way out; a summary goes to stderr."""
    console = Console(highlight=False, soft_wrap=True)
    for report in reports:
        for problem in report.problems:
            console.print(_told(problem, report.document.line(problem.line)))
    print(_summary(reports), file=sys.stderr)


def _told(problem: Problem, line: str) -> Text:
    color = "red" if problem.severity == "error" else "yellow"
    told = Text.assemble(
        (f"{problem.path}:{problem.line}:{problem.column}: ", "bold"), (problem.code, color), f" {problem.message}\n"
    )
    shown, caret = _excerpt(line, problem.column - 1)
    if shown.strip():
        told.append(f"    {shown}\n    {' ' * caret}").append("^\n", color)
    if problem.hint:
        told.append(f"    {problem.hint}\n", "dim")
    told.rstrip()
    return told


def _excerpt(line: str, at: int, width: int = 100) -> tuple[str, int]:
    """The part of a line around a column, and where the column is in it. Tabs are shown as a blank."""
    start = max(0, min(at - width // 2, len(line) - width))
    cut = one_line(line[start : start + width])
    lead, tail = "…" if start else "", "…" if start + width < len(line) else ""
    return lead + cut + tail, len(lead) + Text(cut[: at - start]).cell_len


def _summary(reports: Reports) -> str:
    severities = [problem.severity for problem in _problems(reports)]
    errors, warnings = severities.count("error"), severities.count("warning")
    files = _count(len(reports), "file")
    if not severities:
        return f"{files}: all fine"
    return f"{files}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _json(reports: Reports) -> None:
    problems = [asdict(problem) for problem in _problems(reports)]
    print(json.dumps(problems, ensure_ascii=False, indent=2))


def _github(reports: Reports) -> None:
    """Workflow commands, which GitHub shows beside the line."""
    for problem in _problems(reports):
        message = " ".join(filter(None, (f"{problem.code} {problem.message}", problem.hint)))
        place = f"file={_escaped(problem.path)},line={problem.line},col={problem.column}"
        print(f"::{problem.severity} {place},title={problem.code}::{_escaped(message)}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _problems(reports: Reports) -> list[Problem]:
    return [problem for report in reports for problem in report.problems]


FORMATS: dict[str, Callable[[Reports], None]] = {"human": _human, "json": _json, "github": _github}
