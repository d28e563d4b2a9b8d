"""`voyaltis-flow new`: a flow, a style or a catalog to begin with, in the project's folders."""

from __future__ import annotations

from typing import Annotated

import typer

from voyaltis_flow.project import ProjectError, find_project
from voyaltis_flow.project.library import shown
from voyaltis_flow.project.places import FOLDERS
from voyaltis_flow.project.starting import begin_file

from .exits import Code, CommandError


def new(
    kind: Annotated[str, typer.Argument(help="flow, style or catalog.")],
    name: Annotated[str, typer.Argument(help="Its id, which is the file's name as well.")],
    like: Annotated[str | None, typer.Option("--like", help="Begin with a copy of this one.")] = None,
) -> None:
    """Begin a flow, a style or a catalog with content that validates."""
    if kind not in FOLDERS:
        raise CommandError(Code.MISUSE, f"what is new is one of {', '.join(FOLDERS)}; `{kind}` is none of them")
    try:
        print(shown(begin_file(kind, name, find_project(), like)))
    except ProjectError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
