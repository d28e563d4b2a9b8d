"""Mentions in running text: where one opens, how far it reaches, and what is near but not ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge, joined
from voyaltis_flow.catalog.openings import Openings
from voyaltis_flow.catalog.resolution import Ambiguous, Resolution, Spot, Unknown
from voyaltis_flow.catalog.resolver import Resolver
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_MOST_TOKENS = 20
_MOST_READINGS = 12
_EXPLAINING = frozenset({"term", "number", "ear"})


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A mention under way: a reading that ends after `last` tokens, the last of them explained."""

    reading: Reading
    last: int

    @property
    def worth(self) -> float:
        """Tokens explained, less what explaining them cost."""
        explained = sum(edge.last - edge.first for edge in self.reading.path if edge.kind in _EXPLAINING)
        return explained - 2 * self.reading.cost


class Spotter:
    """Finds mentions in running text."""

    def __init__(self, vocabulary: Vocabulary, resolver: Resolver, wording: Wording) -> None:
        self._vocabulary, self._resolver, self._wording = vocabulary, resolver, wording
        self._openings = Openings(vocabulary, wording)

    def spot(self, tokens: Sequence[Token], language: str | None) -> tuple[Spot, ...]:
        """The spots of a text: as written first, then what an ear finds around the words that are nobody's."""
        lattice = self._resolver.lattice.plain(tokens, language)
        spots = list(self._scan(tokens, lattice, language))
        heard = [
            *self._resolver.lattice.before_number(tokens, lattice, language),
            *self._resolver.lattice.by_ear_around(
                tokens, lattice, self._openings.strange(tokens, spots, language), language
            ),
        ]
        if not heard:
            return tuple(spots)
        for edge in heard:
            lattice[edge.first].append(edge)
        return tuple(self._scan(tokens, lattice, language))

    def _scan(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], language: str | None) -> Iterator[Spot]:
        at = 0
        while at < len(tokens):
            spot = self._mention(tokens, lattice, at, language) or self._near_code(tokens, at)
            if spot:
                yield spot
            at = spot.last if spot else at + 1

    # --- one mention

    def _mention(
        self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], at: int, language: str | None
    ) -> Spot | None:
        stretches = self._grown(tokens, lattice, at, language)
        if not stretches:
            return None
        best = max(stretches, key=lambda stretch: (stretch.worth, -stretch.last))
        near = self._near_end(tokens, lattice, best)
        if near:
            return near
        rivals = [s.reading for s in stretches if s.last == best.last]
        resolution = self._resolver.judge.decide(sorted(rivals, key=lambda reading: reading.cost))
        return Spot(at, best.last, resolution, _by(best.reading, resolution))

    def _grown(
        self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], at: int, language: str | None
    ) -> list[_Stretch]:
        """Every way in which a mention that opens here may reach on."""
        start = [edge for edge in lattice[at] if self._openings.opens(tokens, edge, language)]
        if not start:
            return self._numbered_in_full(tokens, lattice, at)
        end = self._reach(tokens, at)
        open_: dict[int, dict[frozenset[str], Reading]] = {}
        nothing = Reading(0.0, frozenset(), None, ())
        for edge in start:
            self._extend(open_, nothing, edge, end)
        stretches = []
        for place in range(at + 1, end + 1):
            for reading in sorted(open_.get(place, {}).values(), key=lambda reading: reading.cost)[:_MOST_READINGS]:
                if reading.path[-1].kind in _EXPLAINING and self._openings.stands(tokens, reading, language):
                    stretches.append(_Stretch(reading, place))
                if place < end:
                    for edge in lattice[place]:
                        if self._continues(tokens, reading, edge):
                            self._extend(open_, reading, edge, end)
        return stretches

    def _numbered_in_full(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], at: int) -> list[_Stretch]:
        """A product named in full by an everyday word and a number: "Jet 75", wherever it stands."""
        end = self._reach(tokens, at)
        stretches = []
        for word in lattice[at]:
            if word.kind != "term" or word.cost or word.last >= end:
                continue
            for number in lattice[word.last]:
                open_: dict[int, dict[frozenset[str], Reading]] = {}
                if number.kind == "number" and not number.cost:
                    self._extend(open_, Reading(0.0, frozenset(), None, ()), word, end)
                    for reading in open_.get(word.last, {}).values():
                        self._extend(open_, reading, number, end)
                found = open_.get(number.last, {}).values()
                stretches += [_Stretch(reading, number.last) for reading in found if self._openings.complete(reading)]
        return stretches

    def _reach(self, tokens: Sequence[Token], at: int) -> int:
        """Where a mention that begins here must end: at punctuation, or after as many tokens as a mention has."""
        end = at + 1
        while end < min(len(tokens), at + _MOST_TOKENS) and joined(tokens, end):
            end += 1
        return end

    def _continues(self, tokens: Sequence[Token], reading: Reading, edge: Edge) -> bool:
        if edge.kind == "empty":
            word = tokens[edge.first].norm
            return word in self._wording.inside and sum(e.kind == "empty" for e in reading.path[-2:]) < 2
        if edge.kind == "ear":
            return edge.cost <= 0.4
        if edge.kind in _EXPLAINING:
            return edge.cost <= 0.1
        return edge.kind == "measure"

    def _extend(self, open_: dict[int, dict[frozenset[str], Reading]], reading: Reading, edge: Edge, end: int) -> None:
        if edge.last > end:
            return
        holders = self._resolver.interpreter.narrowed(reading.holders, edge.facets)
        if holders is not None and not holders:
            return
        longer = Reading(reading.cost + edge.cost, reading.facets.union(edge.facets), holders, (*reading.path, edge))
        there = open_.setdefault(edge.last, {})
        known = there.get(longer.facets)
        if known is None or (longer.cost, longer.path[-1].kind == "empty") < (
            known.cost,
            known.path[-1].kind == "empty",
        ):
            there[longer.facets] = longer

    # --- near, and not ours

    def _near_end(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], best: _Stretch) -> Spot | None:
        """A competitor with its model, or a line of ours with a model or size that it has not."""
        first = best.reading.path[0].first
        last = self._foreign_model(tokens, lattice, best)
        if best.reading.competitor:
            end = max(last, self._models(tokens, best.last))
            resolution = Unknown("a competitor's", "competitor", 1.0)
            return Spot(first, end, resolution, "brand")
        if last == best.last:
            return None
        holders = best.reading.holders
        near = self._vocabulary.products[min(holders)].id if holders else None
        return Spot(first, last, Unknown("no product of this line is called so", "near_name", 0.0, near), "line")

    def _models(self, tokens: Sequence[Token], at: int) -> int:
        """Where the digits and variant words end that follow a competitor's name ("iPhone 16 Pro")."""
        while (
            at < len(tokens)
            and joined(tokens, at)
            and (tokens[at].text.isdecimal() or (tokens[at].text[:1].isupper() and tokens[at].norm.isalpha()))
        ):
            at += 1
        return at

    def _foreign_model(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], best: _Stretch) -> int:
        """The end of what follows a mention without a gap and makes it another product: "Watch 7", "S25 FE", "frigo Liebherr"."""
        at, reading = best.last, best.reading
        if at >= len(tokens) or not joined(tokens, at):
            return at
        if (end := self._foreign_code(tokens, at)) > at and not any(edge.kind == "term" for edge in lattice[at]):
            return end
        for edge in lattice[at]:
            if edge.kind == "measure" and reading.holders and self._told_apart(reading, edge.unit):
                return edge.last
            if edge.kind == "quantity" and self._wants_number(reading) and self._ends(tokens, lattice, edge.last):
                return edge.last
        return self._foreign_word(tokens, lattice, best)

    def _told_apart(self, reading: Reading, unit: str) -> bool:
        return bool(reading.holders and reading.holders & self._vocabulary.by_unit.get(unit, set()))

    def _wants_number(self, reading: Reading) -> bool:
        """Whether what was named is a line whose products bear numbers, and none was said."""
        if any(facet[0] == "#" for facet in reading.facets) or all(facet[0] in "@!~" for facet in reading.facets):
            return any(facet[0] == "@" for facet in reading.facets) and self._numbered(reading)
        return self._numbered(reading)

    def _numbered(self, reading: Reading) -> bool:
        naming = {facet for facet in reading.facets if facet[0] not in "!~"}
        if any(facet[0] == "#" for facet in naming):
            return False
        return any(
            naming < form and any(facet[0] == "#" and not self._vocabulary.units_of(facet) for facet in form - naming)
            for index in list(reading.holders or ())[:50]
            for form in self._vocabulary.forms_of(index)
        )

    def _ends(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], at: int) -> bool:
        """Whether a number that ends here counts nothing that follows: a pause, a function word, another facet, or the end."""
        if at >= len(tokens) or not joined(tokens, at):
            return True
        word = tokens[at].norm
        if word in self._wording.units:
            return False
        if word in self._wording.attributes or word in self._wording.both or word in self._wording.either:
            return True
        return word in self._wording.empty and not any(edge.kind in _EXPLAINING for edge in lattice[at])

    def _foreign_word(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], best: _Stretch) -> int:
        """A facet of other products, or a proper name that is nobody's, right after a mention."""
        at, reading = best.last, best.reading
        token = tokens[at]
        facets = [
            edge
            for edge in lattice[at]
            if edge.kind == "term" and edge.term and edge.term.kind == "word" and not edge.cost
        ]
        if facets and not self._openings.common(token.norm, None) and not self._opens_another(tokens, lattice, at):
            return max(edge.last for edge in facets)
        proper = token.text[:1].isupper() and token.norm.isalpha() and len(token.norm) > 2
        category = all(facet[0] == "@" for facet in reading.facets)
        if category and proper and self._wording.rank(token.norm) is None and not facets:
            return self._models(tokens, at)
        return at

    def _opens_another(self, tokens: Sequence[Token], lattice: Sequence[Sequence[Edge]], at: int) -> bool:
        """Whether a mention of its own, named in full, begins here."""
        stretches = self._grown(tokens, lattice, at, None)
        return any(self._openings.complete(stretch.reading) for stretch in stretches)

    def _near_code(self, tokens: Sequence[Token], at: int) -> Spot | None:
        """A code of the shape of ours that is none of ours: "S24", and the variant words after it."""
        end = self._foreign_code(tokens, at)
        return Spot(at, end, Unknown("no product has this code", "near_name"), "line") if end > at else None

    def _foreign_code(self, tokens: Sequence[Token], at: int) -> int:
        if at + 1 >= len(tokens) or not tokens[at + 1].text.isdecimal() or not tokens[at].norm.isalpha():
            return at
        letters = tokens[at]
        written = tokens[at + 1].glued or (letters.text.isupper() and joined(tokens, at + 1))
        if not written or letters.norm not in self._vocabulary.code_letters:
            return at
        last = at + 2
        while last < len(tokens) and tokens[last].glued:
            last += 1
        return self._models(tokens, last)


def _by(reading: Reading, resolution: Resolution) -> Literal["name", "category", "line", "brand", "sound"]:
    if reading.by_ear:
        return "sound"
    if all(facet[0] == "@" for facet in reading.facets):
        return "category"
    if all(facet[0] == "!" for facet in reading.facets):
        return "brand"
    return "line" if isinstance(resolution, Ambiguous) else "name"
