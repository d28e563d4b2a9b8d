"""Templates and conditions as trees that know where each word stands: `lineno` is an offset, in code points."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from voyaltis_flow.script.templates import Sandbox

_BLOCK = re.compile(r"\{%[-+]?\s*(if|for|endif|endfor)\b")
_OPENING = re.compile(r"\{[{%#]")


def template_tree(source: str) -> nodes.Template:
    """The tree of a template. Raises TemplateSyntaxError, whose `lineno` is an offset as well."""
    try:
        return _PLACED.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(str(error.message), _culprit(error, source)) from error


def condition_tree(source: str) -> nodes.Expr:
    """The tree of a condition. Raises TemplateSyntaxError, whose `lineno` is an offset as well."""
    parser = Parser(_PLACED, source, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail("expected the end of the condition")
    return tree


class _Placed(Sandbox):
    """Counts characters where Jinja counts lines. It parses; what it parses is never run."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = _with_offsets(self.lexer.tokeniter(source, name, filename, state), source)
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)


def _with_offsets(tokens: Iterator[tuple[int, str, str]], source: str) -> Iterator[tuple[int, str, str]]:
    """Jinja's tokens, which leave out nothing but blanks, each with its offset in place of its line."""
    at = 0
    try:
        for _, kind, text in tokens:
            at = max(at, source.find(text, at))
            yield at, kind, text
            at += len(text)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(str(error.message), at) from error


_PLACED = _Placed()


def _culprit(error: TemplateSyntaxError, source: str) -> int:
    """Where an error is to be mended: what is never closed is found at its end, and mended at its beginning."""
    told = str(error.message)
    if "needs to be closed" in told:
        return _open_block(source)
    if "end of template" in told or "Missing end" in told:
        return max((found.start() for found in _OPENING.finditer(source)), default=0)
    return error.lineno


def _open_block(source: str) -> int:
    opened: list[int] = []
    for found in _BLOCK.finditer(source):
        if not found[1].startswith("end"):
            opened.append(found.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else 0
