"""`voyaltis-flow new`: a flow, a style, a catalog or scenarios to begin with, in the project's folders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from voyaltis_flow.project import ContentError, ProjectError, find_project
from voyaltis_flow.project.library import shown
from voyaltis_flow.project.starting import begin_file, begin_scenarios
from voyaltis_flow.script.load import Kind

from .exits import Code, CommandError

KINDS: Mapping[str, Kind] = {"flow": "flow", "style": "style", "catalog": "catalog", "scenario": "scenarios"}


def new(
    kind: Annotated[str, typer.Argument(help="flow, style, catalog or scenario.")],
    name: Annotated[str, typer.Argument(help="Its id, which is the file's name as well; of a scenario, its flow's.")],
    like: Annotated[str | None, typer.Option("--like", help="Begin with a copy of this one.")] = None,
) -> None:
    """Begin a flow, a style, a catalog, or the scenarios of a flow, with content that validates."""
    if kind not in KINDS:
        raise CommandError(Code.MISUSE, f"what is new is one of {', '.join(KINDS)}; `{kind}` is none of them")
    if kind == "scenario" and like is not None:
        raise CommandError(Code.MISUSE, "--like goes with a flow, a style or a catalog; a scenario is of its flow")
    project = find_project()
    try:
        made = begin_scenarios(name, project) if kind == "scenario" else begin_file(KINDS[kind], name, project, like)
    except ContentError as error:
        raise CommandError(Code.FAILED, f"{name} has errors\n{error}") from error
    except ProjectError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    print(shown(made))
