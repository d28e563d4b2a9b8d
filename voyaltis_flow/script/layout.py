"""A YAML text laid out evenly: where a line ends is its author's, how far it is indented and spaced is not.

Two blanks a level, a list under its key as well; one blank after a colon, a comma and a dash, none inside brackets; no
blank at a line's end, no two empty lines. Words, quotes, comments and line breaks stay.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from voyaltis_flow.script.document import Document
from voyaltis_flow.script.parser import LOADER, parse

STEP = 2
"""Blanks a level."""

_LINE_END = re.compile(r"\r\n|\r")
_HEADER = re.compile(r"[|>]([-+0-9]{0,2})")


class LayoutError(Exception):
    """A text that can't be laid out without changing what it says; it stays as it is."""


def laid_out(document: Document) -> str:
    """The text of a document without mistakes, laid out. Doing it again changes nothing.

    Raises LayoutError rather than return a text that says something else.
    """
    text = _LINE_END.sub("\n", document.text)
    outline = _Outline(text)
    for token in yaml.scan(text, Loader=LOADER):
        outline.take(token)
    laid = "".join(f"{line}\n" for line in _without_gaps(outline.lines())).removesuffix("\n" * outline.ends_bare)
    if repr(parse(Document(document.path, laid)).data) != repr(document.data):
        raise LayoutError
    return laid


@dataclass
class _Block:
    """A block mapping or list: the column of its keys or dashes, and the one where they belong."""

    column: int
    target: int
    indentless: bool = False
    """A list whose dashes stand right under its key."""
    is_list: bool = False

    @property
    def shift(self) -> int:
        return self.target - self.column


@dataclass
class _Line:
    """What is known of a line before it is written anew."""

    text: str
    indent: int | None = None
    """Where it belongs, if it begins with something that has a place of its own."""
    levels: dict[int, int] = field(default_factory=dict)
    """The columns of the blocks around it, and where these belong."""
    shift: tuple[int, int] | None = None
    """How far it moves with what began above it, and its least indentation."""
    verbatim: bool = False
    """Inside a block scalar: every blank of it counts."""
    goes_on: bool = False
    """A scalar does not end with it."""
    gaps: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def column(self) -> int:
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def spaced(self) -> str:
        """The text with its gaps made even, and without its indentation."""
        text = self.text
        for start, end, gap in reversed(self.gaps):
            text = text[:start] + gap + text[end:]
        return text[self.column :] if self.goes_on else text[self.column :].rstrip(" \t")


