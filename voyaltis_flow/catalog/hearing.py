"""What each stretch of a mention may be by ear, where it is nothing as written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from voyaltis_flow.catalog.echoes import Echoes
from voyaltis_flow.catalog.lattice import Edge, Edges, joined
from voyaltis_flow.catalog.vocabulary import Term, Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.numbers import as_spoken
from voyaltis_flow.language.sounds import sound
from voyaltis_flow.language.tokens import Token

_LONGEST = 4
_MOST_ECHOES = 6
_MOST_STRANGE = 100
"""Strange words of a text that are listened to; a text with more of them is in no language of ours."""
_LEAST_LIKENESS_EXPECTED = 0.6
_BROKEN_OFF = 0.65
"""How like a word its beginning is: people break off, and recognisers cut ("S25 Ed…")."""
_EXPECTED = 0.7
"""The price of hearing what the rest of the mention lets one expect, as a part of the price of hearing it anywhere."""
_CLEARLY = 0.2
_WELL = 0.4
_AT_LEAST = 0.03
_UNLIKENESS = 1.3
_DOUBT_BY_RANK = ((3_000, 0.25), (10_000, 0.15))
_DOUBT = 0.05


class Hearing:
    """Hears terms in words that are none."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording
        self._echoes = Echoes(vocabulary, wording.languages)
        self._phrases = {language: _by_first_sound(vocabulary, language) for language in wording.languages}

    def anywhere(self, tokens: Sequence[Token], known: Edges, language: str | None) -> Iterator[Edge]:
        """The readings of every stretch that is no term as written, and neither begins nor ends with one."""
        ours = self.ours(tokens, known)
        for first in range(len(tokens)):
            exact = {edge.last for edge in known[first] if edge.kind == "term" and edge.cost == 0}
            for last in range(first + 1, min(first + _LONGEST, len(tokens)) + 1):
                if not tokens[last - 1].norm.isalpha() or (last > first + 1 and (ours[first] or ours[last - 1])):
                    break
                if last not in exact and not self._says_nothing(tokens[first:last]):
                    yield from self._heard(tokens, first, last, language)

    def expected(
        self, tokens: Sequence[Token], span: tuple[int, int], terms: Iterable[Term], language: str | None
    ) -> Iterator[Edge]:
        """The readings of a stretch as one of a few terms that the rest of the mention makes likely."""
        said = tokens[slice(*span)]
        words, letters = [token.low for token in said], "".join(token.norm for token in said)
        for term in terms:
            likeness = self._echoes.likeness(words, letters, term, language)
            if len(letters) > 1 and "".join(term.words).startswith(letters):
                likeness = max(likeness, _BROKEN_OFF)
            if likeness >= _LEAST_LIKENESS_EXPECTED:
                yield Edge(*span, "ear", _EXPECTED * _strain(likeness, term), term.facets, term)

    # --- in running text

    def around(
        self, tokens: Sequence[Token], known: Edges, strange: Sequence[int], language: str | None
    ) -> Iterator[Edge]:
        """The readings of stretches that hold a strange word.

        A term as it stands is part of a stretch only when it is strange, too, and then of a clear reading only.
        """
        ours, places = self.ours(tokens, known), set(strange[:_MOST_STRANGE])
        for first, last in sorted({span for place in places for span in self._spans(tokens, place)}):
            ours_here = [at for at in range(first, last) if ours[at]]
            if places.issuperset(ours_here) and all(joined(tokens, at) for at in range(first + 1, last)):
                heard = self._heard(tokens, first, last, language)
                yield from (edge for edge in heard if not ours_here or edge.cost <= _CLEARLY)

    def after(
        self, tokens: Sequence[Token], known: Edges, places: Iterable[int], language: str | None
    ) -> Iterator[Edge]:
        """The clear readings of single words right after a mention, to which they may belong."""
        ours = self.ours(tokens, known)
        for at in places:
            if joined(tokens, at) and not ours[at] and self._may_be_misheard(tokens, at):
                for heard in self._heard(tokens, at, at + 1, language):
                    if _EXPECTED * heard.cost <= _CLEARLY:
                        yield replace(heard, cost=_EXPECTED * heard.cost)

    def phrases(self, tokens: Sequence[Token], known: Edges, language: str | None) -> Iterator[Edge]:
        """The readings of words that sound the same, word for word, and are spelled otherwise ("cave à 20")."""
        for spoken in [language] if language else self._wording.languages:
            sounds = [sound(as_spoken(token.low, spoken), spoken) for token in tokens]
            for at, first in enumerate(sounds):
                for codes, term in self._phrases[spoken].get(first, ()):
                    last = at + len(codes)
                    same = tuple(sounds[at:last]) == codes and all(joined(tokens, k) for k in range(at + 1, last))
                    if same and not any(edge.last == last and edge.facets == term.facets for edge in known[at]):
                        yield Edge(at, last, "ear", _AT_LEAST, term.facets, term)

    def before_number(self, tokens: Sequence[Token], known: Edges, language: str | None) -> Iterator[Edge]:
        """The readings of a word that names a product in full together with the number after it ("jette 75")."""
        for at, edges in enumerate(known):
            numbers = [edge.facets for edge in edges if edge.kind == "number" and not edge.measured]
            if not numbers or not at or not joined(tokens, at) or not self._may_be_misheard(tokens, at - 1):
                continue
            for heard in self._heard(tokens, at - 1, at, language):
                full = any(frozenset((*heard.facets, *number)) in self._vocabulary.forms for number in numbers)
                if full and _EXPECTED * heard.cost <= _WELL:
                    yield replace(heard, cost=_EXPECTED * heard.cost)

    def _spans(self, tokens: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
        """The stretches around a place that neither begin nor end with a word that is only itself."""
        for first in range(max(0, place - _LONGEST + 1), place + 1):
            if first < place and not self._may_be_misheard(tokens, first):
                continue
            for last in range(place + 1, min(first + _LONGEST, len(tokens)) + 1):
                if last == place + 1 or self._may_be_misheard(tokens, last - 1):
                    yield first, last

    # --- words

    def ours(self, tokens: Sequence[Token], known: Edges) -> list[bool]:
        """Which words are terms as they stand: nobody misheard them."""
        return [len(token.norm) > 2 and any(map(_stands, edges)) for token, edges in zip(tokens, known, strict=True)]

    def _may_be_misheard(self, tokens: Sequence[Token], at: int) -> bool:
        word = tokens[at].norm
        if not word.isalpha() or self._wording.begins_number(word) or word in self._wording.adding:
            return False
        return self._wording.is_elided(tokens, at) or word not in self._wording.empty

    def _says_nothing(self, said: Sequence[Token]) -> bool:
        return all(token.norm in self._wording.empty for token in said)

    def _heard(self, tokens: Sequence[Token], first: int, last: int, language: str | None) -> Iterator[Edge]:
        said = tokens[first:last]
        doubt = self._doubt(said[0].norm, language) if len(said) == 1 else 0.0
        letters = "".join(token.norm for token in said)
        for echo in self._echoes.of([token.low for token in said], letters, language)[:_MOST_ECHOES]:
            yield Edge(first, last, "ear", doubt + _strain(echo.likeness, echo.term), echo.term.facets, echo.term)

    def _doubt(self, norm: str, language: str | None) -> float:
        """What it costs to take a word that people use for a misheard one: the commoner, the more."""
        rank = common_rank(norm, language) if language else self._wording.rank(norm)
        if rank is None:
            return 0.0
        return next((cost for below, cost in _DOUBT_BY_RANK if rank < below), _DOUBT)


def _by_first_sound(vocabulary: Vocabulary, language: str) -> Mapping[str, Sequence[tuple[tuple[str, ...], Term]]]:
    """Categories' phrases of several words, by how their first word sounds in a language."""
    found: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
    for terms in vocabulary.terms.values():
        for term in terms:
            if term.kind == "category" and len(term.words) > 1:
                codes = tuple(sound(word, language) for word in term.words)
                found.setdefault(codes[0], []).append((codes, term))
    return found


def _stands(edge: Edge) -> bool:
    return edge.kind == "term" and not edge.hint and not edge.cost and edge.last == edge.first + 1


def _strain(likeness: float, term: Term) -> float:
    """What it costs to take heard words for a term this like them: the shorter the term, the more."""
    return _AT_LEAST + _UNLIKENESS * (1 - likeness) * (1 + 2 / len("".join(term.words)))
