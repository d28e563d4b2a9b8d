"""Where a character of a scalar's value stands in the text that it was written as: quotes, escapes and folds undone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*")
_ESCAPES = {
    **dict(zip("0abefrtnv", "\0\a\b\x1b\f\r\t\n\v", strict=True)),
    **dict(zip("N_LP", "\x85\xa0\u2028\u2029", strict=True)),
    **dict.fromkeys("\r\n", " "),
}
_ATOMS = {
    '"': re.compile(r"\\x(?P<x>..)|\\u(?P<u>.{4})|\\U(?P<U>.{8})|\\(?P<escape>.)|(?P<char>.)", re.DOTALL),
    "'": re.compile(r"'(?P<escape>')|(?P<char>.)", re.DOTALL),
}
_PLAIN = re.compile(r"(?P<char>.)", re.DOTALL)


class ScalarPlaces:
    """A scalar as it stands in a file beside its value. Blanks are left out of both: YAML folds and indents them."""

    def __init__(self, written: str, value: str) -> None:
        atoms = [atom for atom in _atoms(written) if not atom.char.isspace()]
        self._inked = [at for at, char in enumerate(value) if not char.isspace()]
        self._written = [atom.offset for atom in atoms]
        self._same = [atom.char for atom in atoms] == [value[at] for at in self._inked]

    def offset(self, at: int) -> int:
        """Where the value's character `at`, or the first one behind it that is no blank, is written.

        0 when it can't be told, as for a value that was written elsewhere.
        """
        nth = bisect_left(self._inked, at)
        return self._written[nth] if self._same and nth < len(self._written) else 0


class _Atom(NamedTuple):
    """What stands for one character of the value."""

    offset: int
    char: str


def _atoms(written: str) -> Iterator[_Atom]:
    properties = _PROPERTIES.match(written)
    start = properties.end() if properties else 0
    quote, end = written[start : start + 1], len(written)
    if quote in _ATOMS:
        start, end = start + 1, end - 1
    elif header := _BLOCK_HEADER.match(written, start):
        start = header.end()
    for found in _ATOMS.get(quote, _PLAIN).finditer(written, start, end):
        yield _Atom(found.start(), _decoded(found))


def _decoded(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found[found.lastgroup or 0]
    if kind in ("x", "u", "U"):
        return chr(int(text, 16))
    return _ESCAPES.get(text, text) if kind == "escape" and found[0][0] == "\\" else text
