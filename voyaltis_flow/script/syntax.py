"""What the YAML parser stumbled over, in words for people."""

from __future__ import annotations

import re

import yaml

from voyaltis_flow.script import codes
from voyaltis_flow.script.document import Mistake

_QUOTE_IT = "Put the text in quotes."
_INDENT = "Begin the line exactly under its neighbours, with spaces; a text that holds `: ` or ` #` needs quotes."

_COLON = re.compile(r":\s")

_WORDS: dict[str, tuple[str, str]] = {
    "mapping values are not allowed": ("A `:` that can't stand here.", _INDENT),
    "did not find expected key": ("This line does not fit under the ones above it.", _INDENT),
    "did not find expected '-'": ("Here another `- ` of the list was due.", _INDENT),
    "block sequence entries are not allowed": ("A `- ` that can't stand here.", "Begin the list on a line of its own."),
    "did not find expected ',' or ']'": ("A list that began with `[` lacks a comma or its `]`.", ""),
    "did not find expected ',' or '}'": ("A mapping that began with `{` lacks a comma or its `}`.", ""),
    "could not find expected ':'": ("A key without its `:`.", "Write `key: value`; a list item begins with `- `."),
    "did not find expected node content": ("A value was due here.", _QUOTE_IT),
    "found unknown escape character": (
        "No such `\\` escape in a text between double quotes.",
        "Write `\\\\` for a backslash, or use single quotes.",
    ),
    "did not find expected <document start>": ("What stands here belongs to nothing above it.", _INDENT),
    "did not find expected alphabetic": ("`&` and `*` are special in YAML.", _QUOTE_IT),
    "found undefined tag handle": ("`!` is special in YAML.", _QUOTE_IT),
    "found incompatible YAML document": (
        "No such version of YAML is known.",
        "Take out the line that begins with `%`.",
    ),
    "did not find expected comment or line break": (
        "Only the text's lines may follow here.",
        "Begin it on a new line.",
    ),
    "found duplicate %": ("The same `%` line twice.", "Take out the lines that begin with `%`."),
}


def explain(error: yaml.YAMLError, text: str) -> Mistake:
    """The mistake behind a parser's error, at the place where it is to be mended."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    offset = _index(getattr(error, "problem_mark", None), getattr(error, "position", 0))
    began = _index(getattr(error, "context_mark", None), offset)
    if "quoted scalar" in str(getattr(error, "context", "")) and "unexpected" in problem:
        quote = text[began : began + 1]
        message = f"A text that began with {quote} is never closed."
        return Mistake(codes.SYNTAX, began, message, f"Write {quote} at its end.")
    return _by_place(problem, text, offset) or _by_words(problem, text, offset, began)


def _by_place(problem: str, text: str, offset: int) -> Mistake | None:
    """What can be told by looking at the text itself."""
    char, line = text[offset : offset + 1], text[text.rfind("\n", 0, offset) + 1 : offset]
    if "cannot start any token" in problem and char != "\t":
        return Mistake(codes.SYNTAX, offset, f"A text can't begin with `{char}`.", _QUOTE_IT)
    if "cannot start any token" in problem or "tab" in problem:
        return Mistake(codes.TAB, offset, "A tab; YAML indents with spaces.", "Put spaces in its place.")
    if "mapping values" in problem and _COLON.search(line):
        return Mistake(codes.SYNTAX, offset, "A second `: ` on this line, which YAML takes for another key.", _QUOTE_IT)
    return None


def _by_words(problem: str, text: str, offset: int, began: int) -> Mistake:
    if "nesting depth" in problem:
        return Mistake(codes.TOO_DEEP, offset, "Nested far too deeply.", "Flatten it.")
    for words, (message, hint) in _WORDS.items():
        if words in problem:
            return Mistake(codes.SYNTAX, offset, message, hint or _opened(text, began))
    return Mistake(codes.SYNTAX, offset, f"YAML can't be read here: {problem}.", _QUOTE_IT)


def _index(mark: yaml.Mark | None, otherwise: int) -> int:
    return otherwise if mark is None else int(mark.index)


def _opened(text: str, began: int) -> str:
    line = text.count("\n", 0, began) + 1
    return f"It opens on line {line}; close it, and put a comma between its parts."
