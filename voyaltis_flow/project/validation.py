"""What `validate` does: finds the files, tells what each is, and lists what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voyaltis_flow.checks import WorstCase, worst_case
from voyaltis_flow.project.errors import NotFoundError
from voyaltis_flow.project.library import Library, content_of, shown
from voyaltis_flow.project.places import FOLDERS, PROJECT_FILE, SCENARIOS, SUFFIXES, Project, content_files
from voyaltis_flow.project.settings import read_project_file
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


def validate(paths: Sequence[Path], project: Project) -> Iterator[FileReport]:
    """A report on each file under `paths`, or on the project's own content when none is given."""
    library = Library(project)
    for path in _files(paths) if paths else _own_files(project):
        try:
            yield _report(library, path)
        except NotFoundError as error:
            mistake = Mistake(codes.UNREADABLE, 0, str(error), "Look at what it is, and who may read it.")
            document = Document(shown(path), "", mistakes=(mistake,))
            yield FileReport(document, document.problems)


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
    found = [path for folder in FOLDERS.values() for path in content_files(project.roots[0] / folder)]
    if project.file:
        found.append(project.file)
    if not found:
        raise NotFoundError(f"There is nothing to validate: no flows, styles or catalogs under {project.roots[0]}.")
    return iter(found)


def _report(library: Library, path: Path) -> FileReport:
    if path.name == PROJECT_FILE:
        settings = read_project_file(library, path)
        return FileReport(settings.document, tuple(place_all(settings.document, settings.found)))
    kind = _kind(path)
    if kind is None:
        return _unknown(library, path)
    model = MODELS[kind]
    problems, read = library.problems(model, path), library.read(model, path)
    right = all(problem.severity == "warning" for problem in problems)
    worst = worst_case(read.value) if right and isinstance(read.value, Flow) else None
    return FileReport(read.document, tuple(problems), worst)


def _kind(path: Path) -> Kind | None:
    """What a file is: by the folder that it lies in, else by its top keys, of which one stands near its beginning."""
    for kind, folder in FOLDERS.items():
        if path.parent.name == folder:
            return kind
    return kind_of(content_of(path, SMALL)[:SMALL])


def _unknown(library: Library, path: Path) -> FileReport:
    document = library.document(path, SMALL)
    found = []
    if isinstance(document.data, dict) and not path.stem.endswith(SCENARIOS):
        hint = "A flow has `points:`, a style `lines:`, a catalog `products:`."
        found.append(Coded(codes.UNKNOWN_KIND, Finding((), "This is no flow, no style and no catalog.", hint)))
    return FileReport(document, tuple(place_all(document, found)))
