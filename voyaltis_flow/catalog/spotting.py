"""Mentions in running text: the best stretch wherever one opens, and what is near but not ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from voyaltis_flow.catalog.foreign import Foreign
from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge, Edges
from voyaltis_flow.catalog.openings import Openings
from voyaltis_flow.catalog.resolution import Ambiguous, Resolution, Spot
from voyaltis_flow.catalog.resolver import Resolver
from voyaltis_flow.catalog.stretches import Stretches
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token


class Spotter:
    """Finds mentions in running text."""

    def __init__(self, vocabulary: Vocabulary, resolver: Resolver, wording: Wording) -> None:
        self._lattice, self._hearing, self._judge = resolver.lattice, resolver.hearing, resolver.judge
        self._openings = Openings(vocabulary, wording)
        self._stretches = Stretches(resolver.interpreter, self._openings, wording)
        self._foreign = Foreign(vocabulary, self._openings, self._stretches, wording)

    def spot(self, tokens: Sequence[Token], language: str | None) -> tuple[Spot, ...]:
        """The spots of a text: as written first, then what an ear finds around the words that are nobody's."""
        edges = self._lattice.plain(tokens, language)
        nothing: list[list[Edge]] = [[] for _ in tokens]
        spots = tuple(self._scan(tokens, edges, nothing, language))
        opening, later = self._heard(tokens, edges, spots, language)
        if not opening and not later:
            return spots
        more: list[list[Edge]] = [[] for _ in tokens]
        for edge in opening:
            edges[edge.first].append(edge)
        for edge in later:
            more[edge.first].append(edge)
        return tuple(self._scan(tokens, edges, more, language))

    def _heard(
        self, tokens: Sequence[Token], edges: Edges, spots: Sequence[Spot], language: str | None
    ) -> tuple[list[Edge], list[Edge]]:
        """What was misheard: what may open a mention, and what may only go on with one."""
        strange = self._openings.strange(tokens, spots, language)
        after = [spot.last for spot in spots if spot.last < len(tokens) and spot.last not in strange]
        opening = [
            *self._hearing.phrases(tokens, edges, language),
            *self._hearing.before_number(tokens, edges, language),
            *self._hearing.around(tokens, edges, strange, language),
        ]
        return opening, list(self._hearing.after(tokens, edges, after, language))

    def _scan(self, tokens: Sequence[Token], edges: Edges, later: Edges, language: str | None) -> Iterator[Spot]:
        at = 0
        while at < len(tokens):
            spot = self._mention(tokens, at, edges, later, language) or self._foreign.code(tokens, at, edges)
            if spot:
                yield spot
            at = spot.last if spot else at + 1

    def _mention(
        self, tokens: Sequence[Token], at: int, edges: Edges, later: Edges, language: str | None
    ) -> Spot | None:
        stretches = self._stretches.at(tokens, at, edges, later, language)
        if not stretches:
            return None
        best = max(stretches, key=lambda stretch: (stretch.worth, -stretch.last))
        if other := self._foreign.beyond(tokens, best, edges, language):
            return other
        readings = sorted((s.reading for s in stretches if s.last == best.last), key=lambda reading: reading.cost)
        resolution = self._judge.decide(readings, tokens)
        return Spot(at, best.last, resolution, _by(best.reading, resolution))


def _by(reading: Reading, resolution: Resolution) -> Literal["name", "category", "line", "brand", "sound"]:
    if reading.by_ear:
        return "sound"
    if all(facet[0] == "@" for facet in reading.facets):
        return "category"
    if all(facet[0] == "!" for facet in reading.facets):
        return "brand"
    return "line" if isinstance(resolution, Ambiguous) else "name"
