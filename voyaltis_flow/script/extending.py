"""A flow that extends another: the two as one document, and whose a problem of the two is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from voyaltis_flow.script.document import Document, Mark
from voyaltis_flow.script.problems import Coded, Path

_OWN = ("version", "flow", "extends")
_WHOLE = ("schema",)
"""Mappings that are one value: a child's takes the place of its parent's."""


def extended(child: Document, parent: Document) -> Document:
    """The child's document with what it does not say itself taken from its parent's.

    Mappings are merged key by key, points by their id, all else is the child's; a key with nothing in it takes out what
    the parent says. What comes from the parent is marked at the child's `extends:`.
    """
    if not isinstance(child.data, dict) or not isinstance(parent.data, dict) or child.mark is None:
        return child
    taken = {key: value for key, value in parent.data.items() if key not in _OWN}
    at = (child.mark.inside or {})["extends"]._replace(inside=None)
    data, mark = _merged(child.data, child.mark, taken, at)
    return replace(child, data=data, mark=mark, parent=parent)


def inherited(document: Document, path: Path) -> bool:
    """Whether what stands at a path came from the document's parent."""
    if document.parent is None or document.mark is None or path[:1] == ("extends",):
        return False
    mark = document.reach(path)
    return mark is not None and mark.start == (document.mark.inside or {})["extends"].start


def told_once(document: Document, found: Collection[Coded], of_parent: Collection[Coded]) -> Iterator[Coded]:
    """The findings but for those that the parent has itself. What only the two have together tells where it stands."""
    for coded in found:
        if not inherited(document, coded.finding.path):
            yield coded
        elif coded not in of_parent:
            hint = f"{coded.finding.hint} It stands in {_origin(document, coded)}.".strip()
            yield coded._replace(finding=coded.finding._replace(hint=hint))


def _origin(document: Document, coded: Coded) -> str:
    while document.parent is not None and inherited(document, coded.finding.path):
        document = document.parent
    line, _ = document.place(document.offset(coded.finding))
    return f"{document.path}:{line}"


def _merged(mine: dict[str, Any], mark: Mark, theirs: Mapping[str, Any], at: Mark) -> tuple[dict[str, Any], Mark]:
    data, marks = dict(mine), dict(mark.inside or {})
    for key, value in theirs.items():
        if key not in data:
            data[key], marks[key] = value, at
        elif data[key] is None:
            del data[key], marks[key]
        elif key == "points" and isinstance(value, list) and isinstance(data[key], list):
            data[key], marks[key] = _merged_points(data[key], marks[key], value, at)
        elif key not in _WHOLE and isinstance(value, dict) and isinstance(data[key], dict):
            data[key], marks[key] = _merged(data[key], marks[key], value, at)
    return data, mark._replace(inside=marks)


def _merged_points(mine: list[Any], mark: Mark, theirs: list[Any], at: Mark) -> tuple[list[Any], Mark]:
    """The parent's points in their order, each with what the child says of it; then the child's new ones."""
    inside = mark.inside or {}
    own = {_id_of(point): (point, inside[index]) for index, point in reversed(list(enumerate(mine)))}
    pairs = []
    for point in theirs:
        name = _id_of(point)
        pairs.append((point, at) if name is None or name not in own else _merged(*own[name], point, at))
    taken = {_id_of(point) for point in theirs} - {None}
    first = {id(said) for said, _ in own.values()}
    for index, point in enumerate(mine):
        if _id_of(point) not in taken or id(point) not in first:
            pairs.append((point, inside[index]))
    return [point for point, _ in pairs], mark._replace(inside=dict(enumerate(marked for _, marked in pairs)))


def _id_of(point: Any) -> str | None:
    name = point.get("id") if isinstance(point, dict) else None
    return name if isinstance(name, str) else None
