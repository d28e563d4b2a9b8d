"""What each stretch of a mention may be, as written: a term, a code or a number, or words to pass over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.catalog.vocabulary import Term, Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.numbers import find_numbers
from voyaltis_flow.language.sounds import letter_heard, sound
from voyaltis_flow.language.tokens import Token

EdgeKind = Literal["term", "number", "ear", "empty", "range", "owner", "quantity", "measure", "foreign"]
_WITHIN_A_MENTION = " \u00a0\u202f\t-'’‐‑"
_LONGEST_SPAN = 6
_LONGEST_LETTER_NAME = 6
_MOST_DIGITS = 15
_LONGEST_PIECEWISE = 6
_NO_TERM = "\0"

# What a reading costs. Nothing explained costs next to nothing; a mention that costs one or more is none of ours.
_LETTER = 0.05
_BORROWED = 0.1
_UNIT_NOT_WRITTEN = 0.1
_EMPTY = 0.01
_CONTAINER = 0.02
_FILLER = 0.03
_MEASURE = 0.06
_SOUNDS_EMPTY = 0.1
_OWNER = 0.15
_LONE_CONTAINER = 0.3
_FOREIGN_LETTER = 0.35
_FOREIGN_BY_RANK = ((100, 0.1), (300, 0.3))
_FOREIGN = 1.0
_FOREIGN_NUMBER = 1.5


def joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing that parts two mentions stands before a token: no comma, no end of a sentence."""
    gap = tokens[at].gap
    decimal = gap in (".", ",") and tokens[at].text.isdecimal() and tokens[at - 1].text.isdecimal()
    return decimal or not gap.strip(_WITHIN_A_MENTION)


@dataclass(frozen=True, slots=True)
class Edge:
    """One reading of `tokens[first:last]`, and what it costs.

    term, number, ear: facets. empty: says nothing. range: "la gamme". owner: what "pour" is followed by. Passed over
    are a measure, which is a number with a unit, a quantity, which is one without, and a foreign word, not ours.
    """

    first: int
    last: int
    kind: EdgeKind
    cost: float
    facets: tuple[str, ...] = ()
    term: Term | None = None
    unit: str = ""
    """Of a measure that is passed over."""
    colour: str = ""
    """That is passed over."""
    measured: bool = False
    """A number whose unit was said."""
    hint: bool = False
    """Supports other facets and tells nothing alone: a word of a category's phrase, or a category's word in a name."""


Edges = Sequence[Sequence[Edge]]
"""Readings by the token where they begin."""


@dataclass(frozen=True, slots=True)
class _Atom:
    last: int
    text: str
    stem: str
    cost: float
    value: float | None = None