class _Outline:
    """Takes the tokens of a text, and knows then how each line is to be written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [_Line(line) for line in text.split("\n")]
        self._starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
        self._blocks: list[_Block] = []
        self._flow: list[int] = []
        self._before: Any = None
        self.ends_bare = 0
        """1 where a block scalar ends the text without a line end, which would be a part of it."""

    @property
    def _around(self) -> _Block:
        return self._blocks[-1] if self._blocks else _Block(0, 0)

    def take(self, token: Any) -> None:
        """Takes the next token; its line is then known as far as it depends on it."""
        start, end = token.start_mark.index, token.end_mark.index
        self._structure(token, start)
        if start == end:
            return
        if self._before is not None:
            self._gap(self._before, token)
        self._place(token, start)
        if isinstance(token, yaml.ScalarToken):
            self._scalar(token, start, end)
        self._before = token
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            self._flow.append(self._line_of(start))
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            self._flow.pop()

    def _structure(self, token: Any, start: int) -> None:
        """Opens and closes the blocks."""
        match token:
            case yaml.BlockMappingStartToken():
                self._open(self._column(start))
            case yaml.BlockSequenceStartToken():
                self._open(self._column(start), is_list=True)
            case yaml.BlockEntryToken() if not (self._blocks and self._blocks[-1].is_list):
                self._open(self._column(start), is_list=True, indentless=True)
            case yaml.KeyToken() if not self._flow and self._blocks and self._blocks[-1].indentless:
                self._blocks.pop()
            case yaml.BlockEndToken():
                if self._blocks[-1].indentless:
                    self._blocks.pop()
                self._blocks.pop()

    def _open(self, column: int, *, is_list: bool = False, indentless: bool = False) -> None:
        target = self._blocks[-1].target + STEP if self._blocks else 0
        self._blocks.append(_Block(column, target, indentless, is_list))

    def _place(self, token: Any, start: int) -> None:
        """Where the line that a token begins belongs."""
        line, column = self._lines[self._line_of(start)], self._column(start)
        if column != line.column or line.verbatim or line.shift or line.indent is not None:
            self._levels(line)
            return
        if self._flow:
            line.shift = self._moves(self._lines[self._flow[0]])
            return
        self._levels(line)
        block = self._around
        owns = column == block.column and (not block.is_list or isinstance(token, yaml.BlockEntryToken))
        line.indent = block.target if owns or not self._blocks else block.target + STEP

    def _levels(self, line: _Line) -> None:
        line.levels |= {block.column: block.target for block in self._blocks}

    def _moves(self, began: _Line) -> tuple[int, int]:
        """How far a line moves with what began in another one."""
        block = self._around
        own = began.indent is not None and began.column not in began.levels
        return (began.indent or 0) - began.column if own else block.shift, block.target + 1

    def _scalar(self, token: Any, start: int, end: int) -> None:
        first, last = self._line_of(start), self._line_of(end)
        if token.style in ("|", ">"):
            for line in self._lines[first + 1 : self._end_of_block(start, first, end)]:
                line.verbatim, line.shift = True, (self._around.shift, 0)
            return
        for line in self._lines[first:last]:
            line.goes_on = True
        for line in self._lines[first + 1 : last + 1]:
            line.shift = self._moves(self._lines[self._flow[0] if self._flow else first])

    def _end_of_block(self, start: int, first: int, end: int) -> int:
        """The line after a block scalar's last. Empty lines behind it are none of it, unless it keeps them."""
        last = self._line_of(end)
        if end == len(self._text):
            self.ends_bare = int(self._column(end) > 0)
            last += self.ends_bare
        header = _HEADER.match(self._text, start)
        told = header[1] if header else ""
        widest = self._indentation(told.strip("-+"), self._lines[first + 1 : last])
        while "+" not in told and last > first + 1 and _is_blank(self._lines[last - 1].text, widest):
            last -= 1
        return last

    def _indentation(self, told: str, lines: Sequence[_Line]) -> int:
        """The column in which the text of a block scalar begins; blanks beyond it are a part of the text."""
        if told:
            return self._around.column + int(told)
        return next((line.column for line in lines if line.text.strip(" ")), len(self._text))

    def _gap(self, before: Any, after: Any) -> None:
        """Notes what belongs between two tokens of one line."""
        start, end = before.end_mark.index, after.start_mark.index
        number = self._line_of(end)
        if start < self._starts[number] or start > end or self._text[start:end].strip(" \t"):
            return
        wanted = _between(before, after)
        if wanted is not None and self._text[start:end] != wanted:
            self._lines[number].gaps.append((start - self._starts[number], end - self._starts[number], wanted))

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _column(self, offset: int) -> int:
        return offset - self._starts[self._line_of(offset)]

    def lines(self) -> Iterator[tuple[str, bool]]:
        """The lines as they are to be, each with whether it is one that may be left out: an empty one."""
        for number, line in enumerate(self._lines):
            if line.verbatim:
                yield _shifted(line.text, line.shift or (0, 0)), False
            elif not line.text.strip(" \t"):
                yield "", line.shift is None
            elif line.indent is not None:
                yield " " * line.indent + line.spaced, False
            elif line.shift is not None:
                yield " " * max(line.column + line.shift[0], line.shift[1]) + line.spaced, False
            else:
                yield " " * self._of_comment(number, line.column) + line.spaced, False

    def _of_comment(self, number: int, column: int) -> int:
        """Where a comment belongs: with the line below that begins where it does, else with the next block to its left.

        It is never further in than that: under a block scalar it would become a part of it.
        """
        below = next((line for line in self._lines[number + 1 :] if line.indent is not None), None)
        above = next((line for line in reversed(self._lines[:number]) if line.indent is not None), None)
        if below is not None and below.column == column:
            return below.indent or 0
        levels = (above.levels if above else {}) | (below.levels if below else {})
        return levels[max(left)] if (left := [level for level in levels if level <= column]) else 0


def _between(before: Any, after: Any) -> str | None:
    """What belongs between two tokens; None where it is to stay as it is."""
    opens = yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken
    closes = yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken
    if isinstance(before, yaml.ValueToken) and isinstance(after, closes | yaml.FlowEntryToken):
        return None
    if isinstance(before, opens) or isinstance(after, closes):
        return ""
    if isinstance(after, yaml.FlowEntryToken | yaml.ValueToken):
        return None if isinstance(before, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken | yaml.KeyToken) else ""
    if isinstance(
        before, yaml.BlockEntryToken | yaml.ValueToken | yaml.FlowEntryToken | yaml.AnchorToken | yaml.TagToken
    ):
        return " "
    return None


def _is_blank(text: str, widest: int) -> bool:
    return not text.strip(" ") and len(text) <= widest


def _shifted(text: str, shift: tuple[int, int]) -> str:
    by, _ = shift
    if not text or by == 0:
        return text
    return " " * by + text if by > 0 else text[min(-by, len(text) - len(text.lstrip(" "))) :]


def _without_gaps(lines: Iterator[tuple[str, bool]]) -> list[str]:
    """The lines without empty ones at the beginning and the end, and with one in place of several."""
    kept: list[str] = []
    loose = True
    for line, spare in lines:
        if not (spare and loose):
            kept.append(line)
        loose = spare
    if loose and kept:
        kept.pop()
    return kept
