"""`voyaltis-flow init`: a folder with a flow, a style and a catalog that work, to be changed rather than written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.project.library import shown
from voyaltis_flow.project.starting import begin_project


def init(folder: Annotated[Path, typer.Argument(help="Where; made if it is not there.")] = Path()) -> None:
    """Begin a project: content that validates, schemas for editors, a workflow for CI. Nothing there is overwritten."""
    for made in begin_project(folder):
        if made.how != "kept":
            print(shown(made.path))
        elif made.path.suffix != ".json":
            print(f"{shown(made.path)} is there already, and stays as it is", file=sys.stderr)
    print(f"Next: {_go(folder)}voyaltis-flow validate; voyaltis-flow talk my_debrief", file=sys.stderr)


def _go(folder: Path) -> str:
    return "" if folder.resolve() == Path.cwd() else f"cd {folder}; "
