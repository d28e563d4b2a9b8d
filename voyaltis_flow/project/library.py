"""Reads content and what it refers to, each file once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel

from voyaltis_flow.checks import Staged, Surroundings, check
from voyaltis_flow.engine.hooks import HooksByPoint
from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.project.errors import NotFoundError
from voyaltis_flow.project.hooks import NO_LOADING, Loading, load_hooks
from voyaltis_flow.project.places import Project, home_of, is_path
from voyaltis_flow.reading.books import list_names
from voyaltis_flow.script.document import Document, place_all, too_large
from voyaltis_flow.script.extending import extended, told_once
from voyaltis_flow.script.load import Read, limit_of, open_document, typed
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import Coded, Finding, Problem, Severity, code
from voyaltis_flow.script.scenarios import Scenarios
from voyaltis_flow.script.versions import upgraded

Part = TypeVar("Part", bound=Flow | Style | Catalog | Scenarios)

MAX_ANCESTORS = 10
ALL: tuple[Severity, ...] = get_args(Severity)
ERRORS: tuple[Severity, ...] = ("error",)

_UNKNOWN_PARENT = code("VF203", "A flow to extend that there is not")
_OWN_ANCESTOR = code("VF204", "A flow that extends itself")
_FAULTY_PARENT = code("VF205", "A flow to extend that has mistakes of its own")


class Library:
    """The content of a project. Remembers what it has read, so a catalog that ten flows name is read once."""

    def __init__(self, project: Project, *, allow_hooks: bool = False) -> None:
        self.project, self._allow_hooks = project, allow_hooks
        self._documents: dict[Path, Document] = {}
        self._reads: dict[Path, Read[Any]] = {}

    def read(self, model: type[Part], path: Path) -> Read[Part]:
        """A file as one part of the language, what it extends included."""
        if path not in self._reads:
            document = upgraded(model, self.document(path, limit_of(model)))
            self._reads[path] = self._flow(document, path) if model is Flow else typed(model, document)
        return cast("Read[Part]", self._reads[path])

    def document(self, path: Path, limit: int) -> Document:
        """A file's text and data. Raises NotFoundError when it can't be opened."""
        if path not in self._documents:
            self._documents[path] = _opened(path, limit)
        return self._documents[path]

    def problems(self, model: type[Part], path: Path, wanted: Collection[Severity] = ALL) -> list[Problem]:
        """What is wrong with a file. What is wrong with a flow that it extends is told in that one's file.

        Rules of severities that are not wanted are not applied: those over names take their time with a large catalog.
        """
        return place_all(self.read(model, path).document, self._found(model, path, wanted))

    def _found(self, model: type[Part], path: Path, wanted: Collection[Severity]) -> list[Coded]:
        read = self.read(model, path)
        found = list(read.found)
        part = read.value or read.draft
        if part is not None:
            found += read.sound([*check(part, self._surroundings(path, part), wanted), *self._hooks(path, part).found])
        if read.document.parent is None:
            return found
        name = read.document.data["extends"]
        of_parent = self._found(Flow, self._parent(path, name), wanted)
        own = list(told_once(read.document, found, of_parent))
        kept = any(coded.code.severity == "error" and coded in of_parent for coded in found)
        return [*own, _faulty_parent(name)] if kept else own

    def hooks(self, path: Path) -> HooksByPoint:
        """The functions that a flow names for its points, where they may run."""
        return self._hooks(path, self.read(Flow, path).value).hooks

    def _hooks(self, path: Path, part: BaseModel | None) -> Loading:
        if not isinstance(part, Flow):
            return NO_LOADING
        return load_hooks(part, home_of(path), allowed=self._allow_hooks)

    def _surroundings(self, path: Path, part: Flow | Style | Catalog | Scenarios) -> Surroundings:
        languages = frozenset(available_languages())
        if isinstance(part, Scenarios):
            project = self.project.near(path)
            return Surroundings(styles=project.names("style"), languages=languages, flows=self._flows(project))
        if not isinstance(part, Flow):
            return Surroundings(languages=languages)
        project = self.project.near(path)
        return Surroundings(
            styles=project.names("style"),
            catalogs=project.names("catalog"),
            languages=languages,
            word_lists=frozenset(name for language in languages for name in list_names(language)),
            opened=self._catalogs(project, part),
            style=self._style(project, part),
        )

    def _style(self, project: Project, flow: Flow) -> Style | None:
        if flow.style not in project.names("style"):
            return None
        return self.read(Style, project.find("style", flow.style)).value

    def _flows(self, project: Project) -> dict[str, Staged | None]:
        """All flows, each with its catalogs."""
        there = project.names("catalog")
        found: dict[str, Staged | None] = {}
        for name in sorted(project.names("flow")):
            flow = self.read(Flow, project.find("flow", name)).value
            names = there.intersection(flow.catalog) if flow else ()
            read = [self.read(Catalog, project.find("catalog", each)).value for each in sorted(names)]
            found[name] = Staged(flow, tuple(filter(None, read))) if flow else None
        return found

    def _catalogs(self, project: Project, flow: Flow) -> dict[str, Catalog]:
        """The catalogs of a flow that names several, for what is wrong with them together."""
        there = project.names("catalog").intersection(flow.catalog) if len(flow.catalog) > 1 else ()
        read = {name: self.read(Catalog, project.find("catalog", name)).value for name in there}
        return {name: catalog for name, catalog in read.items() if catalog is not None}

    def _flow(self, document: Document, path: Path) -> Read[Flow]:
        parent = document.data.get("extends") if isinstance(document.data, dict) else None
        if not isinstance(parent, str):
            return typed(Flow, document)
        try:
            if (fault := self._cycle(path)) is not None:
                return _orphan(document, fault)
            read = self.read(Flow, self._parent(path, parent))
        except NotFoundError as error:
            return _orphan(document, Coded(_UNKNOWN_PARENT, Finding(("extends",), str(error))))
        if read.value is None:
            return _orphan(document, _faulty_parent(parent))
        return typed(Flow, extended(document, read.document))

    def _parent(self, path: Path, name: str) -> Path:
        """A path is seen from the file that it stands in."""
        return self.project.near(path).find("flow", str(path.parent / name) if is_path(name) else name)

    def _cycle(self, path: Path) -> Coded | None:
        """What is wrong with a line of ancestors: that it comes round, or that it is too long."""
        line = [path.resolve()]
        while len(line) <= MAX_ANCESTORS:
            data = self.document(line[-1], limit_of(Flow)).data
            name = data.get("extends") if isinstance(data, dict) else None
            if not isinstance(name, str):
                return None
            parent = self._parent(line[-1], name).resolve()
            if parent in line:
                steps = " → ".join(step.stem for step in (*line, parent))
                return Coded(_OWN_ANCESTOR, Finding(("extends",), f"This comes round: {steps}.", "Take one out."))
            line.append(parent)
        message = f"More than {MAX_ANCESTORS} flows stand behind this one."
        return Coded(_OWN_ANCESTOR, Finding(("extends",), message, "Extend an earlier one."))


def _faulty_parent(name: str) -> Coded:
    return Coded(_FAULTY_PARENT, Finding(("extends",), f"`{name}` has mistakes of its own.", "Mend it first."))


def _orphan(document: Document, fault: Coded) -> Read[Flow]:
    """A flow without what it extends: its own mistakes are told, but for what the parent may have had."""
    read = typed(Flow, document, partial=True)
    return replace(read, found=(*read.found, fault))


def _opened(path: Path, limit: int) -> Document:
    content = content_of(path, limit)
    if len(content) > limit:
        return too_large(shown(path), path.stat().st_size, limit)
    return open_document(shown(path), content, limit)


def content_of(path: Path, limit: int) -> bytes:
    """A file's bytes, and of a larger one a byte more than the limit. Raises NotFoundError when it can't be read."""
    if path.exists() and not path.is_file():
        raise NotFoundError(f"{shown(path)} is no file.")
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise NotFoundError(f"{shown(path)} can't be read: {error.strerror or error}.") from error


def shown(path: Path) -> str:
    """A path as people know it: from the working folder when it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
