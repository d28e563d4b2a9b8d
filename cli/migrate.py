"""`voyaltis-flow migrate`: rewrites files of an older version of the language in the newest one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.project import find_project
from voyaltis_flow.project.rewriting import migrations

from .rewrites import carry_out


def migrate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; the project's content if none.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if something would be.")] = False,
) -> None:
    """Rewrite files in the newest version of the language. What they say, their comments and their layout stay."""
    carry_out(migrations(paths or [], find_project()), check=check, done="rewritten")
