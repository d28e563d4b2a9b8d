"""`voyaltis-flow explain`: the page of a rule, as it stands in docs/rules."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from voyaltis_flow.project import NotFoundError
from voyaltis_flow.project.pages import page, rule
from voyaltis_flow.script.problems import CODES

from .exits import Code, CommandError


def explain(
    code: Annotated[str | None, typer.Argument(help="A code, such as VF312; all of them are listed if none.")] = None,
) -> None:
    """Show what a rule does, why its problem is bad, and what to write instead."""
    if code is None:
        _list()
        return
    try:
        text = page(rule(code))
    except NotFoundError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    if sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        print(text, end="")


def _list() -> None:
    if sys.stdout.isatty():
        table = Table.grid(padding=(0, 2, 0, 0))
        for name, code in sorted(CODES.items()):
            table.add_row(name, code.severity, code.title, style=None if code.severity == "error" else "dim")
        Console().print(table)
        return
    for name, code in sorted(CODES.items()):
        print(f"{name}  {code.severity:7}  {code.title}")
