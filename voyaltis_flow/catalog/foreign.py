"""What looks like ours in running text and is not: competitors, and our lines with a model that they have not."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge, Edges, joined
from voyaltis_flow.catalog.openings import Openings
from voyaltis_flow.catalog.resolution import Spot, Unknown
from voyaltis_flow.catalog.stretches import EXPLAINING, Stretch, Stretches
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_RARE = 4_000
"""Words rarer than this, written as names right after a category, are other makers' names."""
_UNHEARD_OF = inf
_LONGEST_SIZE = 5
_SAMPLE = 50
"""Holders of a line that are looked at to see whether its products bear numbers."""


class Foreign:
    """Tells what is not ours."""

    def __init__(self, vocabulary: Vocabulary, openings: Openings, stretches: Stretches, wording: Wording) -> None:
        self._vocabulary, self._openings, self._wording = vocabulary, openings, wording
        self._stretches = stretches

    def beyond(self, tokens: Sequence[Token], best: Stretch, edges: Edges, language: str | None) -> Spot | None:
        """The spot of a competitor with its model, or of a mention that what follows makes none of ours."""
        if best.reading.competitor:
            end = self._models(tokens, best.last)
            return Spot(best.first, end, Unknown("a competitor's", "competitor", 1.0), "brand")
        end = self._other_model(tokens, best, edges, language)
        before = self._other_size_before(tokens, best, edges) or self._maker_before(tokens, best, edges)
        if end == best.last and not before:
            return None
        holders = best.reading.holders
        near = self._vocabulary.products[min(holders)].id if holders else None
        return Spot(best.first, end, Unknown("no product of this line is called so", "near_name", 0.0, near), "line")

    def code(self, tokens: Sequence[Token], at: int, edges: Edges) -> Spot | None:
        """The spot of a code of the shape of ours that is none of ours: "S24", and the variant words after it."""
        end = self._other_code(tokens, at, edges, after_mention=False)
        return Spot(at, end, Unknown("no product has this code", "near_name"), "line") if end > at else None

    # --- where it ends; where it begins when there is nothing of the kind

    def _models(self, tokens: Sequence[Token], at: int) -> int:
        """The end of the digits and names that follow a maker's name ("iPhone 16 Pro")."""
        while at < len(tokens) and joined(tokens, at) and (tokens[at].text.isdecimal() or _is_name(tokens[at])):
            at += 1
        return at

    def _other_model(self, tokens: Sequence[Token], best: Stretch, edges: Edges, language: str | None) -> int:
        """The end of what follows a mention without a pause: a size, a number, a code, a word that it has not."""
        at = best.last
        if at >= len(tokens) or not joined(tokens, at):
            return at
        if tokens[at].glued:
            return self._longer_code(tokens, at)
        ends = (
            self._other_code(tokens, at, edges, after_mention=True),
            self._other_size(tokens, best, edges),
            self._other_number(tokens, best, edges),
            self._other_word(tokens, best, edges, language),
        )
        return max(ends)

    def _longer_code(self, tokens: Sequence[Token], at: int) -> int:
        """The end of a code of which only the beginning was ours: "5x80"."""
        end = at
        while end < len(tokens) and tokens[end].glued and tokens[end].norm.isalnum():
            end += 1
        return end if any(token.text.isdecimal() for token in tokens[at:end]) else at

    def _other_code(self, tokens: Sequence[Token], at: int, edges: Edges, after_mention: bool) -> int:
        if at + 1 >= len(tokens) or not joined(tokens, at + 1) or any(edge.kind == "term" for edge in edges[at]):
            return at
        letters, number = tokens[at], tokens[at + 1]
        digits = number.text.isdecimal() or (after_mention and self._wording.begins_number(number.norm))
        written = number.glued or (letters.text.isupper() and (after_mention or number.text.isdecimal()))
        if not digits or not written or letters.norm not in self._vocabulary.code_letters:
            return at
        last = max((edge.last for edge in edges[at + 1] if edge.kind == "quantity"), default=at + 2)
        while last < len(tokens) and tokens[last].glued:
            last += 1
        return self._models(tokens, last)

    def _other_size(self, tokens: Sequence[Token], best: Stretch, edges: Edges) -> int:
        """ "32 pouces", "de 10 litres", where products of this kind are told apart by it."""
        at = best.last
        while at < len(tokens) and joined(tokens, at) and tokens[at].norm in self._wording.inside:
            at += 1
        if at < len(tokens) and joined(tokens, at):
            for edge in edges[at]:
                if edge.kind == "measure" and best.reading.holders:
                    told_apart = self._vocabulary.by_unit.get(edge.unit, set())
                    if best.reading.holders & told_apart:
                        return edge.last
        return best.last

    def _other_size_before(self, tokens: Sequence[Token], best: Stretch, edges: Edges) -> bool:
        """ "a 98 inch TV"."""
        holders = best.reading.holders or frozenset()
        return joined(tokens, best.first) and any(
            edge.kind == "measure"
            and edge.last == best.first
            and holders & self._vocabulary.by_unit.get(edge.unit, set())
            for before in edges[max(0, best.first - _LONGEST_SIZE) : best.first]
            for edge in before
        )

    def _maker_before(self, tokens: Sequence[Token], best: Stretch, edges: Edges) -> bool:
        """ "Motorola Edge", where the name said is no whole one of ours."""
        at = best.first - 1
        if at < 0 or not joined(tokens, best.first) or self._openings.complete(best.reading):
            return False
        return self._names_a_maker(tokens[at], _RARE) and not any(edge.facets for edge in edges[at])

    def _other_number(self, tokens: Sequence[Token], best: Stretch, edges: Edges) -> int:
        """ "Watch 7", "Book 3", where products of this line bear numbers and the number counts nothing that follows."""
        if not self._wants_number(best.reading):
            return best.last
        for edge in sorted(edges[best.last], key=lambda edge: -edge.last):
            if edge.kind == "quantity" and (end := self._closed(tokens, edge.last, best.reading, edges)):
                return end
        return best.last

    def _wants_number(self, reading: Reading) -> bool:
        numbered = any(facet[0] == "#" for facet in reading.facets)
        if not reading.holders or (numbered and self._openings.complete(reading)):
            return False
        naming = {facet for facet in reading.facets if facet[0] not in "!~"}
        return any(
            naming < form and any(facet[0] == "#" and not self._vocabulary.units_of(facet) for facet in form - naming)
            for index in sorted(reading.holders)[:_SAMPLE]
            for form in self._vocabulary.forms_of(index)
        )

    def _closed(self, tokens: Sequence[Token], at: int, reading: Reading, edges: Edges) -> int:
        """Where a number ends together with the facets after it; 0 when it counts what follows."""
        if at >= len(tokens) or not joined(tokens, at):
            return at
        if tokens[at].gap == "-" and tokens[at].text.isdecimal():
            return at + 1
        word, wording = tokens[at].norm, self._wording
        if word in wording.attributes | wording.both | wording.either | set(wording.colours):
            return at
        if (end := self._fitting(reading, edges[at], at)) > at:
            return end
        explained = any(edge.kind in EXPLAINING for edge in edges[at])
        return at if word in wording.empty and not explained else 0

    def _fitting(self, reading: Reading, edges: Sequence[Edge], at: int) -> int:
        """The end of the longest term here that the products named have, too."""
        ends = [edge.last for edge in edges if edge.kind == "term" and self._fits(reading, edge.facets)]
        return max(ends, default=at)

    def _fits(self, reading: Reading, facets: tuple[str, ...]) -> bool:
        having = [self._vocabulary.having(facet) for facet in facets]
        return bool(reading.holders and reading.holders.intersection(*having))

    def _other_word(self, tokens: Sequence[Token], best: Stretch, edges: Edges, language: str | None) -> int:
        """A facet of other products ("S25 FE"), or a name that is nobody's ("frigo Liebherr")."""
        at = best.last
        ours = [
            edge
            for edge in edges[at]
            if edge.kind == "term" and edge.term and edge.term.kind == "word" and not edge.cost and not edge.hint
        ]
        if ours:
            lone = not self._openings.common(tokens[at].norm, None) and not self._opens_another(
                tokens, at, edges, language
            )
            return max(edge.last for edge in ours) if lone else at
        complete = self._openings.complete(best.reading)
        if not self._names_a_maker(tokens[at], _UNHEARD_OF if complete else _RARE):
            return at
        end = self._models(tokens, at)
        further = end < len(tokens) and joined(tokens, end)
        return self._fitting(best.reading, edges[end], end) if further else end

    def _names_a_maker(self, token: Token, rarer_than: float) -> bool:
        rank = self._wording.rank(token.norm)
        return _is_name(token) and len(token.norm) > 2 and (rank is None or rank > rarer_than)

    def _opens_another(self, tokens: Sequence[Token], at: int, edges: Edges, language: str | None) -> bool:
        """Whether a mention of its own, named in full, begins here."""
        nothing: Edges = [()] * len(tokens)
        stretches = self._stretches.at(tokens, at, edges, nothing, language)
        return any(self._openings.complete(stretch.reading) for stretch in stretches)


def _is_name(token: Token) -> bool:
    return token.text[:1].isupper() and token.norm.isalpha()
