"""Flows with their styles and catalogs, ready to be held: compiled once for all conversations of a process."""

from __future__ import annotations

from contextlib import suppress
from weakref import WeakKeyDictionary

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.project import Project, ProjectError, Script, load_script
from voyaltis_flow.speech.terms import KeyTerms

MOST_KEPT = 8


class Scripts:
    """The scripts of a project. One that was edited is compiled anew for the next conversation."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._state = project.state()
        self._known: dict[tuple[str, str | None], CompiledScript] = {}
        """What was asked for since the last change of any file."""
        self._compiled: dict[str, CompiledScript] = {}
        self._terms: WeakKeyDictionary[CompiledScript, KeyTerms] = WeakKeyDictionary()

    @property
    def flows(self) -> frozenset[str]:
        """The names of all flows that there are."""
        return self._project.names("flow")

    def terms(self, script: CompiledScript) -> KeyTerms:
        """The names of a script's catalogs, for its ears."""
        if script not in self._terms:
            assert isinstance(script.index, CatalogIndex)
            self._terms[script] = KeyTerms(script.index)
        return self._terms[script]

    def warm(self) -> list[CompiledScript]:
        """Compiles what is likely to be asked for. What has errors is told when it is asked for."""
        compiled = []
        for flow in sorted(self.flows)[:MOST_KEPT]:
            with suppress(ProjectError):
                script = load_script(flow, project=self._project)
                compiled.append(self._known.setdefault((flow, None), self._compile(script)))
        return compiled

    def get(self, flow: str, style: str | None = None) -> CompiledScript:
        """A flow by name, with its own style or another. Raises ProjectError where it can't be had, or has errors."""
        if (state := self._project.state()) != self._state:
            self._state = state
            self._known.clear()
        if (flow, style) not in self._known:
            self._known[flow, style] = self._compile(load_script(flow, style, project=self._project))
        return self._known[flow, style]

    def _compile(self, script: Script) -> CompiledScript:
        if script.hash in self._compiled:
            return self._compiled[script.hash]
        while len(self._compiled) >= MOST_KEPT:
            del self._compiled[next(iter(self._compiled))]
        compiled = CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks)
        self._compiled[script.hash] = compiled
        return compiled
