"""Begins a project, or a file in one, with content that is right: to be changed rather than written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from voyaltis_flow.project.errors import ProjectError
from voyaltis_flow.project.library import content_of, shown
from voyaltis_flow.project.loading import load_flow
from voyaltis_flow.project.places import (
    FOLDERS,
    PROJECT_FILE,
    SCENARIOS,
    SUFFIXES,
    Project,
    content_files,
    find_project,
    scenarios_beside,
    shipped,
)
from voyaltis_flow.script.document import LARGE
from voyaltis_flow.script.language_schema import LANGUAGE
from voyaltis_flow.script.load import Kind, open_document
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.scalars import plain

SCHEMAS = "schemas"
"""The folder of a project in which editors find the language's schemas."""

_FIRST: dict[Kind, str] = {
    "catalog": "my_products",
    "style": "my_style",
    "flow": "my_debrief",
    "scenarios": "my_debrief",
}
_SHIPPED: dict[Kind, str] = {"catalog": "showroom", "style": "friendly_colleague"}
_REPS = """\
simulated:                        # reps who are made up; points of other types need `sayings:` or `options:`
  - name: a day
    facts:"""
_WORKFLOW = Path(".github", "workflows", "voyaltis.yaml")
_NAME = re.compile(r"\w[\w.-]{0,63}")
_SCHEMA_LINE = re.compile(r"^# yaml-language-server:.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """A file that was begun: `new`, `renewed` (a schema), or `kept` as it was found."""

    path: Path
    how: Literal["new", "renewed", "kept"]


def begin_project(folder: Path) -> Iterator[Made]:
    """Fills a folder with a project that validates. What is there already is kept, but for the schemas."""
    folder.mkdir(parents=True, exist_ok=True)
    yield _unless_there(folder / PROJECT_FILE, _starter("voyaltis.yaml"))
    yield from renew_schemas(folder)
    for kind, name in _FIRST.items():
        yield _unless_there(_place(folder, kind, name), _begun(kind, name, find_project(folder)))
    yield _unless_there(folder / _WORKFLOW, _starter("ci.yaml"))


def begin_file(kind: Kind, name: str, project: Project, like: str | None = None) -> Path:
    """A new flow, style or catalog in a project, begun as a copy of another or with what a starter says.

    Raises ProjectError for a name that can't be one, or is taken.
    """
    home = project.roots[0]
    path = _place(home, kind, name)
    if not _NAME.fullmatch(name) or name.endswith((*SUFFIXES, SCENARIOS)):
        raise ProjectError(f"`{name}` can't be a name: up to 64 letters, digits, `_`, `-` and `.`, please.")
    if path.exists():
        raise ProjectError(f"{shown(path)} is there already.")
    text = _begun(kind, name, project, like)
    list(renew_schemas(home))
    return _write(path, text)


def begin_scenarios(name: str, project: Project) -> Path:
    """Scenarios beside a flow of the project: what can be said of it without knowing what it is about.

    Raises ProjectError where the flow ships, has mistakes, or has scenarios already.
    """
    flow = load_flow(name, project)
    if flow.path.is_relative_to(shipped()) and not flow.path.is_relative_to(project.roots[0]):
        raise ProjectError(f"`{name}` ships: begin a copy in this project with `new flow NAME --like {name}`.")
    if (beside := scenarios_beside(flow.path)) is not None:
        raise ProjectError(f"{shown(beside)} is there already.")
    path = flow.path.with_name(f"{flow.path.stem}{SCENARIOS}.yaml")
    list(renew_schemas(project.roots[0]))
    return _write(path, _schema_line("scenarios") + _scenarios_of(flow.value))


def renew_schemas(folder: Path) -> Iterator[Made]:
    """Puts the schemas of this version into a project, so that editors find them."""
    for kind in LANGUAGE:
        name = f"{kind}.schema.json"
        text = (files("voyaltis_flow.script") / "schemas" / name).read_text("utf-8")
        path = folder / SCHEMAS / name
        before = path.read_text("utf-8") if path.is_file() else None
        if before == text:
            yield Made(path, "kept")
        else:
            yield Made(_write(path, text), "new" if before is None else "renewed")


def _begun(kind: Kind, name: str, project: Project, like: str | None = None) -> str:
    like = _SHIPPED["style"] if kind == "style" and like is None else like
    names = {"NAME": _scalar(name), "CATALOG": _one_of("catalog", project), "STYLE": _one_of("style", project)}
    text = _copy(kind, name, like, project) if like else _starter(f"{kind}.yaml", **names)
    return _schema_line(kind) + text


def _schema_line(kind: Kind) -> str:
    return f"# yaml-language-server: $schema=../{SCHEMAS}/{kind}.schema.json\n"


def _place(home: Path, kind: Kind, name: str) -> Path:
    """Where a file of a kind belongs: scenarios beside their flow."""
    if kind == "scenarios":
        return home / FOLDERS["flow"] / f"{name}{SCENARIOS}.yaml"
    return home / FOLDERS[kind] / f"{name}.yaml"


def _scenarios_of(flow: Flow) -> str:
    """The opening of a flow, and reps who tell of its products."""
    asked = "asked: opening" if any("?" in said for said in flow.opening.words()) else "asked: nothing"
    told = {"quantities": "{products: [1, 3], number: [1, 9]}", "products": "{products: [1, 3]}"}
    facts = [f"      {point.id}: {told[point.type]}" for point in flow.points if point.type in told and flow.catalog]
    text = _starter("any.scenarios.yaml", NAME=_scalar(flow.flow), LANGUAGE=flow.languages[0], ASKED=asked)
    return text + ("\n".join(["", _REPS, *facts, ""]) if facts else "")


def _starter(file: str, **names: str) -> str:
    text = (files("voyaltis_flow.project") / "starters" / file).read_text("utf-8")
    return re.sub("|".join(names), lambda placeholder: names[placeholder[0]], text) if names else text


def _copy(kind: Kind, name: str, like: str, project: Project) -> str:
    """The text of another one under a new id."""
    path = project.find(kind, like)
    document = open_document(shown(path), content_of(path, LARGE), LARGE)
    mark = ((document.mark.inside if document.mark else None) or {}).get(kind)
    if mark is None:
        raise ProjectError(f"{document.path} has no `{kind}:` to be named anew.")
    return _SCHEMA_LINE.sub("", document.text[: mark.start] + _scalar(name) + document.text[mark.end :])


def _scalar(name: str) -> str:
    """A name as YAML has it: `2026` would be a number."""
    return name if plain(name) == name else f'"{name}"'


def _one_of(kind: Kind, project: Project) -> str:
    """What a new flow refers to: the project's own, where it has one."""
    own = content_files(project.roots[0] / FOLDERS[kind])
    return _scalar(own[0].stem) if own else _SHIPPED[kind]


def _unless_there(path: Path, text: str) -> Made:
    return Made(path, "kept") if path.exists() else Made(_write(path, text), "new")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
