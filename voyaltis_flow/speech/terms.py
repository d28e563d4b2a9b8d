"""The names that may come up: which of a catalog's a recogniser is told, when it can't be told all of them.

A vendor takes so many tokens of key terms and not one more (Deepgram stops transcribing beyond 500, without an error).
So each choice has a budget. First come the products that the conversation is about, then one product of each category
after the other, so that a small budget knows something of everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.engine.state import State

CHARACTERS_PER_TOKEN = 2
"""Names and codes are cut into smaller pieces than words of a language; rather too many tokens than too few."""
MOST_TERMS = 500
"""However large a budget is: more names than these are like any word that is said."""

MOST_ALIASES = 1000
"""Other names of those, for a recogniser of our own."""

Terms = Callable[[int], tuple[str, ...]]
"""The terms that are worth most, for a budget in tokens."""


class KeyTerms:
    """The names of a catalog as people say them, in the order of their worth. Made once for all conversations."""

    def __init__(self, index: CatalogIndex) -> None:
        self._index = index
        ranked = tuple(_in_turn(index))
        self._ranked = tuple(dict.fromkeys(index.label(product) for product in ranked))
        labels = frozenset(self._ranked[:MOST_TERMS])
        called = dict.fromkeys(name for product in ranked[:MOST_TERMS] for name in self._names(product))
        self.aliases = tuple(islice((name for name in called if name not in labels), MOST_ALIASES))
        """What else people call the products whose names are worth most."""

    def choose(self, budget: int, products: Iterable[str] = ()) -> tuple[str, ...]:
        """Names of at most `budget` tokens together, those of these products first."""
        chosen: dict[str, None] = {}
        about = (name for product in products for name in self._names(product))
        for name in chain(about, self._ranked):
            if len(chosen) == MOST_TERMS or budget <= 1:
                break
            if name not in chosen and (cost := tokens(name)) <= budget:
                chosen[name] = None
                budget -= cost
        return tuple(chosen)

    def about(self, state: State) -> Terms:
        """The choice for what a conversation is about now."""
        products = tuple(dict.fromkeys(_about(state)))
        return lambda budget: self.choose(budget, products)

    def _names(self, product_id: str) -> Iterator[str]:
        """All that people call a product, what we call it first."""
        product = self._index.product(product_id)
        if product is not None:
            yield self._index.label(product_id)
            yield from product.aliases.words()


def tokens(term: str) -> int:
    """How many tokens a term is at most, and what parts it from the next."""
    return -(-len(term.encode()) // CHARACTERS_PER_TOKEN) + 1


def _about(state: State) -> Iterator[str]:
    """The products that the rep will speak of next: what was asked about, what is open, what was named."""
    if state.pending is not None:
        yield state.pending.about.partition(":")[2]
    for mention in state.open:
        yield from mention.candidates
    yield from (missing.product for missing in state.missing)
    yield from (record.key for record in reversed(state.records) if record.key is not None)


def _in_turn(index: CatalogIndex) -> Iterator[str]:
    """Products, one of each category after the other."""
    categories: dict[str, list[str]] = {}
    for product in index.products:
        categories.setdefault(product.category, []).append(product.id)
    rounds: Sequence[list[str]] = list(categories.values())
    place = 0
    while rounds:
        yield from (products[place] for products in rounds)
        place += 1
        rounds = [products for products in rounds if len(products) > place]
