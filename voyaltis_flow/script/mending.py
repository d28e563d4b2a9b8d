"""A draft of a file with mistakes of shape: what is wrong is taken out, so that all the rest can be checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voyaltis_flow.script.document import Document
from voyaltis_flow.script.model_schema import Schema, placeholder, schema_at, schema_of
from voyaltis_flow.script.problems import Coded, Path

Model = TypeVar("Model", bound=BaseModel)


def mended(model: type[Model], document: Document, errors: list[ErrorDetails]) -> tuple[Model | None, tuple[Path, ...]]:
    """The model without what these errors are about, and the paths that it has no word for."""
    data, whole = deepcopy(document.data), schema_of(model)
    paths = [_path(document, error) for error in errors]
    for path, error in zip(paths, errors, strict=True):
        _mend(data, path, whole, unknown=error["type"] == "extra_forbidden" or error["loc"][-1] == "[key]")
    try:
        return model.model_validate(data), tuple(paths)
    except ValidationError:
        return None, ()


class Doubts:
    """What is in doubt in a draft, and so which findings about it say nothing of the file itself."""

    def __init__(self, document: Document, doubtful: Iterable[Path]) -> None:
        self._document = document
        self._paths = frozenset(doubtful)
        self._above = frozenset(above for path in self._paths for above in _prefixes(path))
        self._keys = frozenset(key for path in self._paths for key in _prefixes(_keys(path)))
        self._whole = frozenset(_keys(path) for path in self._paths if path and isinstance(path[-1], str))

    def spare(self, coded: Coded) -> bool:
        """Whether a finding hangs on nothing that is in doubt."""
        here, code = self._document.written(coded.finding.path), coded.code
        return not (
            here in self._above
            or any(above in self._paths for above in _prefixes(here))
            or any(self._reaches(tuple(read.split("."))) for read in code.reads)
            or any((*above, key) in self._paths for above in _prefixes(here) for key in code.beside)
        )

    def _reaches(self, read: Path) -> bool:
        return read in self._keys or any(above in self._whole for above in _prefixes(read))


def _prefixes(path: Path) -> Iterator[Path]:
    return (path[:end] for end in range(len(path) + 1))


def _keys(path: Path) -> Path:
    return tuple(step for step in path if isinstance(step, str))


def _path(document: Document, error: ErrorDetails) -> Path:
    path = document.written(error["loc"])
    return (*path, error["loc"][-1]) if error["type"] == "missing" else path


def _mend(data: Any, path: Path, whole: Schema, *, unknown: bool) -> None:
    if not path:
        return
    around = data
    for step in path[:-1]:
        around = around[step]
    key, schema = path[-1], schema_at(whole, path[:-1])
    if isinstance(around, list) and int(key) >= len(around):
        around.append(placeholder(whole, schema_at(whole, path)))
    elif isinstance(around, list) or key in schema.get("required", ()):
        around[key] = placeholder(whole, schema_at(whole, path))
    elif unknown or isinstance(around, dict):
        around.pop(key, None)
