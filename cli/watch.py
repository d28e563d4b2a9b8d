"""Waits for files of a project to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from voyaltis_flow.project import Project
from voyaltis_flow.project.library import shown
from voyaltis_flow.project.places import FOLDERS, SUFFIXES

_MOMENT = 200
"""Milliseconds after which it is said that nothing has changed, which is how one learns that it has begun to look."""


def changes(paths: Sequence[Path], project: Project) -> Iterator[list[str]]:
    """The YAML files that changed since the last time, again and again, until Ctrl-C; first none, once it looks.

    What is looked at are the paths and, since what they say depends on it, the project's own content.
    """
    from watchfiles import watch  # noqa: PLC0415 - of all that commands do, only this needs it

    folders = sorted(_folders(paths, project))
    looks = False
    for changed in watch(
        *folders,
        watch_filter=lambda _, path: path.endswith(SUFFIXES),
        rust_timeout=_MOMENT,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if changed or not looks:
            looks = True
            yield sorted({shown(Path(path)) for _, path in changed})


def _folders(paths: Sequence[Path], project: Project) -> set[Path]:
    """Folders rather than files: an editor that saves puts a new file in the old one's place."""
    content = [project.roots[0] / folder for folder in FOLDERS.values()]
    named = [path if path.is_dir() else path.parent for path in paths]
    beside = [project.file.parent] if project.file and not paths else []
    return {folder.resolve() for folder in (*content, *named, *beside) if folder.is_dir()}
