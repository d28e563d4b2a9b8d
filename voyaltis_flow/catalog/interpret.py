"""The best readings of a whole mention: a path through the lattice whose facets some product has all of."""

from __future__ import annotations

from dataclasses import dataclass

from voyaltis_flow.catalog.lattice import Edge, Edges
from voyaltis_flow.catalog.vocabulary import Vocabulary

_BEAM = 40
_QUANTITY_FIRST = 0.05
"""What it costs to take the first number for a quantity."""
_MERE = 0.02
"""The cost of the emptiest words."""
_UNKNOWN_SIZE = 1.5
"""What a measure costs that ought to name a size of these products, and names none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Facets that a mention names and the products that have them all. `holders` is None while any product will do."""

    cost: float
    facets: frozenset[str]
    holders: frozenset[int] | None
    path: tuple[Edge, ...]

    @property
    def competitor(self) -> bool:
        return any(facet[0] == "×" for facet in self.facets)

    @property
    def tells(self) -> bool:
        """Whether it names more than a bare number, half a code, or a word out of some category's phrase."""
        telling = [edge for edge in self.path if edge.facets and not edge.hint]
        return len(telling) > 1 or any(
            edge.measured or (edge.term is not None and not edge.term.weak) for edge in telling
        )

    @property
    def tells_all(self) -> bool:
        """Whether it tells, and passes over nothing that is foreign."""
        return self.tells and not any(edge.kind in ("foreign", "quantity") for edge in self.path[1:])

    @property
    def owned(self) -> bool:
        """Whether something foreign is said to be for what it names: "une coque pour le S25"."""
        return any(edge.kind == "owner" for edge in self.path)

    @property
    def interrupted(self) -> bool:
        """Whether a word that tells nothing stands where another product may have its own: "Chablis grand cru"."""
        kinds = [bool(edge.facets) for edge in self.path]
        return any(
            edge.kind == "empty" and edge.cost > _MERE and any(kinds[:at]) and any(kinds[at + 1 :])
            for at, edge in enumerate(self.path)
        )

    @property
    def of_a_range(self) -> bool:
        """Whether it speaks of all products that share a name."""
        return any(edge.kind == "range" for edge in self.path)

    @property
    def by_ear(self) -> bool:
        return any(edge.kind == "ear" for edge in self.path)


class Interpreter:
    """Finds the cheapest readings of a lattice."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def readings(self, lattice: Edges) -> list[Reading]:
        """The readings of the whole lattice, cheapest first, one for each set of facets."""
        length = len(lattice)
        open_: list[dict[tuple[frozenset[str], str], Reading]] = [{} for _ in range(length + 1)]
        open_[0][frozenset(), ""] = Reading(0.0, frozenset(), None, ())
        for at in range(length):
            for reading in sorted(open_[at].values(), key=lambda reading: reading.cost)[:_BEAM]:
                for edge in lattice[at]:
                    if edge.kind != "owner" or not self._fits_on(reading, lattice[at + 1 :]):
                        self._extend(open_, reading, edge)
        done = [self._settled(reading) for reading in open_[length].values()]
        return sorted(done, key=lambda reading: reading.cost)

    def _extend(self, open_: list[dict[tuple[frozenset[str], str], Reading]], reading: Reading, edge: Edge) -> None:
        cost = edge.cost
        if edge.kind == "quantity" and not any(e.facets or e.kind == "foreign" for e in reading.path):
            cost = _QUANTITY_FIRST
        if edge.kind == "owner" and not reading.tells_all:
            return
        if any(facet in reading.facets for facet in edge.facets) and edge.facets[0][0] not in "@~!":
            cost += 0.2
        holders = self.narrowed(reading.holders, edge.facets)
        if holders is not None and not holders:
            return
        facets = reading.facets.union(edge.facets)
        longer = Reading(reading.cost + cost, facets, holders, (*reading.path, edge))
        key = (facets, ",".join(e.unit for e in longer.path if e.unit))
        known = open_[edge.last].get(key)
        if known is None or longer.cost < known.cost:
            open_[edge.last][key] = longer

    def _fits_on(self, reading: Reading, rest: Edges) -> bool:
        """Whether a later word names the thing itself rather than its owner."""
        return any(
            edge.kind == "term"
            and not edge.hint
            and edge.facets[0][0] not in "!×"
            and self.narrowed(reading.holders, edge.facets)
            for edges in rest
            for edge in edges
        )

    def narrowed(self, holders: frozenset[int] | None, facets: tuple[str, ...]) -> frozenset[int] | None:
        for facet in facets:
            if facet[0] == "×":
                continue
            having = self._vocabulary.having(facet)
            holders = having if holders is None else holders & having
        return holders

    def _settled(self, reading: Reading) -> Reading:
        """With the price of measures and colours that are told apart here, and that no product named has."""
        holders, cost = reading.holders, reading.cost
        if not holders:
            return reading
        for edge in reading.path:
            if edge.unit and holders & self._vocabulary.by_unit.get(edge.unit, set()):
                cost += _UNKNOWN_SIZE
            if edge.colour and holders & self._vocabulary.coloured:
                plain = holders - self._vocabulary.coloured
                holders, cost = plain or holders, cost + (0 if plain else _UNKNOWN_SIZE)
        return Reading(cost, reading.facets, holders, reading.path)
