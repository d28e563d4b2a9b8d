"""Where content lies: the project's folders, and what ships with the package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import voyaltis_flow
from voyaltis_flow.project.errors import NotFoundError
from voyaltis_flow.script.load import Kind
from voyaltis_flow.script.problems import did_you_mean, there_are

PROJECT_FILE = "voyaltis.yaml"
FOLDERS: dict[Kind, str] = {"flow": "flows", "style": "styles", "catalog": "catalogs"}
SUFFIXES = (".yaml", ".yml")
SCENARIOS = ".scenarios"
"""What the name of a file of scenarios ends with, before its suffix; it lies beside its flow."""


@dataclass(frozen=True)
class Project:
    """The folders in which names are looked up, nearest first; `file` is the nearest `voyaltis.yaml`, if any."""

    roots: tuple[Path, ...]
    file: Path | None = None

    def near(self, path: Path) -> Project:
        """The same, looking first beside a file that was named by its path."""
        home = path.resolve().parent
        own = find_project(home)
        roots = dict.fromkeys((*own.roots[:1], home, home.parent, *self.roots))
        return Project(tuple(roots), own.file or self.file)

    def names(self, kind: Kind) -> frozenset[str]:
        """The names of all content of a kind."""
        return frozenset(path.stem for path in self._all(kind))

    def state(self) -> tuple[tuple[Path, int, int], ...]:
        """All files of content, when they were written, and their sizes: the same as long as none has changed."""
        files = (path for kind in FOLDERS for path in self._all(kind))
        return tuple(told for path in files for told in _told(path))

    def scenarios(self) -> list[Path]:
        """The files of scenarios of the nearest root that has flows: a project's own, and of nothing that ships."""
        folders = (root / FOLDERS["flow"] for root in self.roots)
        return next((scenario_files(folder) for folder in folders if content_files(folder)), [])

    def find(self, kind: Kind, name: str) -> Path:
        """The file that a name or a path stands for."""
        if is_path(name):
            if not Path(name).is_file():
                raise NotFoundError(f"There is no file {name}.")
            return Path(name)
        for path in self._all(kind):
            if path.stem == name:
                return path
        names = sorted(self.names(kind))
        others = there_are(names) if names else f"Put it into {FOLDERS[kind]}/{name}.yaml."
        raise NotFoundError(f"No {kind} is named `{name}`. {did_you_mean(name, names, others)}")

    def _all(self, kind: Kind) -> Iterator[Path]:
        for root in self.roots:
            yield from content_files(root / FOLDERS[kind])


def find_project(start: Path | None = None) -> Project:
    """The project around a folder (the working folder by default): beside the nearest `voyaltis.yaml` above it."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return Project((folder, shipped()), folder / PROJECT_FILE)
    return Project((here, shipped()))


def home_of(flow: Path) -> Path:
    """Where a flow's own code lies: in the folder of the nearest `voyaltis.yaml`, else in that which holds `flows/`."""
    here = flow.resolve().parent
    file = find_project(here).file
    if file is not None:
        return file.parent
    return here.parent if here.name == FOLDERS["flow"] else here


def shipped() -> Path:
    """The folder of the content that ships: inside the package when installed, the repository's root in a checkout."""
    package = Path(voyaltis_flow.__file__).parent
    return package / "shipped" if (package / "shipped").is_dir() else package.parent


def _told(path: Path) -> Iterator[tuple[Path, int, int]]:
    with suppress(OSError):  # it has just been taken away
        known = path.stat()
        yield path, known.st_mtime_ns, known.st_size


def is_path(name: str) -> bool:
    """Whether it names a file rather than content."""
    return "/" in name or "\\" in name or name.endswith(SUFFIXES)


def is_scenarios(path: Path) -> bool:
    """Whether a file holds scenarios, by its name."""
    return path.stem.endswith(SCENARIOS)


def scenarios_beside(flow: Path) -> Path | None:
    """The scenarios of a flow's file, if there are any."""
    beside = (flow.with_name(flow.stem + SCENARIOS + suffix) for suffix in SUFFIXES)
    return next((path for path in beside if path.is_file()), None)


def content_files(folder: Path) -> list[Path]:
    """The flows, styles or catalogs in a folder, by name; scenarios are none."""
    return [path for path in _files(folder) if not is_scenarios(path)]


def scenario_files(folder: Path) -> list[Path]:
    """The scenarios in a folder, by name."""
    return [path for path in _files(folder) if is_scenarios(path)]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES) if folder.is_dir() else []