class Lattice:
    """The readings of some tokens, by where they begin."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording
        self._empty_sounds = {
            sound(word, language) for word in wording.determiners for language in wording.languages if len(word) > 1
        }

    def plain(self, tokens: Sequence[Token], language: str | None) -> list[list[Edge]]:
        """The readings of each token and what follows it: as written, numbers in words, letters by name."""
        atoms = self._atoms(tokens, language)
        return [
            [*self._terms(atoms, at), *self._numbers(tokens, atoms, at), *self._passing(tokens, atoms, at, language)]
            for at in range(len(tokens))
        ]

    # --- terms as written

    def _atoms(self, tokens: Sequence[Token], language: str | None) -> list[list[_Atom]]:
        atoms = []
        for at, token in enumerate(tokens):
            value = float(token.text) if token.text.isdecimal() and len(token.text) <= _MOST_DIGITS else None
            text = "plus" if token.text == "+" else _NO_TERM if self._adds(tokens, at) else token.norm
            found = [_Atom(at + 1, text, self._wording.stem(text), 0.0, value)]
            for spoken in [language] if language else self._wording.languages:
                letter = (
                    letter_heard(token.low, spoken)
                    if token.norm.isalpha() and len(token.norm) <= _LONGEST_LETTER_NAME
                    else None
                )
                if letter and letter != token.norm:
                    found.append(_Atom(at + 1, letter, letter, _LETTER))
            atoms.append(found)
        for last, at, value in self._numbers_in_words(tokens):
            if not any(atom.value == value and atom.last == last for atom in atoms[at]):
                atoms[at].append(_Atom(last, f"{value:g}", f"{value:g}", 0.0, value))
        return atoms

    def _adds(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a word like "plus" adds or compares here: "S25 plus un Flip", "plus petit"."""
        wording, after = self._wording, at + 1
        if tokens[at].norm not in wording.adding or after >= len(tokens) or not joined(tokens, after):
            return False
        word = tokens[after].norm
        if word.isdecimal() or wording.begins_number(word):
            return after + 1 >= len(tokens) or tokens[after + 1].norm not in wording.units
        return word in wording.determiners - wording.inside or word in wording.fillers

    def _numbers_in_words(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, float]]:
        """Every number in words, and every shorter one that it begins with ("trois cent soixante" holds 3 and 300)."""
        for language in self._wording.languages:
            for number in find_numbers(tokens, language):
                if number.kind != "cardinal":
                    continue
                yield number.last, number.first, number.value
                for first in range(number.first, number.last):
                    for last in range(first + 1, number.last + 1):
                        for part in find_numbers(tokens[first:last], language):
                            if part.first == 0 and part.last == last - first and part.kind == "cardinal":
                                yield last, first, part.value

    def _terms(self, atoms: Sequence[Sequence[_Atom]], first: int) -> Iterator[Edge]:
        """The terms that begin here, words run together or torn apart."""
        for last, text, stem, cost in self._joined(atoms, first, "", "", 0.0, 0):
            for key in {text, stem}:
                terms = self._vocabulary.terms.get(key, ())
                category = any(term.kind == "category" for term in terms)
                for term in terms:
                    if term.weak == 0 or last - first == 1:
                        hint = term.kind == "part" or (category and term.kind == "word")
                        price = cost + term.weak + (_BORROWED if hint else 0)
                        yield Edge(first, last, "term", price, term.facets, term, hint=hint)

    def _joined(
        self, atoms: Sequence[Sequence[_Atom]], at: int, text: str, stem: str, cost: float, count: int
    ) -> Iterator[tuple[int, str, str, float]]:
        if at >= len(atoms) or count == _LONGEST_SPAN:
            return
        for atom in atoms[at]:
            longer = (atom.last, text + atom.text, stem + atom.stem, cost + atom.cost)
            if self._vocabulary.begins(longer[1]) or self._vocabulary.begins(longer[2]):
                yield longer
                yield from self._joined(atoms, *longer, count + 1)

    # --- numbers

    def _numbers(self, tokens: Sequence[Token], atoms: Sequence[Sequence[_Atom]], first: int) -> Iterator[Edge]:
        for last, digits in self._digits(tokens, atoms, first, ""):
            unit = self._wording.units.get(tokens[last].norm, "") if last < len(tokens) else ""
            for facet in self._vocabulary.numbers.get(digits, ()):
                of = self._vocabulary.units_of(facet)
                if unit and of in (unit, ""):
                    yield Edge(first, last + 1, "number", 0.0 if of else _UNIT_NOT_WRITTEN, (facet,), measured=True)
                if not unit or of == "":
                    yield Edge(first, last, "number", 0.0, (facet,))

    def _digits(
        self, tokens: Sequence[Token], atoms: Sequence[Sequence[_Atom]], at: int, before: str
    ) -> Iterator[tuple[int, str]]:
        """Numbers, also those said piece by piece ("three sixty"), and decimals."""
        for atom in atoms[at] if at < len(atoms) else ():
            if atom.value is None or len(before) > _LONGEST_PIECEWISE:
                continue
            digits = f"{atom.value:g}"
            yield atom.last, before + digits
            following = tokens[atom.last] if atom.last < len(tokens) else None
            if digits.isdecimal() and following and following.gap in (".", ",") and following.text.isdecimal():
                yield atom.last + 1, f"{float(f'{digits}.{following.text}'):g}"
            yield from self._digits(tokens, atoms, atom.last, before + digits)

    # --- what is passed over

    def _passing(
        self, tokens: Sequence[Token], atoms: Sequence[Sequence[_Atom]], first: int, language: str | None
    ) -> Iterator[Edge]:
        numbers = [atom for atom in atoms[first] if atom.value is not None]
        for atom in numbers:
            unit = self._wording.units.get(tokens[atom.last].norm, "") if atom.last < len(tokens) else ""
            if unit:
                yield Edge(first, atom.last + 1, "measure", _MEASURE, unit=unit)
            yield Edge(first, atom.last, "quantity", _FOREIGN_NUMBER)
        word = tokens[first].norm
        if word in self._wording.before_owner:
            yield Edge(first, len(tokens), "owner", _OWNER)
        if self._wording.is_elided(tokens, first) or word in self._wording.empty:
            yield Edge(first, first + 1, "empty", _EMPTY)
        elif not numbers:
            yield self._passed(tokens, first, language)

    def _passed(self, tokens: Sequence[Token], at: int, language: str | None) -> Edge:
        wording, word = self._wording, tokens[at].norm
        if word in wording.colours:
            return Edge(at, at + 1, "empty", _FILLER, colour=wording.colours[word])
        if word in wording.fillers or word in wording.attributes:
            return Edge(at, at + 1, "empty", _FILLER)
        if word in wording.lines:
            return Edge(at, at + 1, "range", _FILLER)
        if word in wording.containers:
            of = at + 1 < len(tokens) and tokens[at + 1].norm in wording.inside
            return Edge(at, at + 1, "empty", _CONTAINER if of else _LONE_CONTAINER)
        if 1 < len(word) <= 3 and self._sounds_empty(tokens[at].low):
            return Edge(at, at + 1, "empty", _SOUNDS_EMPTY)
        return Edge(at, at + 1, "foreign", _foreign(word, wording, language))

    def _sounds_empty(self, word: str) -> bool:
        return any(sound(word, language) in self._empty_sounds for language in self._wording.languages)


def _foreign(norm: str, wording: Wording, language: str | None) -> float:
    """What it costs to pass over a word that is none of ours: much, unless it is one that speech is full of."""
    if len(norm) == 1:
        return _FOREIGN_LETTER
    rank = common_rank(norm, language) if language else wording.rank(norm)
    return next((cost for below, cost in _FOREIGN_BY_RANK if rank is not None and rank < below), _FOREIGN)
