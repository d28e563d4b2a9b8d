"""`voyaltis-flow validate`: what is wrong in flows, styles and catalogs, where, and what to write instead."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from voyaltis_flow.project import FileReport, NotFoundError, find_project
from voyaltis_flow.project import validate as validate_files
from voyaltis_flow.script.codes import UNREADABLE

from .content import AllowHooks
from .exits import Code, CommandError
from .formats import FORMATS, Format
from .watch import changes


def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; the project's content if none.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"{', '.join(FORMATS)}.")] = "human",
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again at every change, until Ctrl-C.")] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Find what is wrong in flows, styles and catalogs. Exits with 1 when there are errors."""
    if format_ not in FORMATS:
        raise CommandError(Code.MISUSE, f"--format is one of {', '.join(FORMATS)}; `{format_}` is none of them")
    if watch:
        _watch(paths or [], FORMATS[format_], strict, allow_hooks)
    reports = _told(paths or [], FORMATS[format_], strict, allow_hooks)
    problems = [problem for report in reports for problem in report.problems]
    if any(problem.code == UNREADABLE.name for problem in problems):
        raise CommandError(Code.MISUSE)
    if any(strict or problem.severity == "error" for problem in problems):
        raise CommandError(Code.FAILED)


def _told(paths: Sequence[Path], tell: Format, strict: bool, allow_hooks: bool | None) -> list[FileReport]:
    try:
        found = validate_files(paths, find_project(), allow_hooks=allow_hooks)
        reports = sorted(found, key=lambda report: report.document.path)
    except NotFoundError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    tell(reports, strict)
    return reports


def _watch(paths: Sequence[Path], tell: Format, strict: bool, allow_hooks: bool | None) -> NoReturn:
    """Tells it now, and anew after every change. A file that is gone for a moment is told of, and waited for."""
    for changed in changes(paths, find_project()):
        if changed:
            print(f"\n{', '.join(changed)}:", file=sys.stderr)
        try:
            _told(paths, tell, strict, allow_hooks)
        except CommandError as error:
            if not changed:
                raise
            print(f"voyaltis-flow: {error}", file=sys.stderr)
        sys.stdout.flush()
    raise KeyboardInterrupt
