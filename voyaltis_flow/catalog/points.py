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
from collections.abc import Iterable, Sequence

from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution, Unknown
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.language.tokens import tokenize

EXACT, CONTAINS, CONTAINS_MOST, CONTAINED, UNIQUE, BRAND, FAMILY = 20, 10, 15, 6, 15, 3, 5
THRESHOLD = 10
MOST = EXACT + UNIQUE + BRAND + FAMILY


class PointsScorer:
    """Resolves a mention by points."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._brands = {product.brand for product in vocabulary.products if product.brand}
        families = Counter(self._family(index) for index in range(len(vocabulary.products)))
        self._families = {family for family, products in families.items() if family and products > 1}
        self._keywords = [self._keywords_of(index) for index in range(len(vocabulary.products))]

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """The product with the most points; several with as many are ambiguous, and below the threshold it is none."""
        del language
        said = _normal(mention)
        points = [self.points(said, index) for index in range(len(self._vocabulary.products))]
        best = max(points, default=0)
        if best < THRESHOLD or not said:
            return Unknown(f"no product has {THRESHOLD} points or more", "no_match", best / MOST)
        winners = [index for index, got in enumerate(points) if got == best]
        products = [self._vocabulary.products[index] for index in winners]
        categories = {product.category for product in products}
        if len(products) > 1:
            category = categories.pop() if len(categories) == 1 else None
            return Ambiguous(
                tuple(p.id for p in products), category, best / MOST, f"{len(products)} have {best} points"
            )
        second = self._second(points, winners[0])
        runner_up = self._vocabulary.products[second].id if second is not None else None
        score = points[second] / MOST if second is not None else 0.0
        return Match(products[0].id, products[0].category, best / MOST, f"{best} points", "points", runner_up, score)

    def points(self, said: str, index: int) -> int:
        """The points of one product for a mention in normal form."""
        return self._keyword_points(said, index) + self._unique_points(said, index) + self._brand_points(said, index)

    def _second(self, points: Sequence[int], winner: int) -> int | None:
        return max((index for index in range(len(points)) if index != winner), key=lambda i: points[i], default=None)

    # --- what earns them

    def _keyword_points(self, said: str, index: int) -> int:
        return max((_points_of(said, keyword) for keyword in self._keywords[index]), default=0)

    def _unique_points(self, said: str, index: int) -> int:
        product = self._vocabulary.products[index]
        if len(self._vocabulary.in_category[product.category]) != 1:
            return 0
        return UNIQUE if any(_has(said, word) for word in self._category_words(index)) else 0

    def _brand_points(self, said: str, index: int) -> int:
        brand, family = _normal(self._vocabulary.products[index].brand or ""), self._family(index)
        named = BRAND if brand and _has(said, brand) else 0
        return named + (FAMILY if family in self._families and _has(said, family) else 0)

    # --- keywords

    def _keywords_of(self, index: int) -> tuple[str, ...]:
        product = self._vocabulary.products[index]
        said = (product.name, *product.aliases.words())
        return tuple(dict.fromkeys((*map(_normal, said), *self._category_words(index))))

    def _category_words(self, index: int) -> list[str]:
        category = self._vocabulary.categories.get(self._vocabulary.products[index].category)
        return [_normal(word) for word in category.words.words()] if category else []

    def _family(self, index: int) -> str:
        product = self._vocabulary.products[index]
        words = _without(_normal(product.brand or "").split(), _normal(product.name).split())
        return words[0] if len(words) > 1 and product.brand else ""


def _points_of(said: str, keyword: str) -> int:
    if said == keyword:
        return EXACT
    if _has(said, keyword):
        return CONTAINS + round((CONTAINS_MOST - CONTAINS) * len(keyword) / len(said))
    return CONTAINED if _has(keyword, said) else 0


def _has(text: str, words: str) -> bool:
    return bool(words) and f" {words} " in f" {text} "


def _without(words: Iterable[str], among: Sequence[str]) -> list[str]:
    left_out = set(words)
    return [word for word in among if word not in left_out]


def _normal(text: str) -> str:
    return " ".join(token.norm for token in tokenize(text))
