"""A YAML text as plain data, with a side table of where everything stands and a list of what is wrong with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, NamedTuple

from voyaltis_flow.script import codes
from voyaltis_flow.script.problems import Code, Coded, Finding, Path, Problem, one_line
from voyaltis_flow.script.scalar_places import ScalarPlaces

SMALL = 1024 * 1024
"""The most bytes that a flow or a style may have."""
LARGE = 50 * SMALL
"""The most bytes that a catalog may have."""

_NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Mark(NamedTuple):
    """Where a value stands, in code points from the text's beginning; `inside` has the marks of its parts."""

    key: int
    start: int
    end: int
    inside: Mapping[str | int, Mark] | None = None


class Mistake(NamedTuple):
    """Something wrong at a known offset: what the reader of the text itself finds."""

    code: Code
    offset: int
    message: str
    hint: str = ""
    first: int | None = None
    """Where its first twin stands: the hint then names that line as `{line}`."""


@dataclass(frozen=True)
class Document:
    """One file: its text, its data (None when it can't be read), and the problems of its text."""

    path: str
    text: str
    data: Any = None
    mark: Mark | None = None
    mistakes: tuple[Mistake, ...] = ()
    older: int | None = None
    """The version of the format in which it is written, where that is not the newest."""
    parent: Document | None = None
    """The document that this one extends and was merged with."""

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes of the text, with line and column."""
        return tuple(map(self._problem, self.mistakes))

    def _problem(self, mistake: Mistake) -> Problem:
        code, offset, message, hint, first = mistake
        if first is not None:
            hint = hint.format(line=self.place(first)[0])
        return self._placed(code, offset, message, hint)

    def problem(self, coded: Coded) -> Problem:
        """A finding with its position."""
        kind, finding = coded
        return self._placed(kind, self.offset(finding), finding.message, finding.hint)

    def _placed(self, code: Code, offset: int, message: str, hint: str) -> Problem:
        place = self.place(offset)
        return Problem(code.name, code.severity, self.path, *place, one_line(message), one_line(hint))

    def offset(self, finding: Finding) -> int:
        """Where a finding stands. Steps of its path that the text does not have (defaults, shorthands) are skipped."""
        mark = self.reach(finding.path)
        if mark is None:
            return 0
        if finding.at is not None:
            return mark.start + self._inside(finding.path, mark).offset(finding.at)
        return mark.key if finding.at_key else mark.start

    def reach(self, path: Path) -> Mark | None:
        """The mark of the nearest thing to `path` that stands in the text."""
        mark = self.mark
        for step in path:
            mark = (mark.inside or {}).get(step, mark) if mark else None
        return mark

    def written(self, path: Path) -> Path:
        """The steps of a path that the text has."""
        mark, steps = self.mark, []
        for step in path:
            if mark and mark.inside and step in mark.inside:
                mark = mark.inside[step]
                steps.append(step)
        return tuple(steps)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        offset = min(offset, len(self.text))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n") if 0 < number <= len(starts) else ""

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def _inside(self, path: Path, mark: Mark) -> ScalarPlaces:
        if mark.start not in self._scalars:
            value = reduce(lambda data, step: data[step], self.written(path), self.data)
            text = value if isinstance(value, str) else ""
            self._scalars[mark.start] = ScalarPlaces(self.text[mark.start : mark.end], text)
        return self._scalars[mark.start]

    @cached_property
    def _scalars(self) -> dict[int, ScalarPlaces]:
        return {}


def place_all(document: Document, findings: Iterable[Coded]) -> list[Problem]:
    """All problems of a document: those of its text, and the findings with their positions; sorted."""
    found = [*document.problems, *(document.problem(coded) for coded in findings)]
    return sorted(found, key=lambda problem: problem.place)


def decode(path: str, content: bytes | str, limit: int = SMALL) -> Document:
    """The text of a file, not yet parsed: refused when too large, not UTF-8, or holding control characters."""
    if len(content) > limit:
        return too_large(path, len(content), limit)
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        message = f"The byte {error.object[error.start]:#04x} here is not UTF-8."
        shown = before + error.object[error.start :].decode("utf-8", "replace")
        mistake = Mistake(codes.NOT_TEXT, len(before), message, "Save the file as UTF-8.")
        return Document(path, shown, mistakes=(mistake,))
    text = text.removeprefix("\ufeff")
    if odd := _NOT_PRINTABLE.search(text):
        message = f"The control character U+{ord(odd.group()):04X} can't stand in YAML."
        mistake = Mistake(codes.CONTROL_CHARACTER, odd.start(), message, "Delete it; editors often hide it.")
        return Document(path, text, mistakes=(mistake,))
    return Document(path, text)


def too_large(path: str, size: int, limit: int) -> Document:
    """A file refused for its size, of which nothing needs to be read."""
    message = f"This file has {_megabytes(size)}; at most {_megabytes(limit)} can be read."
    return Document(
        path, "", mistakes=(Mistake(codes.TOO_LARGE, 0, message, "Split it, or take out what is not used."),)
    )


def _megabytes(size: int) -> str:
    return f"{size / SMALL:,.1f} MB".replace(".0 ", " ")
