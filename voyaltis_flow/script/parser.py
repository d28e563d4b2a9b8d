"""Reads YAML into a `Document`: YAML 1.2 scalars, duplicate keys told, aliases bounded, no depth that could hurt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from voyaltis_flow.script import codes
from voyaltis_flow.script.document import Document, Mark, Mistake
from voyaltis_flow.script.problems import Code
from voyaltis_flow.script.scalars import plain
from voyaltis_flow.script.syntax import explain

MAX_DEPTH = 40
MAX_UNFOLDED = 100_000
"""The most values that aliases may stand for, all together."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_CORE_TAGS = {None, "!", *(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}
_AS_TEXT = {"!", _CORE + "str"}
_MERGE = "<<"


def parse(document: Document) -> Document:
    """The document with its data, marks and mistakes. One that was refused already comes back as it is."""
    if document.mistakes:
        return document
    builder = _Builder(document.text)
    try:
        for event in yaml.parse(document.text, Loader=LOADER):
            builder.take(event)
    except _UnreadableError:
        builder.value = None
    except yaml.YAMLError as error:
        builder.mistakes.append(explain(error, document.text))
        builder.value = None
    return replace(document, data=builder.value, mark=builder.mark, mistakes=tuple(builder.mistakes))


class _UnreadableError(Exception):
    """Reading on makes no sense; the mistake has been noted."""


@dataclass(slots=True)
class _Node:
    value: Any
    mark: Mark
    weight: int = 1


