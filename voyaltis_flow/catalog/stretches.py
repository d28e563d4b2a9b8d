"""Mentions under way in running text: how far one that opens somewhere may reach, and what it names so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voyaltis_flow.catalog.interpret import Interpreter, Reading
from voyaltis_flow.catalog.lattice import Edge, Edges, joined
from voyaltis_flow.catalog.openings import Openings
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_MOST_TOKENS = 20
_MOST_READINGS = 12
_MOST_EMPTY = 2
"""Empty words in a row inside a mention: "The Frame en la 55"."""
_HEARD = 0.4
_GUESSED = 0.1
_LITTLE = 300
"""Words commoner than this are themselves, whatever product bears them."""
EXPLAINING = frozenset({"term", "number", "ear"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A reading that ends at `last`, its last token explained."""

    reading: Reading
    last: int

    @property
    def first(self) -> int:
        return self.reading.path[0].first

    @property
    def worth(self) -> float:
        """Tokens explained, less what explaining them cost."""
        explained = sum(edge.last - edge.first for edge in self.reading.path if edge.kind in EXPLAINING)
        return explained - 2 * self.reading.cost


class Stretches:
    """Grows mentions from where they open."""

    def __init__(self, interpreter: Interpreter, openings: Openings, wording: Wording) -> None:
        self._interpreter, self._openings, self._wording = interpreter, openings, wording

    def at(
        self, tokens: Sequence[Token], first: int, edges: Edges, later: Edges, language: str | None
    ) -> list[Stretch]:
        """Every mention that opens at a token. `later` are readings that may go on with one, but open none."""
        start = self._openings.opening(tokens, first, edges, language)
        if not start:
            return []
        end = _reach(tokens, first)
        open_: dict[int, dict[frozenset[str], Reading]] = {}
        for edge in start:
            self._extend(open_, Reading(0.0, frozenset(), None, ()), edge, end)
        found = []
        for place in range(first + 1, end + 1):
            for reading in sorted(open_.get(place, {}).values(), key=lambda reading: reading.cost)[:_MOST_READINGS]:
                if reading.path[-1].kind in EXPLAINING and self._openings.stands(tokens, reading, language):
                    found.append(Stretch(reading, place))
                for edge in (*edges[place], *later[place]) if place < end else ():
                    if self._goes_on(tokens, reading, edge):
                        self._extend(open_, reading, edge, end)
        return found

    def _goes_on(self, tokens: Sequence[Token], reading: Reading, edge: Edge) -> bool:
        if edge.kind == "empty":
            run = [e.kind for e in reading.path[-_MOST_EMPTY:]]
            return tokens[edge.first].norm in self._wording.inside and run != ["empty"] * _MOST_EMPTY
        if reading.path[-1].kind == "empty" and self._is_plainly_said(tokens, edge):
            return False
        if edge.kind == "ear":
            return edge.cost <= _HEARD
        return edge.kind == "measure" or (edge.kind in EXPLAINING and edge.cost <= _GUESSED)

    def _is_plainly_said(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """Whether an everyday word after "de" or "en" is itself, and no variant: "deux S25 de plus"."""
        said = tokens[edge.first : edge.last]
        ranks = [self._wording.rank(token.norm) for token in said if token.text.islower()]
        return edge.kind == "term" and len(ranks) == len(said) and all(r is not None and r < _LITTLE for r in ranks)

    def _extend(self, open_: dict[int, dict[frozenset[str], Reading]], reading: Reading, edge: Edge, end: int) -> None:
        if edge.last > end:
            return
        holders = self._interpreter.narrowed(reading.holders, edge.facets)
        if holders is not None and not holders:
            return
        longer = Reading(reading.cost + edge.cost, reading.facets.union(edge.facets), holders, (*reading.path, edge))
        there = open_.setdefault(edge.last, {})
        known = there.get(longer.facets)
        if known is None or _rank(longer) < _rank(known):
            there[longer.facets] = longer


def _rank(reading: Reading) -> tuple[bool, float]:
    return reading.path[-1].kind == "empty", reading.cost


def _reach(tokens: Sequence[Token], first: int) -> int:
    """Where a mention that begins here must end: at punctuation, or after as many tokens as a mention has."""
    end = first + 1
    while end < min(len(tokens), first + _MOST_TOKENS) and joined(tokens, end):
        end += 1
    return end
