"""Cue words as data: which classes of cue a language's patterns find in a line of elements.

A pattern is words: `a|b` tries both, `(w)` is optional, `stem~` is any word that begins so, `..` skips up to two words,
`=à` keeps its accents, `@` is a product and `#` a number. A longer cue hides the shorter ones that it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol

from voyaltis_flow.language.tokens import fold

SKIP = ".."
_SKIP_AT_MOST = 2
_STEM_LENGTHS = range(3, 13)


class Matchable(Protocol):
    """What a pattern is matched against: the spellings that one element answers to (folded, `=accented`, `@`, `#`)."""

    @property
    def spellings(self) -> tuple[str, ...]: ...
    @property
    def mark(self) -> int:
        """Above 0 where a pause stands before it: no cue goes across."""
        ...


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue at `elements[first:last]` and the classes that list it."""

    first: int
    last: int
    classes: frozenset[str]


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    skip: _Node | None = None
    classes: frozenset[str] = frozenset()


class CueBook:
    """The patterns of all classes of a language, in one trie."""

    def __init__(self, classes: Mapping[str, Iterable[str]]) -> None:
        self._root = _Node()
        for name, patterns in classes.items():
            for pattern in patterns:
                self._add(name, pattern)

    def _add(self, name: str, pattern: str) -> None:
        for words in product(*(_alternatives(part) for part in pattern.replace("'", " ").split())):
            node = self._root
            for word in filter(None, words):
                node = _child(node, word)
            node.classes |= {name}

    def find(self, elements: Sequence[Matchable]) -> tuple[Cue, ...]:
        """The cues, by position; those that a longer one covers are left out."""
        found: list[Cue] = []
        reach = 0
        for first in range(len(elements)):
            ends: dict[int, frozenset[str]] = {}
            self._walk(self._root, elements, first, first, ends)
            if not ends:
                continue
            last = max(ends)
            if last > reach or (last == reach and not (found and found[-1].last == last)):
                found.append(Cue(first, last, ends[last]))
                reach = max(reach, last)
        return tuple(found)

    def _walk(
        self, node: _Node, elements: Sequence[Matchable], first: int, at: int, ends: dict[int, frozenset[str]]
    ) -> None:
        if node.classes:
            ends[at] = ends.get(at, frozenset()) | node.classes
        if at >= len(elements) or (at > first and elements[at].mark):
            return
        for spelling in elements[at].spellings:
            if child := node.next.get(spelling):
                self._walk(child, elements, first, at + 1, ends)
            if node.stems:
                for length in _STEM_LENGTHS:
                    if length <= len(spelling) and (child := node.stems.get(spelling[:length])):
                        self._walk(child, elements, first, at + 1, ends)
        if node.skip:
            for step in range(_SKIP_AT_MOST + 1):
                self._walk(node.skip, elements, first, at + step, ends)


NO_CUES = CueBook({})


def _alternatives(part: str) -> list[str]:
    optional = part.startswith("(") and part.endswith(")")
    words = part.strip("()").split("|")
    return [*(word if word.startswith(("=", "@", "#")) else fold(word) for word in words), *([""] if optional else [])]


def _child(node: _Node, word: str) -> _Node:
    if word == SKIP:
        node.skip = node.skip or _Node()
        return node.skip
    if word.endswith("~"):
        return node.stems.setdefault(word[:-1], _Node())
    return node.next.setdefault(word, _Node())
