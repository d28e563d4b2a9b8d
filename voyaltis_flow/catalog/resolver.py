"""A mention as heard → what it is. As written first; by ear only where that leaves something unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf

from voyaltis_flow.catalog.decide import Judge
from voyaltis_flow.catalog.hearing import Hearing
from voyaltis_flow.catalog.interpret import Interpreter, Reading
from voyaltis_flow.catalog.lattice import Edge, Lattice
from voyaltis_flow.catalog.resolution import Match, Resolution, Unknown
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token, tokenize

_LONGEST_MENTION = 24
"""Tokens of a mention; of a longer one, which is none, the beginning counts."""
_PLAIN_ENOUGH = 0.12
"""A reading as cheap as this needs no ear."""
_HEARD_ENOUGH = 0.3
"""A reading as cheap as this needs no guess from what the rest of it says."""
_IN_CONTEXT = 4
_FEW = 40
"""Products that a reading may still mean for its foreign words to be compared with theirs."""
_LONGEST_RUN = 3
_PAUSES = frozenset(",;:")


class Resolver:
    """Joins lattice, hearing, interpreter and judge."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary = vocabulary
        self.lattice = Lattice(vocabulary, wording)
        self.hearing = Hearing(vocabulary, wording)
        self.interpreter = Interpreter(vocabulary)
        self.judge = Judge(vocabulary, wording)

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """What a mention, taken as a whole, names. What stands behind a comma may restate it."""
        tokens = tokenize(mention)[:_LONGEST_MENTION]
        whole = self.judge.decide(self.readings(tokens, language), tokens)
        if not isinstance(whole, Unknown) or whole.why == "competitor":
            return whole
        parts = [self.judge.decide(self.readings(part, language), part) for part in _parts(tokens)]
        found = {part.product: part for part in parts if isinstance(part, Match) and not part.confirm}
        told = len(found) == 1 and all(isinstance(p, Match) or (isinstance(p, Unknown) and not p.near) for p in parts)
        return next(iter(found.values())) if told else whole

    def readings(self, tokens: Sequence[Token], language: str | None) -> list[Reading]:
        """The readings of a whole mention, cheapest first."""
        lattice: list[list[Edge]] = self.lattice.plain(tokens, language)
        found = self.interpreter.readings(lattice)
        if _cost(found) <= _PLAIN_ENOUGH:
            return found
        heard = [*self.hearing.phrases(tokens, lattice, language), *self.hearing.anywhere(tokens, lattice, language)]
        for edge in heard:
            lattice[edge.first].append(edge)
        found = self.interpreter.readings(lattice)
        if _cost(found) <= _HEARD_ENOUGH:
            return found
        ours = self.hearing.ours(tokens, lattice)
        for reading in found[:_IN_CONTEXT]:
            for edge in self._expected(tokens, reading, ours, language):
                lattice[edge.first].append(edge)
        return self.interpreter.readings(lattice)

    def _expected(
        self, tokens: Sequence[Token], reading: Reading, ours: Sequence[bool], language: str | None
    ) -> Iterator[Edge]:
        """What the foreign words of a reading may have been, given the products that the rest of it names."""
        holders = reading.holders or ()
        if not reading.tells or not 0 < len(holders) <= _FEW:
            return
        terms = {
            term
            for index in holders
            for term in self._vocabulary.spoken.get(index, ())
            if not reading.facets.intersection(term.facets)
        }
        for span in _foreign_spans(reading):
            if any(ours[slice(*span)]):
                continue
            yield from self.hearing.expected(tokens, span, terms, language)


def _cost(readings: Sequence[Reading]) -> float:
    return next((reading.cost for reading in readings if reading.tells), inf)


def _foreign_spans(reading: Reading) -> list[tuple[int, int]]:
    """Where foreign words stand, alone and together with the empty words and foreign ones beside them."""
    spans, run = [], list[Edge]()
    for edge in reading.path:
        if edge.kind not in ("foreign", "empty"):
            run = []
            continue
        run.append(edge)
        spans += [
            (run[at].first, edge.last)
            for at in range(max(0, len(run) - _LONGEST_RUN), len(run))
            if any(e.kind == "foreign" for e in run[at:])
        ]
    return spans


def _parts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """The tokens between commas."""
    cuts = [at for at, token in enumerate(tokens) if at and set(token.gap) & _PAUSES]
    return [tokens[first:last] for first, last in pairwise([0, *cuts, len(tokens)])] if cuts else []
