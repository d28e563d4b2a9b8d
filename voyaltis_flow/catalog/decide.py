"""From the readings of a mention to what it is: one product, several, or none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from math import exp

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution, Unknown
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording

SURE = 0.5
"""The cost up to which a reading is taken without asking."""
LIKELY = 0.8
"""The cost up to which a reading is worth a "do you mean"."""
MARGIN = 0.12
_MOST_CANDIDATES = 50
_MOST_FACETS = 8


class Judge:
    """Decides between readings."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording

    def decide(self, readings: Sequence[Reading]) -> Resolution:
        """The resolution of a mention with these readings, cheapest first."""
        told = [reading for reading in readings if self.tells(reading)]
        if not told:
            return Unknown("none of its words is the catalog's", "no_match")
        best = told[0]
        if best.competitor and best.cost <= LIKELY + 0.2:
            return Unknown(f"{self._competitor(best)} is a competitor", "competitor", exp(-best.cost))
        if best.cost > LIKELY:
            near = self.named(best)
            return Unknown(
                "it names what no product has", "near_name", exp(-best.cost), self._id(min(near)) if near else None
            )
        rivals = [r for r in told[1:] if r.cost <= best.cost + MARGIN] if best.cost > 0.1 else []
        named = self.named(best)
        others = set().union(*(self.named(rival) for rival in rivals if not rival.competitor)) - named
        if len(named) == 1 and not others:
            return self._match(best, next(iter(named)), told)
        if len(named) == 1 and others and best.by_ear:
            match = self._match(best, next(iter(named)), told)
            return Match(**{**_fields(match), "confirm": True})
        return self._ambiguous(best, [*sorted(named), *sorted(others)])

    def tells(self, reading: Reading) -> bool:
        """Whether a reading names more than a word or two out of some category's phrase."""
        return any(facet[0] != "~" for facet in reading.facets)

    def named(self, reading: Reading) -> set[int]:
        """The products that a reading names: those it names in full, else those of its line, else all that fit."""
        holders = set(reading.holders or ())
        facets = [facet for facet in sorted(reading.facets) if facet[0] not in "!~"][:_MOST_FACETS]
        in_full: set[int] = set()
        lines: set[str] = set()
        for size in range(1, len(facets) + 1):
            for chosen in map(frozenset, combinations(facets, size)):
                in_full |= self._vocabulary.forms.get(chosen, set()) & holders
                if size == len(facets):
                    lines |= self._vocabulary.lines.get(chosen, set())
        if in_full:
            return in_full
        of_line = {index for index in holders if self._vocabulary.products[index].category in lines} if lines else None
        return of_line or holders

    def _match(self, reading: Reading, index: int, told: Sequence[Reading]) -> Match:
        product = self._vocabulary.products[index]
        other = next((r for r in told if r is not reading and not r.competitor and index not in self.named(r)), None)
        return Match(
            product.id,
            product.category,
            exp(-reading.cost),
            self._reason(reading),
            "sound" if reading.by_ear else "name",
            self._id(min(self.named(other))) if other else None,
            exp(-other.cost) if other else 0.0,
            confirm=reading.cost > SURE,
        )

    def _ambiguous(self, reading: Reading, candidates: Sequence[int]) -> Ambiguous:
        categories = {self._vocabulary.products[index].category for index in candidates}
        ids = tuple(self._id(index) for index in candidates[:_MOST_CANDIDATES])
        category = categories.pop() if len(categories) == 1 else None
        return Ambiguous(ids, category, exp(-reading.cost), self._reason(reading))

    def _reason(self, reading: Reading) -> str:
        return " + ".join(f"{edge.kind}:{'/'.join(edge.facets)}({edge.cost:.2f})" for edge in reading.path)

    def _competitor(self, reading: Reading) -> str:
        return next(facet[1:] for facet in reading.facets if facet[0] == "×")

    def _id(self, index: int) -> str:
        return self._vocabulary.products[index].id


def _fields(match: Match) -> dict[str, object]:
    return {name: getattr(match, name) for name in Match.__slots__}


def ids(vocabulary: Vocabulary, indices: Collection[int]) -> tuple[str, ...]:
    return tuple(vocabulary.products[index].id for index in sorted(indices))
