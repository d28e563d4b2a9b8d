"""Loads the Python that a flow names for its points, where that is allowed; where not, it is a problem of the flow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

from voyaltis_flow.engine.hooks import Hook, HooksByPoint, PointHooks
from voyaltis_flow.script import problems
from voyaltis_flow.script.hooks import named_hooks
from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.problems import Code, Coded, Finding, code, listing

_NOT_ALLOWED = code("VF220", "A hook that is not allowed here")
_NOT_LOADED = code("VF221", "A hook that can't be loaded")
_IDLE = code("VF222", "A hook that reads where none can")

READABLE = ("text", "list", "schema")
"""The types of point whose value a hook can make of the rep's words."""


@dataclass(frozen=True)
class Loading:
    """What became of a flow's hooks: those that can be called, by point, and what is wrong with the others."""

    hooks: HooksByPoint
    found: tuple[Coded, ...] = ()


NO_LOADING = Loading({})


class Unusable(Exception):  # noqa: N818 - it names what the hook is
    """A hook that can't be called, with the kind of problem, what it is and the way out."""

    def __init__(self, kind: Code, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message, hint


def load_hooks(flow: Flow, folder: Path, *, allowed: bool) -> Loading:
    """The hooks of a flow. Where they are allowed, this runs their modules, those in `folder` before installed ones."""
    hooks: dict[str, PointHooks] = {}
    found: list[Coded] = []
    for index, point in enumerate(flow.points):
        loaded: dict[str, Hook] = {}
        for kind, name in _named(point):
            try:
                loaded[kind] = _usable(point, kind, name, folder, allowed)
            except Unusable as fault:
                path: problems.Path = ("points", index, "hooks", *(() if isinstance(point.hooks, str) else (kind,)))
                found.append(Coded(fault.kind, Finding(path, fault.message, fault.hint)))
        if loaded:
            hooks[point.id] = PointHooks(**loaded)
    return Loading(hooks, tuple(found))


def _named(point: Point) -> Iterator[tuple[str, str]]:
    for kind, name in named_hooks(point.hooks):
        if name is not None:
            yield kind, name


def _usable(point: Point, kind: str, name: str, folder: Path, allowed: bool) -> Hook:
    if kind == "read" and point.type not in READABLE:
        message = f"`{point.id}` is of type `{point.type}`, which is read without a hook."
        raise Unusable(_IDLE, message, f"`read` belongs to {listing(READABLE)}.")
    if not allowed:
        hint = "If you trust it, say --allow-hooks, or write `allow_hooks: true` into voyaltis.yaml."
        raise Unusable(_NOT_ALLOWED, f"`{name}` is Python of the flow's author, and may not run here.", hint)
    module_name, _, attribute = name.partition(":")
    module = _imported(module_name, name, folder)
    function = getattr(module, attribute, None)
    if not callable(function):
        hint = f"It was found in {getattr(module, '__file__', 'Python itself')}."
        raise Unusable(_NOT_LOADED, f"`{module_name}` has no function `{attribute}`.", hint)
    return Hook(name, function, _source(module))


def _imported(module: str, name: str, folder: Path) -> ModuleType:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    invalidate_caches()  # the module may be younger than the process
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        hint = f"Modules are looked up in {folder}, then among what is installed."
        raise Unusable(_NOT_LOADED, f"`{name}`: there is no module `{error.name}`.", hint) from error
    except (Exception, SystemExit) as error:  # whatever the author's code does when it is run
        told = f"`{name}`: its module fails with {type(error).__name__}: {problems.one_line(str(error))[:200]}"
        raise Unusable(_NOT_LOADED, told, "Run it by itself to see where.") from error


def _source(module: ModuleType) -> str:
    file = getattr(module, "__file__", None)
    return sha256(Path(file).read_bytes()).hexdigest()[:12] if file else ""
