"""Content by name or path, ready to use: what has errors is refused with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from voyaltis_flow.engine.hooks import HooksByPoint
from voyaltis_flow.project.errors import ContentError, NotFoundError
from voyaltis_flow.project.library import ERRORS, Library, content_of
from voyaltis_flow.project.places import FOLDERS, Project, find_project, is_path, is_scenarios, scenarios_beside
from voyaltis_flow.project.settings import hooks_allowed
from voyaltis_flow.script.document import LARGE, Document
from voyaltis_flow.script.load import Kind, content_hash, kind_of
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import did_you_mean, there_are
from voyaltis_flow.script.scenarios import Scenarios

Part = TypeVar("Part", bound=Flow | Style | Catalog | Scenarios)

DEFAULT_STYLE = "friendly_colleague"


@dataclass(frozen=True)
class Loaded(Generic[Part]):
    """A part of the language, and the file that it came from."""

    value: Part
    path: Path
    document: Document


@dataclass(frozen=True)
class Script:
    """All that a conversation needs to know: a flow, the style that speaks, and the catalogs it draws on."""

    flow: Flow
    style: Style
    catalogs: tuple[Catalog, ...]
    hooks: HooksByPoint = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """A hash of all of it, the same however the YAML is laid out."""
        return content_hash(self.flow, self.style, *self.catalogs)


def load_flow(name: str, project: Project | None = None, *, allow_hooks: bool | None = None) -> Loaded[Flow]:
    """The flow of a name or path. Raises NotFoundError, or ContentError with all its errors; hooks as `load_script`."""
    return _load(Flow, "flow", name, _library(project, allow_hooks))


def load_style(name: str, project: Project | None = None) -> Loaded[Style]:
    """The style of a name or path."""
    return _load(Style, "style", name, Library(project or find_project()))


def load_catalog(name: str, project: Project | None = None) -> Loaded[Catalog]:
    """The catalog of a name or path."""
    return _load(Catalog, "catalog", name, Library(project or find_project()))


def load_script(
    flow: str,
    style: str | None = None,
    catalogs: Sequence[str] | None = None,
    project: Project | None = None,
    *,
    allow_hooks: bool | None = None,
) -> Script:
    """A flow with its style and its catalogs; those named here take the place of the flow's own.

    A flow that names Python of its author's is refused unless hooks are allowed: here, or by the project's own file.
    """
    library = _library(project, allow_hooks)
    loaded = _load(Flow, "flow", flow, library)
    around = (project or find_project()).near(loaded.path) if is_path(flow) else project
    named = loaded.value.catalog if catalogs is None else catalogs
    return Script(
        loaded.value,
        load_style(style or loaded.value.style or DEFAULT_STYLE, around).value,
        tuple(load_catalog(name, around).value for name in named),
        library.hooks(loaded.path),
    )


def kind_named(name: str, project: Project | None = None) -> Kind:
    """What a name or a path stands for. Raises NotFoundError where nothing has it; a flow goes before a catalog."""
    if is_path(name):
        kind = kind_of(content_of(Path(name), LARGE))
        if kind is None:
            raise NotFoundError(f"{name} is no flow, no style and no catalog.")
        return kind
    around = project or find_project()
    for known in FOLDERS:
        if name in around.names(known):
            return known
    names = [known for kind in FOLDERS for known in sorted(around.names(kind))]
    raise NotFoundError(f"No flow, style or catalog is named `{name}`. {did_you_mean(name, names, there_are(names))}")


def _library(project: Project | None, allow_hooks: bool | None) -> Library:
    around = project or find_project()
    return Library(around, allow_hooks=hooks_allowed(around, allow_hooks))


def load_scenarios(name: str, project: Project | None = None) -> Loaded[Scenarios]:
    """The scenarios of a flow, by the flow's name or path or their own path."""
    project = project or find_project()
    if is_path(name) and is_scenarios(Path(name)):
        return _read(Scenarios, "scenarios", project.find("scenarios", name), Library(project))
    flow = project.find("flow", name)
    beside = scenarios_beside(flow)
    if beside is None:
        raise NotFoundError(f"{flow} has no scenarios: put them beside it, into {flow.stem}.scenarios.yaml.")
    return _read(Scenarios, "scenarios", beside, Library(project))


def _load(model: type[Part], kind: Kind, name: str, library: Library) -> Loaded[Part]:
    return _read(model, kind, library.project.find(kind, name), library)


def _read(model: type[Part], kind: Kind, path: Path, library: Library) -> Loaded[Part]:
    errors = [problem for problem in library.problems(model, path, ERRORS) if problem.severity == "error"]
    if errors:
        raise ContentError(errors)
    read = library.read(model, path)
    if read.value is None:
        raise NotFoundError(f"{path} is no {kind}.")
    return Loaded(read.value, path, read.document)
