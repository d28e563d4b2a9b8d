"""What `validate` does: finds the files, tells what each is, and lists what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voyaltis_flow.checks import WorstCase, worst_case
from voyaltis_flow.project.errors import NotFoundError
from voyaltis_flow.project.library import Library, content_of, shown
from voyaltis_flow.project.places import (
    FOLDERS,
    PROJECT_FILE,
    SUFFIXES,
    Project,
    content_files,
    is_scenarios,
    scenario_files,
)
from voyaltis_flow.project.settings import hooks_allowed, read_project_file
from voyaltis_flow.script import codes
from voyaltis_flow.script.document import SMALL, Document, Mistake, place_all
from voyaltis_flow.script.load import MODELS, Kind, kind_of
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.problems import Coded, Finding, Problem

_SKIPPED = ("node_modules", "__pycache__", "venv")


@dataclass(frozen=True)
class FileReport:
    """A file and its problems, sorted; `document` has the lines that they point at."""

    document: Document
    problems: tuple[Problem, ...]
    worst: WorstCase | None = None
    """What a conversation takes at the most, where the file is a flow that can be held."""


def validate(paths: Sequence[Path], project: Project, *, allow_hooks: bool | None = None) -> Iterator[FileReport]:
    """A report on each file under `paths`, or on the project's own content when none is given.

    Where hooks are allowed, here or by the project's own file, the modules that flows name are imported.
    """
    library = Library(project, allow_hooks=hooks_allowed(project, allow_hooks))
    for path in files_under(paths, project):
        try:
            yield _report(library, path)
        except NotFoundError as error:
            mistake = Mistake(codes.UNREADABLE, 0, str(error), "Look at what it is, and who may read it.")
            document = Document(shown(path), "", mistakes=(mistake,))
            yield FileReport(document, document.problems)


def files_under(paths: Sequence[Path], project: Project) -> Iterator[Path]:
    """The YAML files under these paths, or the project's own content when there are none. Raises NotFoundError."""
    return _files(paths) if paths else _own_files(project)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(_walk(path))
        elif path.is_file():
            found[path] = None
        else:
            raise NotFoundError(f"There is no file {path}.")
    return iter(found)


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES):
                yield Path(here, name)


def _own_files(project: Project) -> Iterator[Path]:
    home = project.roots[0]
    found = [path for folder in FOLDERS.values() for path in content_files(home / folder)]
    found += scenario_files(home / FOLDERS["flow"])
    if project.file:
        found.append(project.file)
    if not found:
        raise NotFoundError(f"There is nothing to validate: no flows, styles or catalogs under {home}.")
    return iter(found)


def _report(library: Library, path: Path) -> FileReport:
    if path.name == PROJECT_FILE:
        settings = read_project_file(library, path)
        return FileReport(settings.document, tuple(place_all(settings.document, settings.found)))
    kind = kind_at(path)
    if kind is None:
        return _unknown(library, path)
    model = MODELS[kind]
    problems, read = library.problems(model, path), library.read(model, path)
    right = all(problem.severity == "warning" for problem in problems)
    worst = worst_case(read.value) if right and isinstance(read.value, Flow) else None
    return FileReport(read.document, tuple(problems), worst)


def kind_at(path: Path) -> Kind | None:
    """What a file is: by its name or the folder it lies in, else by its top keys, one of them near its beginning."""
    if is_scenarios(path):
        return "scenarios"
    for kind, folder in FOLDERS.items():
        if path.parent.name == folder:
            return kind
    return kind_of(content_of(path, SMALL)[:SMALL])


def _unknown(library: Library, path: Path) -> FileReport:
    document = library.document(path, SMALL)
    found = []
    if isinstance(document.data, dict):
        hint = "A flow has `points:`, a style `lines:`, a catalog `products:`, a file of scenarios `scenarios:`."
        message = "This is no flow, no style, no catalog, and has no scenarios."
        found.append(Coded(codes.UNKNOWN_KIND, Finding((), message, hint)))
    return FileReport(document, tuple(place_all(document, found)))
