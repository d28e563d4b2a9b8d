"""From the readings of a mention to what it is: one product, several, or none."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.naming import Naming
from voyaltis_flow.catalog.reasons import reason
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution, Unknown
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_SURE = 0.55
"""The cost up to which a reading is taken without asking."""
_LIKELY = 0.8
"""The cost up to which a reading is worth a "do you mean"."""
_COMPETITOR = 1.0
"""The cost up to which a competitor counts as named: nothing is lost by believing it."""
_PLAIN = 0.1
_MARGIN_OF_PLAIN = 0.03
_MARGIN = 0.12
"""Readings that cost this little more than the best count as well."""
_MOST_CANDIDATES = 50


class Judge:
    """Decides between readings."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording
        self.naming = Naming(vocabulary, wording)

    def decide(self, readings: Sequence[Reading], tokens: Sequence[Token]) -> Resolution:
        """The resolution of a mention with these readings, cheapest first."""
        told = [reading for reading in readings if reading.tells]
        if not told:
            return Unknown("no word of it is the catalog's", "no_match")
        best = told[0]
        return self._refused(best, tokens) or self._chosen(best, told, tokens)

    def _refused(self, best: Reading, tokens: Sequence[Token]) -> Unknown | None:
        """Why even the best reading is no product of ours; None when it may be."""
        score, why = exp(-best.cost), reason(best, tokens)
        if best.competitor and best.cost <= _COMPETITOR:
            return Unknown(why, "competitor", score)
        if best.cost > _LIKELY:
            near = min(self.naming.named(best), default=None)
            resembles = None if near is None else self._vocabulary.products[near].id
            return Unknown(why, "accessory" if self._owned(best, tokens) else "near_name", score, resembles)
        whole = any(facet[0] == "@" for facet in best.facets) or self.naming.in_full(best)
        if best.owned and not whole:
            return Unknown(f"{why}, for something else", "accessory", score)
        if best.by_ear and not self.naming.grounded(best) and not self._nobodys(best, tokens):
            return Unknown(f"{why}, and nothing else was said", "no_match", score)
        return None

    def _owned(self, best: Reading, tokens: Sequence[Token]) -> bool:
        """Whether what was named is what something foreign is for: "un panier pour le R7"."""
        foreign = [edge.first for edge in best.path if edge.kind == "foreign"]
        owners = [at for at, token in enumerate(tokens) if token.norm in self._wording.before_owner]
        return best.owned or bool(foreign and owners and min(foreign) < max(owners))

    def _nobodys(self, best: Reading, tokens: Sequence[Token]) -> bool:
        """Whether all that was heard is in no dictionary, and so can only be something misheard."""
        heard = [token for edge in best.path if edge.kind == "ear" for token in tokens[edge.first : edge.last]]
        return best.cost <= _SURE and all(self._wording.rank(token.norm) is None for token in heard)

    def _chosen(self, best: Reading, told: Sequence[Reading], tokens: Sequence[Token]) -> Resolution:
        named = self._named([best, *_rivals(best, told)])
        if len(named) == 1:
            grounded = not best.by_ear or self.naming.grounded(best)
            sure = best.cost - self.naming.harmless(best) <= _SURE and not self.naming.doubtful(best)
            return self._match(best, min(named), told, tokens, confirm=not (sure and grounded))
        own = self.naming.named(best)
        if len(own) == 1 and best.by_ear:
            return self._match(best, min(own), told, tokens, confirm=True)
        if best.by_ear and best.cost > _SURE:
            return Unknown(f"{reason(best, tokens)}, and several products are as near", "no_match", exp(-best.cost))
        return self._ambiguous(best, [*sorted(own & named), *sorted(named - own)], tokens)

    def _named(self, readings: Sequence[Reading]) -> set[int]:
        """The products of these readings; one that is named in full goes before all that merely fit."""
        in_full = set[int]().union(*(self.naming.in_full(reading) for reading in readings))
        return in_full or set().union(*(self.naming.named(reading) for reading in readings))

    def _match(
        self, best: Reading, index: int, told: Sequence[Reading], tokens: Sequence[Token], confirm: bool
    ) -> Match:
        product = self._vocabulary.products[index]
        others = (reading for reading in told if reading is not best and not reading.competitor)
        second = next((other for other in others if index not in self.naming.named(other)), None)
        return Match(
            product.id,
            product.category,
            exp(-best.cost),
            reason(best, tokens),
            "sound" if best.by_ear else "name" if self.naming.in_full(best) else "words",
            self._vocabulary.products[min(self.naming.named(second))].id if second else None,
            exp(-second.cost) if second else 0.0,
            confirm,
        )

    def _ambiguous(self, best: Reading, candidates: Sequence[int], tokens: Sequence[Token]) -> Ambiguous:
        products = [self._vocabulary.products[index] for index in candidates]
        categories = {product.category for product in products}
        ids = tuple(product.id for product in products[:_MOST_CANDIDATES])
        return Ambiguous(ids, categories.pop() if len(categories) == 1 else None, exp(-best.cost), reason(best, tokens))


def _rivals(best: Reading, told: Sequence[Reading]) -> list[Reading]:
    """Other readings almost as cheap, that are no mere part of the best."""
    dearest = best.cost + (_MARGIN if best.cost > _PLAIN else _MARGIN_OF_PLAIN)
    return [
        reading
        for reading in told[1:]
        if reading.cost <= dearest and not reading.competitor and not reading.facets < best.facets
    ]
