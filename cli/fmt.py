"""`voyaltis-flow fmt`: lays files out evenly; their words, line breaks and comments stay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.project import find_project
from voyaltis_flow.project.rewriting import layouts

from .rewrites import carry_out


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; the project's content if none.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if something would be.")] = False,
) -> None:
    """Lay files out evenly. What they say, and their comments, stay."""
    carry_out(layouts(paths or [], find_project()), check=check, done="laid out")
