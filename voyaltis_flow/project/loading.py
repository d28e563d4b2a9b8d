"""Content by name or path, ready to use: what has errors is refused with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from voyaltis_flow.project.errors import ContentError, NotFoundError
from voyaltis_flow.project.library import Library
from voyaltis_flow.project.places import Project, find_project, is_path, is_scenarios, scenarios_beside
from voyaltis_flow.script.document import Document
from voyaltis_flow.script.load import Kind, content_hash
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import Problem
from voyaltis_flow.script.scenarios import Scenarios

Part = TypeVar("Part", bound=Flow | Style | Catalog | Scenarios)

DEFAULT_STYLE = "friendly_colleague"


@dataclass(frozen=True)
class Loaded(Generic[Part]):
    """A part of the language, the file that it came from, and the warnings about it."""

    value: Part
    path: Path
    document: Document
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Script:
    """All that a conversation needs to know: a flow, the style that speaks, and the catalogs it draws on."""

    flow: Flow
    style: Style
    catalogs: tuple[Catalog, ...]

    @cached_property
    def hash(self) -> str:
        """A hash of all of it, the same however the YAML is laid out."""
        return content_hash(self.flow, self.style, *self.catalogs)


def load_flow(name: str, project: Project | None = None) -> Loaded[Flow]:
    """The flow of a name or path. Raises NotFoundError, or ContentError with all its errors."""
    return _load(Flow, "flow", name, project)


def load_style(name: str, project: Project | None = None) -> Loaded[Style]:
    """The style of a name or path."""
    return _load(Style, "style", name, project)


def load_catalog(name: str, project: Project | None = None) -> Loaded[Catalog]:
    """The catalog of a name or path."""
    return _load(Catalog, "catalog", name, project)


def load_script(
    flow: str, style: str | None = None, catalogs: Sequence[str] | None = None, project: Project | None = None
) -> Script:
    """A flow with its style and its catalogs; those named here take the place of the flow's own."""
    loaded = load_flow(flow, project)
    around = (project or find_project()).near(loaded.path) if is_path(flow) else project
    named = loaded.value.catalog if catalogs is None else catalogs
    return Script(
        loaded.value,
        load_style(style or loaded.value.style or DEFAULT_STYLE, around).value,
        tuple(load_catalog(name, around).value for name in named),
    )


def load_scenarios(name: str, project: Project | None = None) -> Loaded[Scenarios]:
    """The scenarios of a flow, by the flow's name or path or their own path."""
    project = project or find_project()
    if is_path(name) and is_scenarios(Path(name)):
        return _read(Scenarios, "scenarios", project.find("scenarios", name), project)
    flow = project.find("flow", name)
    beside = scenarios_beside(flow)
    if beside is None:
        raise NotFoundError(f"{flow} has no scenarios: put them beside it, into {flow.stem}.scenarios.yaml.")
    return _read(Scenarios, "scenarios", beside, project)


def _load(model: type[Part], kind: Kind, name: str, project: Project | None) -> Loaded[Part]:
    project = project or find_project()
    return _read(model, kind, project.find(kind, name), project)


def _read(model: type[Part], kind: Kind, path: Path, project: Project) -> Loaded[Part]:
    library = Library(project)
    problems = library.problems(model, path)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise ContentError(errors)
    read = library.read(model, path)
    if read.value is None:
        raise NotFoundError(f"{path} is no {kind}.")
    return Loaded(read.value, path, read.document, tuple(problems))
