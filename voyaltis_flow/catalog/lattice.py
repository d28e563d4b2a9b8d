"""What each stretch of a mention may be: terms as said, codes and numbers as read, terms by ear, and words to pass over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from voyaltis_flow.catalog.echoes import Echoes
from voyaltis_flow.catalog.vocabulary import Term, Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.numbers import find_numbers
from voyaltis_flow.language.sounds import letter_heard, sound
from voyaltis_flow.language.tokens import Token

EdgeKind = Literal["term", "number", "ear", "empty", "range", "owner", "quantity", "measure", "foreign"]
_WITHIN_A_MENTION = " \u00a0\u202f\t-'’‐‑"
_LONGEST_SPAN = 6
_LONGEST_HEARD = 4
_LEAST_LIKENESS_EXPECTED = 0.6
_EXPECTED = 0.7
"""The price of hearing what the rest of the mention lets one expect, as a part of the price of hearing it anywhere."""
_BORROWED = 0.1
"""What it costs to take a category's word for a word of a name."""
_LETTER = 0.05
"""What it costs to take a word for a letter's name."""
_CLEARLY = 0.2
_WELL = 0.4
_NO_TERM = "\0"
_FOREIGN_NUMBER = 1.5
"""What it costs to pass over a number that no product has."""


def joined(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing that parts two mentions stands before a token: no comma, no end of a sentence."""
    gap = tokens[at].gap
    decimal = gap in (".", ",") and tokens[at].text.isdecimal() and tokens[at - 1].text.isdecimal()
    return decimal or not gap.strip(_WITHIN_A_MENTION)


@dataclass(frozen=True, slots=True)
class Edge:
    """One reading of `tokens[first:last]`, and what it costs. `foreign` explains nothing."""

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
    """Supports other facets and tells nothing alone: a word out of a category's phrase, or a category's word in a name."""


@dataclass(frozen=True, slots=True)
class _Atom:
    last: int
    text: str
    stem: str
    cost: float
    value: float | None = None


class Lattice:
    """The readings of some tokens, by where they begin."""

    def __init__(self, vocabulary: Vocabulary, echoes: Echoes, wording: Wording) -> None:
        self._vocabulary, self._echoes, self._wording = vocabulary, echoes, wording
        self._empty_sounds = {
            sound(word, language) for word in wording.determiners for language in wording.languages if len(word) > 1
        }

    def plain(self, tokens: Sequence[Token], language: str | None) -> list[list[Edge]]:
        """The readings that need no ear: as written, numbers in words, letters by name; and what passing over costs."""
        atoms = self._atoms(tokens, language)
        return [
            [*self._terms(atoms, at), *self._numbers(tokens, atoms, at), *self._passing(tokens, atoms, at)]
            for at in range(len(tokens))
        ]

    def by_ear(self, tokens: Sequence[Token], known: Sequence[Sequence[Edge]], language: str | None) -> Iterator[Edge]:
        """The readings of stretches that are no term as written, and hold no word that is one by itself."""
        ours = self.ours(tokens, known)
        for first in range(len(tokens)):
            exact = {edge.last for edge in known[first] if edge.kind == "term" and edge.cost == 0}
            for last in range(first + 1, min(first + _LONGEST_HEARD, len(tokens)) + 1):
                if not tokens[last - 1].norm.isalpha():
                    break
                if last - first > 1 and (ours[first] or ours[last - 1]):
                    break
                if last not in exact and not self._says_nothing(tokens, first, last):
                    yield from self._heard(tokens, first, last, language)

    def by_ear_around(
        self, tokens: Sequence[Token], known: Sequence[Sequence[Edge]], places: Iterable[int], language: str | None
    ) -> Iterator[Edge]:
        """The readings by ear of stretches of running text that hold one of these places.

        A term as it stands is part of a stretch only when it is one of the places, and then of a clear reading only.
        """
        ours = self.ours(tokens, known)
        strange = set(places)
        for first, last in sorted({span for place in strange for span in self._spans(tokens, place)}):
            known_here = [at for at in range(first, last) if ours[at]]
            if strange.issuperset(known_here) and all(joined(tokens, at) for at in range(first + 1, last)):
                heard = self._heard(tokens, first, last, language)
                yield from (edge for edge in heard if not known_here or edge.cost <= _CLEARLY)

    def _spans(self, tokens: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
        """The stretches around a place that neither begin nor end with a word that is only itself."""
        for first in range(max(0, place - _LONGEST_HEARD + 1), place + 1):
            if first < place and not self._may_be_misheard(tokens, first):
                continue
            for last in range(place + 1, min(first + _LONGEST_HEARD, len(tokens)) + 1):
                if last == place + 1 or self._may_be_misheard(tokens, last - 1):
                    yield first, last

    def _may_be_misheard(self, tokens: Sequence[Token], at: int) -> bool:
        word = tokens[at].norm
        if not word.isalpha() or self._wording.begins_number(word):
            return False
        return self._wording.is_elided(tokens, at) or word not in self._wording.empty

    def by_ear_at(
        self, tokens: Sequence[Token], known: Sequence[Sequence[Edge]], places: Iterable[int], language: str | None
    ) -> Iterator[Edge]:
        """The clear readings by ear of single words, right after a mention that they may belong to."""
        ours = self.ours(tokens, known)
        for at in places:
            if joined(tokens, at) and not ours[at] and self._may_be_misheard(tokens, at):
                heard = self._heard(tokens, at, at + 1, language)
                yield from (replace(edge, cost=_EXPECTED * edge.cost) for edge in heard if _EXPECTED * edge.cost <= _CLEARLY)

    def before_number(
        self, tokens: Sequence[Token], known: Sequence[Sequence[Edge]], language: str | None
    ) -> Iterator[Edge]:
        """Words that, heard as they sound, name a product in full together with the number after them ("jette 75")."""
        for at, edges in enumerate(known):
            numbers = [edge for edge in edges if edge.kind == "number" and not edge.measured]
            before = at - 1
            if not numbers or before < 0 or not joined(tokens, at) or not self._may_be_misheard(tokens, before):
                continue
            for heard in self._heard(tokens, before, at, language):
                cost = _EXPECTED * heard.cost
                if cost <= _WELL and any(
                    frozenset((*heard.facets, *number.facets)) in self._vocabulary.forms for number in numbers
                ):
                    yield replace(heard, cost=cost)

    def in_context(
        self, tokens: Sequence[Token], span: tuple[int, int], terms: Iterable[Term], language: str | None
    ) -> Iterator[Edge]:
        """The readings of a stretch as one of a few terms that the rest of the mention makes likely."""
        words = [token.low for token in tokens[span[0] : span[1]]]
        letters = "".join(token.norm for token in tokens[span[0] : span[1]])
        for term in terms:
            likeness = self._echoes.likeness(words, letters, term, language)
            if likeness >= _LEAST_LIKENESS_EXPECTED:
                yield Edge(*span, "ear", _EXPECTED * _strain(likeness, len("".join(term.words))), term.facets, term)

    # --- terms as written

    def _atoms(self, tokens: Sequence[Token], language: str | None) -> list[list[_Atom]]:
        atoms = []
        for at, token in enumerate(tokens):
            value = float(token.text) if token.text.isdecimal() and len(token.text) < 16 else None
            text = "plus" if token.text == "+" else _NO_TERM if self._adds(tokens, at) else token.norm
            found = [_Atom(at + 1, text, self._wording.stem(text), 0.0, value)]
            for spoken in [language] if language else self._wording.languages:
                letter = letter_heard(token.low, spoken) if token.norm.isalpha() and len(token.norm) <= 6 else None
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
                    yield Edge(first, last + 1, "number", 0.0 if of else 0.1, (facet,), measured=True)
                if not unit or of == "":
                    yield Edge(first, last, "number", 0.0, (facet,))

    def _digits(
        self, tokens: Sequence[Token], atoms: Sequence[Sequence[_Atom]], at: int, before: str
    ) -> Iterator[tuple[int, str]]:
        """Numbers, also those said piece by piece ("three sixty"), and decimals."""
        for atom in atoms[at] if at < len(atoms) else ():
            if atom.value is None or len(before) > 6:
                continue
            digits = f"{atom.value:g}"
            yield atom.last, before + digits
            following = tokens[atom.last] if atom.last < len(tokens) else None
            if following and following.gap in (".", ",") and following.text.isdecimal():
                yield atom.last + 1, f"{float(f'{digits}.{following.text}'):g}"
            yield from self._digits(tokens, atoms, atom.last, before + digits)

    # --- what is passed over

    def _passing(self, tokens: Sequence[Token], atoms: Sequence[Sequence[_Atom]], first: int) -> Iterator[Edge]:
        numbers = [atom for atom in atoms[first] if atom.value is not None]
        for atom in numbers:
            unit = self._wording.units.get(tokens[atom.last].norm, "") if atom.last < len(tokens) else ""
            if unit:
                yield Edge(first, atom.last + 1, "measure", 0.06, unit=unit)
            yield Edge(first, atom.last, "quantity", _FOREIGN_NUMBER)
        word = tokens[first].norm
        if word in self._wording.before_owner:
            yield Edge(first, len(tokens), "owner", 0.15)
        if self._wording.is_elided(tokens, first) or word in self._wording.empty:
            yield Edge(first, first + 1, "empty", 0.01)
        elif not numbers:
            yield self._passed(tokens, first, word)

    def _passed(self, tokens: Sequence[Token], at: int, word: str) -> Edge:
        wording = self._wording
        if word in wording.colours:
            return Edge(at, at + 1, "empty", 0.03, colour=wording.colours[word])
        if word in wording.fillers or word in wording.attributes:
            return Edge(at, at + 1, "empty", 0.03)
        if word in wording.lines:
            return Edge(at, at + 1, "range", 0.03)
        if word in wording.containers:
            of = at + 1 < len(tokens) and tokens[at + 1].norm in wording.inside
            return Edge(at, at + 1, "empty", 0.02 if of else 0.3)
        if 1 < len(word) <= 3 and self._sounds_empty(tokens[at].low):
            return Edge(at, at + 1, "empty", 0.1)
        return Edge(at, at + 1, "foreign", _foreign(word, wording))

    def _sounds_empty(self, word: str) -> bool:
        return any(sound(word, language) in self._empty_sounds for language in self._wording.languages)

    # --- terms by ear

    def ours(self, tokens: Sequence[Token], known: Sequence[Sequence[Edge]]) -> list[bool]:
        """Which words are terms as they stand."""
        return [self._is_ours(token, edges) for token, edges in zip(tokens, known, strict=True)]

    def _is_ours(self, token: Token, edges: Sequence[Edge]) -> bool:
        """Whether a word is a term as it stands: nobody misheard it."""
        return len(token.norm) > 2 and any(
            edge.kind == "term" and not edge.hint and not edge.cost and edge.last == edge.first + 1 for edge in edges
        )

    def _says_nothing(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        return all(token.norm in self._wording.empty for token in tokens[first:last])

    def _heard(self, tokens: Sequence[Token], first: int, last: int, language: str | None) -> Iterator[Edge]:
        words = [token.low for token in tokens[first:last]]
        doubt = self._doubt(tokens[first].norm, language) if last == first + 1 else 0.0
        for echo in self._echoes.of(words, "".join(token.norm for token in tokens[first:last]), language)[:6]:
            cost = doubt + _strain(echo.likeness, len("".join(echo.term.words)))
            yield Edge(first, last, "ear", cost, echo.term.facets, echo.term)

    def _doubt(self, norm: str, language: str | None) -> float:
        """What it costs to take a word that people use for a misheard one: the commoner, the more."""
        rank = common_rank(norm, language) if language else self._wording.rank(norm)
        return 0.0 if rank is None else 0.25 if rank < 3_000 else 0.15 if rank < 10_000 else 0.05


def _strain(likeness: float, letters: int) -> float:
    """What it costs to take heard words for a term this like them: the shorter the term, the more."""
    return 0.03 + 1.3 * (1 - likeness) * (1 + 2 / letters)


def _foreign(norm: str, wording: Wording) -> float:
    """What it costs to pass over a word that is none of ours: much, unless it is one that speech is full of."""
    if len(norm) == 1:
        return 0.35
    rank = wording.rank(norm)
    if rank is None:
        return 1.0
    return 0.1 if rank < 100 else 0.3 if rank < 300 else 1.0
