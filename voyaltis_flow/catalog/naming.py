"""Which products a reading names, and how firmly it names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import fold

_HEARD_CLEARLY = 0.2
"""The cost up to which a part of a name may stand on its sound alone."""
_EVERYDAY = 6_000
"""Words commoner than this, alone and no whole name, are no certain sign of a product."""
_HALF_A_CODE = 0.3
_MOST_FACETS = 8


class Naming:
    """Knows the full names of products, and the names of lines."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording

    def named(self, reading: Reading) -> set[int]:
        """The products that a reading names: those it names in full, else those of its line, else all that fit."""
        return self.in_full(reading) or self._of_line(reading) or set(reading.holders or ())

    def in_full(self, reading: Reading) -> set[int]:
        """The products of which a reading says all of some name or alias. "The S25 range" says none in full."""
        if reading.of_a_range:
            return set()
        holders = reading.holders or frozenset()
        return {
            index
            for chosen in _subsets(reading.facets)
            for index in self._vocabulary.forms.get(chosen, set()) & holders
        }

    def grounded(self, reading: Reading) -> bool:
        """Whether something was said as written, or what was heard is a whole name, or two pieces that agree."""
        said = any(edge.facets and not edge.hint and edge.kind != "ear" for edge in reading.path)
        naming = _naming(reading)
        whole = all(facet[0] == "@" for facet in naming) or naming in self._vocabulary.lines
        agreeing = sum(edge.kind == "ear" for edge in reading.path) > 1
        return said or whole or agreeing or bool(self.in_full(reading)) or reading.cost <= _HEARD_CLEARLY

    def doubtful(self, reading: Reading) -> bool:
        """Whether a reading names little of a product's name: one everyday word, half a code, or parts with a gap."""
        if self.in_full(reading):
            return False
        told = [edge.term for edge in reading.path if edge.facets]
        lone = told[0] if len(told) == 1 else None
        everyday = lone is not None and lone.kind == "word" and all(self._everyday(word) for word in lone.words)
        return reading.interrupted or everyday or any(term is not None and term.weak >= _HALF_A_CODE for term in told)

    def harmless(self, reading: Reading) -> float:
        """What was paid for mishearing a brand or a category beside a name said in full: it changes nothing."""
        said = [edge for edge in reading.path if edge.facets and edge.kind != "ear"]
        facets = frozenset(facet for edge in said for facet in edge.facets)
        if not any(chosen in self._vocabulary.forms for chosen in _subsets(facets)):
            return 0.0
        return sum(
            edge.cost / 2
            for edge in reading.path
            if edge.kind == "ear" and all(facet[0] in "@!" for facet in edge.facets)
        )

    def _everyday(self, word: str) -> bool:
        rank = self._wording.rank(fold(word))
        return rank is not None and rank < _EVERYDAY

    def _of_line(self, reading: Reading) -> set[int]:
        """Where several categories share a name, the category in which it is the name of a line."""
        categories = self._vocabulary.lines.get(_naming(reading))
        if not categories:
            return set()
        products = self._vocabulary.products
        return {index for index in reading.holders or () if products[index].category in categories}


def _naming(reading: Reading) -> frozenset[str]:
    return frozenset(facet for facet in reading.facets if facet[0] not in "!~")


def _subsets(facets: Iterable[str]) -> Iterator[frozenset[str]]:
    naming = [facet for facet in sorted(facets) if facet[0] != "~"][:_MOST_FACETS]
    for size in range(1, len(naming) + 1):
        yield from map(frozenset, combinations(naming, size))
