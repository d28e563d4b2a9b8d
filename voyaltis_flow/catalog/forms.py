"""A name or alias as facets: the words, codes and numbers that tell one product from another.

Facets are short strings: a word's stem (`frame`), a code (`s25`), a number and its unit (`#55inch`, `#8`), a category
(`@televiseur`), a brand (`!samsung`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.numbers import find_numbers
from voyaltis_flow.language.tokens import Token, tokenize

_SHORTEST_NAME = 3
"""Letters before digits that make a word of its own: "Book5" is book and 5, "WW90" is a code."""
_DECIMAL_POINTS = (".", ",")
Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
"""Phrases as stems, by their first stem, the longest first, each with the facet that it stands for."""


class Segment(NamedTuple):
    """A piece of a form. `facet` is None for a word that tells nothing ("à", "de")."""

    tokens: tuple[Token, ...]
    facet: str | None

    @property
    def spoken(self) -> bool:
        """Whether it is made of letters only, and so can be misheard; codes and numbers match exactly or not at all."""
        return not self.tokens or all(token.norm.isalpha() for token in self.tokens)


def number_facet(value: float, unit: str = "") -> str:
    """The facet of a number: `#55inch`."""
    return f"#{value:g}{unit}"


def phrases(wording: Wording, entries: Sequence[tuple[str, str]]) -> Phrases:
    """Phrases ready to be looked for: (text, facet) pairs."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for text, facet in entries:
        stems = tuple(wording.stem(token.norm) for token in tokenize(text))
        if stems:
            found.setdefault(stems[0], []).append((stems, facet))
    return {first: sorted(listed, key=lambda item: -len(item[0])) for first, listed in found.items()}


def segments(form: str, wording: Wording, known: Phrases) -> list[Segment]:
    """A form cut into segments, `known` phrases (category words, brands) in one piece."""
    return _once_each(_Cutter(tokenize(form), wording, known).cut())


def _once_each(cut: Iterator[Segment]) -> list[Segment]:
    """A word that comes twice tells twice: "blanc de blancs" is more than "blanc"."""
    seen: dict[str, int] = {}
    told = []
    for segment in cut:
        facet = segment.facet
        if facet and facet[0] not in "@!":
            before = seen[facet] = seen.get(facet, -1) + 1
            told.append(Segment(segment.tokens, facet + "'" * before) if before else segment)
        else:
            told.append(segment)
    return told


class _Cutter:
    def __init__(self, tokens: tuple[Token, ...], wording: Wording, known: Phrases) -> None:
        self._tokens, self._wording, self._known = tokens, wording, known
        self._stems = [wording.stem(token.norm) for token in tokens]

    def cut(self) -> Iterator[Segment]:
        at = 0
        while at < len(self._tokens):
            segment = self._phrase(at) or self._number(at) or self._code(at) or self._word(at)
            yield segment
            at += len(segment.tokens)

    def _phrase(self, at: int) -> Segment | None:
        for stems, facet in self._known.get(self._stems[at], ()):
            if tuple(self._stems[at : at + len(stems)]) == stems:
                return Segment(self._tokens[at : at + len(stems)], facet)
        return None

    def _number(self, at: int) -> Segment | None:
        token = self._tokens[at]
        if token.text.isdecimal():
            return self._digits(at)
        if not self._wording.begins_number(token.norm):
            return None
        for last in range(at + 1, min(at + 5, len(self._tokens))):
            unit = self._wording.units.get(self._tokens[last].norm)
            if unit and (value := self._in_words(at, last)) is not None:
                return Segment(self._tokens[at : last + 1], number_facet(value, unit))
        return None

    def _digits(self, at: int) -> Segment | None:
        value, last = self._tokens[at].text, at + 1
        if self._is_decimal(last):
            value, last = f"{value}.{self._tokens[last].text}", last + 1
        unit = self._wording.units.get(self._tokens[last].norm) if last < len(self._tokens) else None
        if unit:
            return Segment(self._tokens[at : last + 1], number_facet(float(value), unit))
        glued = last < len(self._tokens) and self._tokens[last].glued and self._tokens[last].norm.isalpha()
        return None if glued else Segment(self._tokens[at:last], number_facet(float(value)))

    def _is_decimal(self, at: int) -> bool:
        return at < len(self._tokens) and self._tokens[at].gap in _DECIMAL_POINTS and self._tokens[at].text.isdecimal()

    def _in_words(self, at: int, last: int) -> float | None:
        for language in self._wording.languages:
            for number in find_numbers(self._tokens[at:last], language):
                if (number.first, number.last, number.kind) == (0, last - at, "cardinal"):
                    return number.value
        return None

    def _code(self, at: int) -> Segment | None:
        """Letters and digits without a gap; a name of three letters or more before digits is left to be a word."""
        last = at + 1
        while last < len(self._tokens) and self._tokens[last].glued and self._tokens[last].norm.isalnum():
            last += 1
        run = self._tokens[at:last]
        if len(run) == 1 or (run[0].norm.isalpha() and len(run[0].norm) >= _SHORTEST_NAME):
            return None
        return Segment(run, "".join(token.norm for token in run))

    def _word(self, at: int) -> Segment:
        token = self._tokens[at]
        if token.text == "+":
            return Segment((token,), self._wording.stem("plus"))
        tells = token.norm.isalpha() and token.norm not in self._wording.empty
        facet = self._wording.facet(token.norm) if tells and not self._wording.is_elided(self._tokens, at) else None
        return Segment((token,), facet)
