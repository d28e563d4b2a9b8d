"""From the readings of a mention to what it is: one product, several, or none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import exp
from typing import Literal

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution, Unknown
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import fold

SURE = 0.5
"""The cost up to which a reading is taken without asking."""
LIKELY = 0.8
"""The cost up to which a reading is worth a "do you mean"."""
MARGIN = 0.12
"""Readings that cost this little more than the best count as well."""
EXACT_MARGIN = 0.03
_HEARD_CLEARLY = 0.2
"""The cost up to which a part of a name may stand on its sound alone."""
_EVERYDAY = 6_000
"""Words commoner than this, alone and no whole name, are no certain sign of a product."""
_MOST_CANDIDATES = 50
_MOST_FACETS = 8


class Judge:
    """Decides between readings."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording

    def decide(self, readings: Sequence[Reading]) -> Resolution:
        """The resolution of a mention with these readings, cheapest first."""
        told = [reading for reading in readings if reading.tells]
        if not told:
            return Unknown("none of its words is the catalog's", "no_match")
        best = told[0]
        if best.competitor and best.cost <= LIKELY + 0.2:
            return Unknown(f"{self._competitor(best)} is a competitor", "competitor", exp(-best.cost))
        if best.cost > LIKELY:
            near = min(self.named(best), default=None)
            why: Literal["near_name", "accessory"] = "accessory" if best.owned else "near_name"
            return Unknown(
                "it names what no product has", why, exp(-best.cost), None if near is None else self._id(near)
            )
        if best.owned and not self._in_full(best) and not any(facet[0] == "@" for facet in best.facets):
            return Unknown("something for a product, and not the product", "accessory", exp(-best.cost))
        if best.by_ear and not self._grounded(best):
            return Unknown("a word of a name, heard and not said", "no_match", exp(-best.cost))
        rivals = [best, *self._rivals(best, told)]
        named = set().union(*(self._in_full(rival) for rival in rivals))
        named = named or set().union(*(self.named(rival) for rival in rivals))
        if len(named) > 1:
            own = self.named(best)
            if len(own) == 1 and best.by_ear:
                return self._match(best, min(own), told, confirm=True)
            if best.cost > SURE and best.by_ear:
                return Unknown("it sounds a little like several products", "no_match", exp(-best.cost))
            return self._ambiguous(best, [*sorted(own & named), *sorted(named - own)])
        return self._match(best, min(named), told, confirm=best.cost > SURE or self._doubtful(best))

    def _grounded(self, reading: Reading) -> bool:
        """Whether something was said as written, or what was heard is a whole name."""
        said = any(edge.facets and not edge.hint and edge.kind != "ear" for edge in reading.path)
        naming = frozenset(facet for facet in reading.facets if facet[0] not in "!~")
        whole = all(facet[0] == "@" for facet in naming) or naming in self._vocabulary.lines
        return said or whole or bool(self._in_full(reading)) or reading.cost <= _HEARD_CLEARLY

    def _doubtful(self, reading: Reading) -> bool:
        """Whether a reading names a product by part of its name, and by little of that: an everyday word, or with gaps."""
        if self._in_full(reading):
            return False
        telling = [edge.term for edge in reading.path if edge.facets and not edge.hint]
        lone = telling[0] if len(telling) == 1 else None
        everyday = lone is not None and lone.kind == "word" and all(self._everyday(word) for word in lone.words)
        return reading.interrupted or everyday

    def _everyday(self, word: str) -> bool:
        rank = self._wording.rank(fold(word))
        return rank is not None and rank < _EVERYDAY

    def _rivals(self, best: Reading, told: Sequence[Reading]) -> list[Reading]:
        """Other readings almost as cheap, that are no mere part of the best."""
        margin = MARGIN if best.cost > 0.1 else EXACT_MARGIN
        return [
            reading
            for reading in told[1:]
            if reading.cost <= best.cost + margin and not reading.competitor and not reading.facets < best.facets
        ]

    def named(self, reading: Reading) -> set[int]:
        """The products that a reading names: those it names in full, else those of its line, else all that fit."""
        return self._in_full(reading) or self._of_line(reading) or set(reading.holders or ())

    def _in_full(self, reading: Reading) -> set[int]:
        if reading.of_a_range:
            return set()
        facets = [facet for facet in sorted(reading.facets) if facet[0] != "~"][:_MOST_FACETS]
        forms, holders = self._vocabulary.forms, reading.holders or frozenset()
        return {
            index
            for size in range(1, len(facets) + 1)
            for chosen in combinations(facets, size)
            for index in forms.get(frozenset(chosen), set()) & holders
        }

    def _of_line(self, reading: Reading) -> set[int]:
        """Where several categories share a name, the category in which it is the name of a line."""
        naming = frozenset(facet for facet in reading.facets if facet[0] not in "!~")
        categories = self._vocabulary.lines.get(naming, set())
        products = self._vocabulary.products
        return (
            {index for index in reading.holders or () if products[index].category in categories}
            if categories
            else set()
        )

    def _match(self, reading: Reading, index: int, told: Sequence[Reading], confirm: bool) -> Match:
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
            confirm=confirm,
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
