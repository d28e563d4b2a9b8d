"""Rewrites files of a project in place: laid out evenly, or in the newest version of their format."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from voyaltis_flow.project.library import content_of, shown
from voyaltis_flow.project.places import PROJECT_FILE, Project
from voyaltis_flow.project.validation import files_under, kind_at
from voyaltis_flow.script import codes
from voyaltis_flow.script.document import LARGE, Document
from voyaltis_flow.script.layout import LayoutError, laid_out
from voyaltis_flow.script.load import MODELS, open_document
from voyaltis_flow.script.versions import RewriteError, changed_keys, newest, rewritten, version_of

_BOM = "\ufeff"


@dataclass(frozen=True)
class Rewrite:
    """A file, its text as it would be, and what that changes. With a fault, the text stays as it is."""

    path: Path
    text: str
    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path as people know it."""
        return shown(self.path)

    def write(self) -> None:
        """Puts the text into the file, whole or not at all; the file keeps its permissions."""
        target = self.path.resolve()
        with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=target.parent, delete=False) as file:
            file.write(self.text)
        shutil.copymode(target, file.name)
        os.replace(file.name, target)


Rewriter = Callable[[Path, Document], tuple[str, tuple[str, ...]]]
"""A file's new text, and what it changes. Raises RewriteError where the text must stay."""


def layouts(paths: Sequence[Path], project: Project) -> Iterator[Rewrite]:
    """The files under these paths, laid out."""
    return _rewrites(paths, project, _layout)


def migrations(paths: Sequence[Path], project: Project) -> Iterator[Rewrite]:
    """The files under these paths, in the newest versions of their formats."""
    return _rewrites(paths, project, _migration)


def _rewrites(paths: Sequence[Path], project: Project, rewriter: Rewriter) -> Iterator[Rewrite]:
    for path in files_under(paths, project):
        if kind_at(path) is None and path.name != PROJECT_FILE:
            if path in paths:
                yield Rewrite(
                    path, "", faults=(f"{shown(path)}: this is no flow, no style, no catalog, and no scenarios",)
                )
            continue
        content = content_of(path, LARGE)
        document = open_document(shown(path), content, LARGE)
        if [mistake.code for mistake in document.mistakes] == [codes.EMPTY]:
            continue
        if document.problems:
            yield Rewrite(path, document.text, faults=tuple(map(str, document.problems)))
            continue
        try:
            text, changes = rewriter(path, document)
        except RewriteError as error:
            yield Rewrite(path, document.text, faults=(f"{document.path}: {error}",))
            continue
        mark = _BOM if content.startswith(_BOM.encode()) else ""
        yield Rewrite(path, mark + text, changes)


def _layout(path: Path, document: Document) -> tuple[str, tuple[str, ...]]:
    try:
        text = laid_out(document)
    except LayoutError as error:
        raise RewriteError("it can't be laid out without changing what it says, and stays as it is") from error
    return text, () if text == document.text else ("laid out",)


def _migration(path: Path, document: Document) -> tuple[str, tuple[str, ...]]:
    kind = kind_at(path)
    model = MODELS[kind] if kind else None
    version = version_of(model, document) if model else None
    if model is None or version is None:
        return document.text, ()
    keys = (f"`{change.old}` is `{change.new}`" for change in changed_keys(model, document))
    return rewritten(model, document), (f"version {version} is {newest(model)}", *keys)
