"""A draft of a file with mistakes of shape: what is wrong is taken out, so that all the rest can be checked at once."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voyaltis_flow.script.document import Document
from voyaltis_flow.script.model_schema import Schema, placeholder, schema_at, schema_of
from voyaltis_flow.script.problems import Code, Coded, Path

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


def sound(coded: Coded, document: Document, doubtful: Iterable[Path]) -> bool:
    """Whether a finding about a draft says something about the file itself."""
    here = document.written(coded.finding.path)
    return not any(_hangs_on(coded.code, here, path) for path in doubtful)


def _hangs_on(code: Code, here: Path, path: Path) -> bool:
    """Whether a finding of this code hangs on what stands, in doubt, at `path`."""
    key = ".".join(step for step in path if isinstance(step, str))
    if here[: len(path)] == path or path[: len(here)] == here or any(_within(key, read) for read in code.reads):
        return True
    around = path[:-1]
    return bool(path) and path[-1] in code.beside and here[: len(around)] == around


def _within(key: str, other: str) -> bool:
    return key == other or key.startswith(f"{other}.")


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
    if isinstance(around, list) or key in schema.get("required", ()):
        around[key] = placeholder(whole, schema_at(whole, path))
    elif unknown or isinstance(around, dict):
        around.pop(key, None)
