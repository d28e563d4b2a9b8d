"""The points scorer: keywords worth so many points each, the best product over a threshold wins.

| what the mention does | points |
|---|---|
| is a keyword of the product | 20 |
| contains a keyword, the more of it the better | 10 to 15 |
| is contained in a keyword | 6 |
| names a category that has one product, this one | 15 |
| names the product's house brand | 3 |
| names its family: the word after the brand that several products share | 5 |

Keywords are the product's name, its aliases, and the words of its category. "frigo" where one fridge is sold: 20 + 15.
It is simple to follow and far less right than the default; it stays for those who count on its figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution, Unknown
from voyaltis_flow.language.tokens import tokenize
from voyaltis_flow.script.models import Catalog, Product

EXACT, CONTAINS, CONTAINS_MOST, CONTAINED, UNIQUE, BRAND, FAMILY = 20, 10, 15, 6, 15, 3, 5
THRESHOLD = 10
MOST = EXACT + UNIQUE + BRAND + FAMILY


class PointsScorer:
    """Resolves a mention by points."""

    def __init__(self, catalogs: Iterable[Catalog]) -> None:
        self._products: dict[str, Product] = {}
        self._category_words: dict[str, list[str]] = {}
        for catalog in catalogs:
            self._products |= {product.id: product for product in catalog.products}
            self._category_words |= {c.id: [_normal(word) for word in c.words.words()] for c in catalog.categories}
        self._in_category = Counter(product.category for product in self._products.values())
        families = Counter(_family(product) for product in self._products.values())
        self._families = {family for family, products in families.items() if family and products > 1}
        self._keywords = {product.id: self._keywords_of(product) for product in self._products.values()}

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """The product with the most points; several with as many are ambiguous, and below the threshold it is none."""
        del language
        points = {product_id: self.points(mention, product_id) for product_id in self._products}
        first, second, *_ = [*sorted(points, key=lambda product_id: -points[product_id]), None, None]
        if first is None or points[first] < THRESHOLD:
            return Unknown(f"no product has {THRESHOLD} points or more", "no_match", points.get(first or "", 0) / MOST)
        best = self._products[first]
        winners = [self._products[product_id] for product_id, got in points.items() if got == points[first]]
        told = f"{points[first]} points"
        if len(winners) > 1:
            category = best.category if len({product.category for product in winners}) == 1 else None
            each = f"{len(winners)} products have {told} each"
            return Ambiguous(tuple(product.id for product in winners), category, points[first] / MOST, each)
        runner_up = points[second] / MOST if second else 0.0
        return Match(best.id, best.category, points[first] / MOST, told, "points", second, runner_up)

    def points(self, mention: str, product_id: str) -> int:
        """The points of one product for a mention."""
        said, product = _normal(mention), self._products[product_id]
        by_keyword = max((_points_of(said, keyword) for keyword in self._keywords[product_id]), default=0)
        return by_keyword + self._unique_points(said, product) + self._brand_points(said, product)

    def _unique_points(self, said: str, product: Product) -> int:
        words = self._category_words.get(product.category, ())
        return UNIQUE if self._in_category[product.category] == 1 and any(_has(said, word) for word in words) else 0

    def _brand_points(self, said: str, product: Product) -> int:
        brand = BRAND if product.brand and _has(said, _normal(product.brand)) else 0
        family = _family(product)
        return brand + (FAMILY if family in self._families and _has(said, family) else 0)

    def _keywords_of(self, product: Product) -> tuple[str, ...]:
        said = map(_normal, (product.name, *product.aliases.words()))
        return tuple(dict.fromkeys((*said, *self._category_words.get(product.category, ()))))


def _family(product: Product) -> str:
    """The word after a product's brand ("galaxy"), if more follows."""
    brand = _normal(product.brand or "").split()
    words = [word for word in _normal(product.name).split() if word not in brand]
    return words[0] if brand and len(words) > 1 else ""


def _points_of(said: str, keyword: str) -> int:
    if said == keyword:
        return EXACT
    if _has(said, keyword):
        return CONTAINS + round((CONTAINS_MOST - CONTAINS) * len(keyword) / len(said))
    return CONTAINED if _has(keyword, said) else 0


def _has(text: str, words: str) -> bool:
    return bool(words) and f" {words} " in f" {text} "


def _normal(text: str) -> str:
    return " ".join(token.norm for token in tokenize(text))