@dataclass(slots=True)
class _Open:
    """A mapping or a list whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    start: int
    anchor: str | None
    marks: dict[str | int, Mark] = field(default_factory=dict)
    weight: int = 1
    key: str | None = None
    key_start: int = 0
    awaits_key: bool = False
    drops_value: bool = False
    merges: list[_Node] = field(default_factory=list)


class _Builder:
    """Builds data and marks from parser events, on a stack of its own."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.value: Any = None
        self.mark: Mark | None = None
        self.mistakes: list[Mistake] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Node] = {}
        self._unfolded = 0
        self._documents = 0
        self._take: Mapping[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.DocumentEndEvent: self._ignore,
            yaml.StreamStartEvent: self._ignore,
            yaml.StreamEndEvent: self._ignore,
        }

    def take(self, event: Any) -> None:
        self._take[type(event)](event)

    def _ignore(self, event: Any) -> None:
        pass

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            hint = "Keep one document in a file: take out the line `---`."
            self._tell(codes.SEVERAL_DOCUMENTS, event, "A second document begins here.", hint)
            raise _UnreadableError

    def _scalar(self, event: Any) -> None:
        start, top = event.start_mark.index, self._stack[-1] if self._stack else None
        if top is not None and top.awaits_key:
            self._key(top, event.value, start, merges=event.value == _MERGE and event.implicit[0])
            if event.anchor:
                self._anchors[event.anchor] = _Node(event.value, Mark(start, start, event.end_mark.index))
            return
        if event.tag is not None:
            self._check_tag(event)
        as_text = event.tag in _AS_TEXT or not (event.implicit[0] or event.tag)
        node = _Node(event.value if as_text else plain(event.value), Mark(start, start, event.end_mark.index))
        if event.anchor:
            self._anchors[event.anchor] = node
        self._put(node)

    def _mapping(self, event: Any) -> None:
        self._open({}, event)

    def _sequence(self, event: Any) -> None:
        self._open([], event)

    def _open(self, value: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._tell(codes.TOO_DEEP, event, f"This stands more than {MAX_DEPTH} levels deep.", "Flatten it.")
            raise _UnreadableError
        self._check_tag(event)
        self._anchors.pop(event.anchor, None)
        self._stack.append(
            _Open(value, event.start_mark.index, event.anchor, awaits_key=type(value) is dict),
        )

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        for merged in done.merges:
            self._merge(done, merged)
        node = _Node(done.value, Mark(done.start, done.start, event.end_mark.index, done.marks), done.weight)
        if done.anchor:
            self._anchors[done.anchor] = node
        if self._stack and self._stack[-1].awaits_key:
            self._odd_key(self._stack[-1], done.start)
        else:
            self._put(node)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        node = self._anchors.get(event.anchor)
        if node is None:
            self._unknown_alias(event)
            node = _Node(None, Mark(start, start, end))
        self._unfolded += node.weight
        if self._unfolded > MAX_UNFOLDED:
            message = f"The aliases of this file stand for more than {MAX_UNFOLDED:,} values."
            self._tell(codes.ALIAS_BOMB, event, message, "Write out what is meant; an alias of aliases grows fast.")
            raise _UnreadableError
        top = self._stack[-1] if self._stack else None
        if top is None or not top.awaits_key:
            self._put(_Node(node.value, Mark(start, start, end, node.mark.inside), node.weight))
        elif isinstance(node.value, str):
            self._key(top, node.value, start)
        else:
            self._odd_key(top, start)

    def _unknown_alias(self, event: Any) -> None:
        if any(frame.anchor == event.anchor for frame in self._stack):
            hint = f"Take `*{event.anchor}` out of what `&{event.anchor}` names."
            self._tell(codes.ALIAS_BOMB, event, f"`*{event.anchor}` contains itself.", hint)
        else:
            message = f"Nothing above is named `&{event.anchor}`."
            self._tell(codes.UNKNOWN_ALIAS, event, message, "A text that begins with `*` needs quotes.")

    def _key(self, top: _Open, key: str, start: int, *, merges: bool = False) -> None:
        top.awaits_key, top.key, top.key_start = False, None if merges else key, start
        if not merges and key in top.value:
            message, hint = f"`{key}` stands here a second time.", "The first is on line {line}; keep one of them."
            self.mistakes.append(Mistake(codes.DUPLICATE_KEY, start, message, hint, top.marks[key].key))
            top.drops_value = True

    def _odd_key(self, top: _Open, start: int) -> None:
        opens_template = self._text.startswith("{", start) and self._text.startswith("{", start - 1)
        hint = "A text that begins with `{{` needs quotes." if opens_template else "A key is a word or a number."
        self.mistakes.append(Mistake(codes.ODD_KEY, start, "This key is not a text.", hint))
        top.awaits_key, top.key, top.drops_value = False, "", True

    def _put(self, node: _Node) -> None:
        if not self._stack:
            self.value, self.mark = node.value, node.mark
            return
        top = self._stack[-1]
        top.weight += node.weight
        if isinstance(top.value, list):
            top.marks[len(top.value)] = node.mark
            top.value.append(node.value)
            return
        top.awaits_key = True
        if top.drops_value:
            top.drops_value = False
        elif top.key is None:
            top.merges.append(node)
        else:
            top.value[top.key] = node.value
            mark = node.mark
            top.marks[top.key] = Mark(top.key_start, mark.start, mark.end, mark.inside)

    def _merge(self, into: _Open, merged: _Node) -> None:
        """Takes over the keys that the mapping does not have itself, as `<<` does in YAML 1.1."""
        inside = merged.mark.inside or {}
        parts = enumerate(merged.value) if isinstance(merged.value, list) else [(None, merged.value)]
        for index, part in parts:
            if part is None:
                continue
            marks = inside if index is None else inside[index].inside or {}
            if not isinstance(part, dict):
                hint = "`<<` takes an alias of a mapping: `<<: *name`."
                self.mistakes.append(Mistake(codes.MERGE, merged.mark.start, "This is no mapping to merge.", hint))
                continue
            for key, value in part.items():
                if key not in into.value:
                    into.value[key] = value
                    into.marks[key] = marks[key]

    def _check_tag(self, event: Any) -> None:
        if event.tag not in _CORE_TAGS:
            shown = event.tag.replace(_CORE, "!!")
            hint = "Take it out; a text that begins with `!` needs quotes."
            self._tell(codes.TAG, event, f"`{shown}` is a YAML tag, and there are none here.", hint)

    def _tell(self, code: Code, event: Any, message: str, hint: str) -> None:
        self.mistakes.append(Mistake(code, event.start_mark.index, message, hint))
