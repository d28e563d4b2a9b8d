"""A flow's scenarios with all that they need, and the same made ready to be held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.hooks import HooksByPoint
from voyaltis_flow.project import NotFoundError, Project, find_project, load_scenarios, load_script, load_style
from voyaltis_flow.project.places import content_files, is_path
from voyaltis_flow.script.document import Document
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import Finding
from voyaltis_flow.script.problems import Path as Steps
from voyaltis_flow.script.scenarios import Scenarios
from voyaltis_flow.simulate.naming import Naming
from voyaltis_flow.simulate.phrases import phrases_of


@dataclass(frozen=True)
class Suite:
    """What is known of a flow before its scenarios are held. Goes to other processes as it is."""

    scenarios: Scenarios
    document: Document = field(repr=False)
    flow: Flow
    style: str
    """The style that speaks where a scenario names none."""
    styles: Mapping[str, Style]
    """All that the project has, that one first: whichever speaks, the same rep is to yield the same data."""
    catalogs: tuple[Catalog, ...]
    hooks: HooksByPoint = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The flow's name."""
        return self.flow.flow

    def place(self, path: Steps) -> str:
        """Where something stands in the scenarios: `file:line`."""
        line, _ = self.document.place(self.document.offset(Finding(path, "")))
        return f"{self.document.path}:{line}"


class Stage:
    """A suite made ready: what takes its time is made once, and shared by all conversations."""

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self._first = CompiledScript.compile(suite.flow, suite.styles[suite.style], suite.catalogs, suite.hooks)
        self._scripts = {suite.style: self._first}
        self._namings: dict[str, Naming] = {}

    def script(self, style: str | None = None) -> CompiledScript:
        """The flow as a style speaks it."""
        name = style or self.suite.style
        if name not in self._scripts:
            spoken = self.suite.styles[name]
            first, hooks = self._first, self.suite.hooks
            self._scripts[name] = CompiledScript(self.suite.flow, spoken, first.index, first.reader, hooks)
        return self._scripts[name]

    def naming(self, language: str) -> Naming:
        """How the products are named in a language."""
        if language not in self._namings:
            self._namings[language] = Naming(self.suite.catalogs, phrases_of(language))
        return self._namings[language]

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The names of all products."""
        return tuple(product.name for catalog in self.suite.catalogs for product in catalog.products)


def load_suite(name: str, project: Project | None = None, *, allow_hooks: bool | None = None) -> Suite:
    """The scenarios of a flow's name or path. Raises ProjectError for what can't be had or has errors.

    Hooks are allowed as `load_script` allows them.
    """
    project = project or find_project()
    loaded = load_scenarios(name, project)
    around = project.near(loaded.path) if is_path(name) else project
    beside = [path for path in content_files(loaded.path.parent) if path.stem == loaded.value.scenarios]
    script = load_script(str(beside[0]) if beside else loaded.value.scenarios, project=around, allow_hooks=allow_hooks)
    names = [script.style.style, *sorted(around.names("style") - {script.style.style})]
    styles = {script.style.style: script.style} | {each: load_style(each, around).value for each in names[1:]}
    spoken = script.style.style
    return Suite(loaded.value, loaded.document, script.flow, spoken, styles, script.catalogs, script.hooks)


def suites_of(names: list[str], project: Project | None = None, *, allow_hooks: bool | None = None) -> list[Suite]:
    """The scenarios of the flows that are named, or of all that have any. Raises NotFoundError where none has."""
    project = project or find_project()
    wanted = names or [*map(str, project.scenarios())]
    if not wanted:
        raise NotFoundError("No flow here has scenarios. `voyaltis-flow new scenario FLOW` begins some.")
    return [load_suite(name, project, allow_hooks=allow_hooks) for name in wanted]
