"""How a rep names products: by the names that the catalog knows, and not always as it spells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from voyaltis_flow.script.models import Catalog, Product
from voyaltis_flow.simulate.phrases import Phrases

_DIGITS = re.compile(r"\d+")
SHORTEST_PLURAL = 3
LOWER, SPELLED, PLURAL = 0.3, 0.15, 0.2
"""How often a name is said in small letters, with its numbers in words, with an s where there are several."""


class Naming:
    """The names of the products of some catalogs, in one language."""

    def __init__(self, catalogs: Sequence[Catalog], phrases: Phrases) -> None:
        self._phrases = phrases
        products = [product for catalog in catalogs for product in catalog.products]
        self.products = tuple(sorted(products, key=lambda product: product.id))
        self._categories = {kind.id: kind for catalog in catalogs for kind in catalog.categories}
        shared = Counter(name.casefold() for product in products for name in _names(product, phrases.language))
        self._own = {product.id: self._of_its_own(product, shared) for product in products}
        self._by_id = {product.id: product for product in products}

    def product(self, chance: Random, product_id: str, number: float = 1) -> str:
        """A product as it may be named when there are so many of it."""
        name = chance.choice(self._own[product_id])
        if chance.random() < SPELLED:
            name = _DIGITS.sub(lambda found: self._spelled(found[0]), name)
        if chance.random() < LOWER:
            name = name.lower()
        last = name.split()[-1]
        takes_an_s = (
            number > 1 and len(last) > SHORTEST_PLURAL and last.isalpha() and last[1:].islower() and last[-1] != "s"
        )
        return name + "s" if takes_an_s and chance.random() < PLURAL else name

    def category(self, chance: Random, product_id: str, number: float = 1) -> str:
        """A word for the kind of product that it is."""
        kind = self._categories[self._by_id[product_id].category]
        word = chance.choice(kind.words.words(self._phrases.language) or kind.label.words(self._phrases.language))
        return word + "s" if number > 1 and " " not in word and word[-1] not in "sx" else word

    def may_be_vague(self, product_id: str, others: Sequence[str]) -> bool:
        """Whether its kind is not enough to tell a product, and it is the only one of these of that kind."""
        kind = self._by_id[product_id].category
        alone = not self.of_kind(kind, [other for other in others if other != product_id])
        return alone and len(self.of_kind(kind, list(self._by_id))) > 1

    def of_kind(self, category: str, products: Sequence[str]) -> list[str]:
        """Those of the products that are of a category."""
        return [product for product in products if self._by_id[product].category == category]

    def _of_its_own(self, product: Product, shared: Counter[str]) -> list[str]:
        """The names that are no other product's."""
        names = [name for name in _names(product, self._phrases.language) if shared[name.casefold()] == 1]
        return names or [product.name]

    def _spelled(self, digits: str) -> str:
        spelled = self._phrases["numbers"]
        known = len(digits) < 3 and not digits.startswith("0")
        return f" {spelled[int(digits)]} " if known else digits


def _takes_an_s(name: str) -> bool:
    """Whether a name ends with a word, rather than with a code."""
    last = name.rsplit(maxsplit=1)[-1]
    return len(last) > SHORTEST_PLURAL and last.isalpha() and last[1:].islower() and last[-1] != "s"


def _names(product: Product, language: str) -> list[str]:
    """What the catalog calls a product: its aliases, its name, and that without the brand."""
    bare = product.name.removeprefix(f"{product.brand} ") if product.brand else product.name
    return list(dict.fromkeys([*product.aliases.words(language), bare, product.name]))
