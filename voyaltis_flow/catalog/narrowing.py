"""Which of several products some words mean: "en 65", "la Classic", "Avant ou Elite"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge
from voyaltis_flow.catalog.resolver import Resolver
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_HEARD_WELL = 0.5
_LEAST_SIZE = 10
"""Smaller numbers count things; from here on, after "en" or "la", a number is a size."""


@dataclass(frozen=True, slots=True)
class _Clue:
    edge: Edge
    fitting: frozenset[int]


class Narrower:
    """Intersects candidates with what later words say of them."""

    def __init__(self, vocabulary: Vocabulary, resolver: Resolver, wording: Wording) -> None:
        self._vocabulary, self._resolver, self._wording = vocabulary, resolver, wording
        self._numbers = {product.id: index for index, product in enumerate(vocabulary.products)}

    def narrow(self, candidates: Collection[str], tokens: Sequence[Token], language: str | None) -> tuple[str, ...]:
        """The candidates that the tokens fit; all when nothing is said of them, none when all are ruled out."""
        among = frozenset(self._numbers[product] for product in candidates if product in self._numbers)
        clues = self._clues(tokens, among, language)
        left = self._fitting(tokens, clues, among)
        if clues and len(left) > 1:
            left = self._in_full(clues, left)
        if not clues and self._rules_out(tokens, among, language):
            left = frozenset()
        return tuple(p for p in candidates if self._numbers.get(p) in left)

    def _clues(self, tokens: Sequence[Token], among: frozenset[int], language: str | None) -> list[_Clue]:
        """What is said of some candidates and not of all, left to right; by ear only where nothing is said plainly."""
        lattice = self._resolver.lattice.plain(tokens, language)
        clues = self._leftmost([edge for edges in lattice for edge in edges], among)
        return clues or self._leftmost(
            [e for e in self._resolver.hearing.anywhere(tokens, lattice, language) if e.cost <= _HEARD_WELL], among
        )

    def _leftmost(self, edges: Sequence[Edge], among: frozenset[int]) -> list[_Clue]:
        found = [clue for edge in edges if edge.facets and (clue := self._clue(edge, among))]
        found.sort(key=lambda clue: (clue.edge.first, -clue.edge.last, clue.edge.cost))
        clues: list[_Clue] = []
        for clue in found:
            if not clues or clue.edge.first >= clues[-1].edge.last:
                clues.append(clue)
        return clues

    def _clue(self, edge: Edge, among: frozenset[int]) -> _Clue | None:
        fitting = self._resolver.interpreter.narrowed(among, edge.facets)
        return _Clue(edge, frozenset(fitting)) if fitting and edge.facets[0][0] not in "×~!" else None

    def _fitting(self, tokens: Sequence[Token], clues: Sequence[_Clue], among: frozenset[int]) -> frozenset[int]:
        """All clues together; either of two with an "or" between them, or that no candidate has both of."""
        left = among
        for before, clue in zip([None, *clues], clues, strict=False):
            both = left & clue.fitting
            either = before is not None and self._either(tokens, before.edge.last, clue.edge.first)
            left = left | clue.fitting if either or not both else both
        return left

    def _either(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        return any(token.norm in self._wording.either for token in tokens[first:last])

    def _in_full(self, clues: Sequence[_Clue], left: frozenset[int]) -> frozenset[int]:
        facets = frozenset(facet for clue in clues for facet in clue.edge.facets)
        holders = self._resolver.interpreter.narrowed(left, tuple(facets))
        if not holders:
            return left
        return frozenset(self._resolver.judge.naming.named(Reading(0.0, facets, frozenset(holders), ())))

    def _rules_out(self, tokens: Sequence[Token], among: frozenset[int], language: str | None) -> bool:
        """Whether a size is named that no candidate has: "98 pouces", "en 98"."""
        sized = any(among & holders for holders in self._vocabulary.by_unit.values())
        return sized and any(
            self._is_size(tokens, edge, among)
            for edges in self._resolver.lattice.plain(tokens, language)
            for edge in edges
        )

    def _is_size(self, tokens: Sequence[Token], edge: Edge, among: frozenset[int]) -> bool:
        if edge.kind == "measure":
            return bool(among & self._vocabulary.by_unit.get(edge.unit, set()))
        if edge.kind != "quantity" or not edge.first or tokens[edge.first - 1].norm not in self._wording.inside:
            return False
        said = tokens[edge.first].text
        return edge.last > edge.first + 1 or (said.isdecimal() and int(said) >= _LEAST_SIZE)
