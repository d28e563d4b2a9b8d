"""A turn laid out for reading: its elements (products, numbers, words), its cues, and the segments they fall into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import Literal

from voyaltis_flow.catalog.resolution import Spot
from voyaltis_flow.language.numbers import Number
from voyaltis_flow.language.tokens import Token
from voyaltis_flow.reading.cues import Cue
from voyaltis_flow.reading.lexis import Lexis

Mark = Literal[0, 1, 2]
"""What stands before an element: nothing, a pause (comma, colon, dash, bracket), the end of a sentence."""
_SENTENCE_END = frozenset(".!?…;\n")
_PAUSE = frozenset(',:()[]–—«»"“”/')


@dataclass(frozen=True, slots=True)
class Element:
    """A product, a number or a word at `tokens[first:last]`."""

    first: int
    last: int
    mark: Mark
    colon: bool
    spellings: tuple[str, ...]
    spot: Spot | None = None
    number: Number | None = None

    @property
    def word(self) -> str:
        """The folded word; "@" for a product, "#" for a number that is no single word."""
        return self.spellings[0]


@dataclass(frozen=True)
class Segment:
    """A stretch of elements that says one thing: `elements[first:last]` of its scene, and the cues inside."""

    index: int
    first: int
    last: int
    sentence: int
    starts_sentence: bool
    after_colon: bool
    cues: tuple[Cue, ...]

    @cached_property
    def classes(self) -> frozenset[str]:
        return frozenset().union(*(cue.classes for cue in self.cues)) if self.cues else frozenset()

    def has(self, *classes: str) -> bool:
        return not self.classes.isdisjoint(classes)

    def where(self, name: str) -> Iterator[Cue]:
        """The cues of a class, in order."""
        return (cue for cue in self.cues if name in cue.classes)


@dataclass(frozen=True)
class Scene:
    """One turn: what was said, and its layout."""

    text: str
    tokens: Sequence[Token]
    elements: tuple[Element, ...]
    cues: tuple[Cue, ...]
    segments: tuple[Segment, ...]

    def said(self, first: int, last: int) -> str:
        """The words of `elements[first:last]`, verbatim."""
        if first >= last:
            return ""
        return self.text[
            self.tokens[self.elements[first].first].start : self.tokens[self.elements[last - 1].last - 1].end
        ]

    @cached_property
    def has_products(self) -> bool:
        """Whether a product is named, be it one that is not ours."""
        return any(element.spot for element in self.elements)

    @cached_property
    def sentences(self) -> tuple[tuple[Segment, ...], ...]:
        """The segments, by sentence."""
        return tuple(tuple(group) for _, group in groupby(self.segments, key=lambda segment: segment.sentence))

    def sentence_of(self, segment: Segment) -> tuple[Segment, ...]:
        return self.sentences[segment.sentence]

    @cached_property
    def classes(self) -> frozenset[str]:
        return frozenset().union(*(cue.classes for cue in self.cues)) if self.cues else frozenset()


def lay_out(
    text: str, tokens: Sequence[Token], spots: Sequence[Spot], numbers: Sequence[Number], lexis: Lexis
) -> Scene:
    """The scene of a turn."""
    elements = _elements(tokens, spots, numbers)
    cues = lexis.book.find(elements)
    return Scene(text, tokens, elements, cues, tuple(_segments(elements, cues, lexis)))


def _without_count(spot: Spot, numbers: Sequence[Number]) -> Spot:
    """A spot that was found by its sound, less the number that it begins with: "deux bisse poque" holds one."""
    first = spot.first
    while number := next((n for n in numbers if n.first == first and n.last < spot.last), None):
        first = number.last
    return replace(spot, first=first)


def _elements(tokens: Sequence[Token], spots: Sequence[Spot], numbers: Sequence[Number]) -> tuple[Element, ...]:
    spots = [_without_count(spot, numbers) if spot.by == "sound" else spot for spot in spots]
    spot_at = {spot.first: spot for spot in spots}
    taken = {index for spot in spots for index in range(spot.first, spot.last)}
    number_at = {n.first: n for n in numbers if taken.isdisjoint(range(n.first, n.last))}
    elements: list[Element] = []
    at = 0
    while at < len(tokens):
        spot, number = spot_at.get(at), number_at.get(at)
        last = spot.last if spot else number.last if number else at + 1
        mark, colon = _mark(tokens[at].gap, bool(elements))
        elements.append(Element(at, last, mark, colon, _spellings(tokens[at:last], spot, number), spot, number))
        at = max(last, at + 1)
    return tuple(elements)


def _mark(gap: str, inside: bool) -> tuple[Mark, bool]:
    if not inside or not gap.strip(" '’-"):
        return 0, False
    if _SENTENCE_END.intersection(gap):
        return 2, False
    return (1, ":" in gap) if _PAUSE.intersection(gap) or " - " in gap else (0, False)


def _spellings(tokens: Sequence[Token], spot: Spot | None, number: Number | None) -> tuple[str, ...]:
    if spot:
        return ("@",)
    first = tokens[0]
    if number:
        return (first.norm, "=" + first.low, "#") if len(tokens) == 1 else ("#",)
    return (first.norm, "=" + first.low) if first.low != first.norm or len(first.low) < 8 else (first.norm,)


_ACTS = frozenset({"sell", "buy", "go", "demand", "planned", "third_sells", "shown", "abandoned", "reserved"})
_NONE: frozenset[str] = frozenset()
_LONGEST_SENTENCE = 60
"""Segments of one sentence; what goes on for longer is read as if it began anew, so that time stays bounded."""
_STARTS = frozenset({"clause_starts", "seriously"})
_OPENERS = frozenset({"self", "customer", "today", "other_day"})


def _segments(elements: Sequence[Element], cues: Sequence[Cue], lexis: Lexis) -> Iterator[Segment]:
    """Segments end at punctuation, before a word that begins a clause, and a new subject or time after a verb."""
    starts = [*_starts(elements, cues, lexis), len(elements)]
    sentence, since, cue_at = 0, 0, 0
    for index, (first, last) in enumerate(pairwise(starts)):
        begins = index == 0 or elements[first].mark == 2 or index - since >= _LONGEST_SENTENCE
        if begins and index:
            sentence, since = sentence + 1, index
        inside = []
        while cue_at < len(cues) and cues[cue_at].first < last:
            inside.append(cues[cue_at])
            cue_at += 1
        yield Segment(index, first, last, sentence, begins, elements[first].colon, tuple(inside))


def _starts(elements: Sequence[Element], cues: Sequence[Cue], lexis: Lexis) -> Iterator[int]:
    """Where segments begin."""
    classes_at = {cue.first: cue.classes for cue in cues}
    acted = False
    for at, element in enumerate(elements):
        classes = classes_at.get(at, _NONE)
        anew = acted and not _OPENERS.isdisjoint(classes) and _opens(elements, at, lexis)
        if at == 0 or element.mark or anew or not _STARTS.isdisjoint(classes):
            yield at
            acted = False
        acted = acted or not _ACTS.isdisjoint(classes)


def _opens(elements: Sequence[Element], at: int, lexis: Lexis) -> bool:
    """Whether a subject or time begins something new, and is not governed ("une dame", "pour moi")."""
    return not lexis.is_a(elements[at - 1].word, "determiners", "prepositions")
