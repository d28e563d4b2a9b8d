"""The versions of a file's format: what changed, reading an older one as the newest, and rewriting it as that.

A change is written down once, in `CHANGES`; both ways of dealing with an older file follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from pydantic import BaseModel

from voyaltis_flow.script.document import Document, Mark
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.parser import parse


@dataclass(frozen=True)
class Renamed:
    """A key that has another name from some version on, and why. `above` leads to it, through lists as well."""

    above: tuple[str, ...]
    old: str
    new: str
    why: str


CHANGES: Mapping[type[BaseModel], Mapping[int, Sequence[Renamed]]] = {
    Flow: {
        2: (
            Renamed(("budget",), "cost", "dollars", "The keys of a budget name their units."),
            Renamed(("points",), "max", "max_items", "It was taken for `maximum`, which bounds a number."),
        ),
    },
}
"""What each version of a format changed; its newest is the last. A format that is not here has one version."""


class RewriteError(Exception):
    """A text that can't be rewritten without changing what it says; the message is for people."""


def newest(model: type[BaseModel]) -> int:
    """The version that files of this kind are written in."""
    return max(CHANGES.get(model, {}), default=1)


def version_of(model: type[BaseModel], document: Document) -> int | None:
    """The older version that a document is written in; None when it is the newest, or none that there was."""
    version = document.data.get("version") if isinstance(document.data, dict) else None
    return version if type(version) is int and 0 < version < newest(model) else None


def upgraded(model: type[BaseModel], document: Document) -> Document:
    """The document as the newest version has it. Marks stay at the older words."""
    version = version_of(model, document)
    if version is None or document.mark is None:
        return document
    data, mark = document.data, document.mark
    for change in _since(model, version):
        data, mark = _renamed(data, mark, change.above, change)
    return replace(document, data={**data, "version": newest(model)}, mark=mark, older=version)


def rewritten(model: type[BaseModel], document: Document) -> str:
    """The document's text in the newest version: other words in their places, all else as it was.

    Raises RewriteError where that would change what it says.
    """
    version = version_of(model, document)
    if version is None or document.mark is None:
        return document.text
    edits = {_of_version(model, document.mark)}
    for change in _since(model, version):
        edits |= {
            _of_key(document, mark, change) for mark in _written(document.data, document.mark, change.above, change)
        }
    text = _edited(document.text, sorted(edits))
    if parse(Document(document.path, text)).data != upgraded(model, document).data:
        raise RewriteError(
            "what an alias (`*name`) stands for would change elsewhere, too; write it out, then try again"
        )
    return text


def changed_keys(model: type[BaseModel], document: Document) -> list[Renamed]:
    """The changes that concern a document of an older version."""
    version = version_of(model, document)
    if version is None or document.mark is None:
        return []
    mark = document.mark
    return [change for change in _since(model, version) if any(_written(document.data, mark, change.above, change))]


def renamed_to(model: type[BaseModel], path: Sequence[str | int]) -> Renamed | None:
    """What became of a key that an older version had."""
    *above, key = (step for step in path if isinstance(step, str))
    changes = chain.from_iterable(CHANGES.get(model, {}).values())
    return next((change for change in changes if (list(change.above), change.old) == (above, key)), None)


def _since(model: type[BaseModel], version: int) -> Iterator[Renamed]:
    return chain.from_iterable(changes for number, changes in sorted(CHANGES[model].items()) if number > version)


def _renamed(value: Any, mark: Mark, above: Sequence[str], change: Renamed) -> tuple[Any, Mark]:
    """A value and its marks with the key renamed in them. A key that has the newer name already keeps both."""
    marks = dict(mark.inside or {})
    if isinstance(value, list):
        pairs = [_renamed(part, marks[index], above, change) for index, part in enumerate(value)]
        return [part for part, _ in pairs], mark._replace(inside=dict(enumerate(inner for _, inner in pairs)))
    if not isinstance(value, dict):
        return value, mark
    if not above and change.old in value and change.new not in value:
        names = {key: change.new if key == change.old else key for key in value}
        value = {names[key]: part for key, part in value.items()}
        marks = {names.get(str(key), key): inner for key, inner in marks.items()}
    elif above and above[0] in value:
        part, marks[above[0]] = _renamed(value[above[0]], marks[above[0]], above[1:], change)
        value = {**value, above[0]: part}
    return value, mark._replace(inside=marks)


def _written(value: Any, mark: Mark, above: Sequence[str], change: Renamed) -> Iterator[Mark]:
    """Where the key of a change stands under its older name alone."""
    marks = mark.inside or {}
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _written(part, marks[index], above, change)
    elif isinstance(value, dict) and above and above[0] in value:
        yield from _written(value[above[0]], marks[above[0]], above[1:], change)
    elif isinstance(value, dict) and not above and change.old in value and change.new not in value:
        yield marks[change.old]


Edit = tuple[int, int, str]


def _of_version(model: type[BaseModel], mark: Mark) -> Edit:
    at = (mark.inside or {})["version"]
    return at.start, at.end, str(newest(model))


def _of_key(document: Document, mark: Mark, change: Renamed) -> Edit:
    written = re.compile(rf"(['\"]?){re.escape(change.old)}\1(?!\w)").match(document.text, mark.key)
    if written is None:
        line, _ = document.place(mark.key)
        raise RewriteError(f"`{change.old}` on line {line} is written in an odd way; write it out, then try again")
    return written.start(), written.end(), change.new


def _edited(text: str, edits: Sequence[Edit]) -> str:
    pieces, at = [], 0
    for start, end, words in edits:
        pieces += [text[at:start], words]
        at = end
    return "".join([*pieces, text[at:]])
