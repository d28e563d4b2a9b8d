"""The catalog, indexed once: `resolve` a mention, `spot` mentions in running text, `narrow` a set of candidates."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from voyaltis_flow.catalog.labels import label
from voyaltis_flow.catalog.narrowing import Narrower
from voyaltis_flow.catalog.resolution import Resolution, Spot
from voyaltis_flow.catalog.resolver import Resolver
from voyaltis_flow.catalog.spotting import Spotter
from voyaltis_flow.catalog.vocabulary import read_catalogs
from voyaltis_flow.catalog.wording import wording
from voyaltis_flow.language.tokens import Token, tokenize
from voyaltis_flow.script.models import Catalog, Product

_LONGEST_MENTION = 24
"""Tokens of a mention; of a longer one, which is none, the beginning counts."""


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of objects are made here, and all of them stay: looking through them for garbage takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class CatalogIndex:
    """Immutable once built; safe to share between conversations and threads."""

    def __init__(self, catalogs: Sequence[Catalog], languages: Sequence[str] = ("fr", "en")) -> None:
        words = wording(tuple(languages))
        with _collector_at_rest():
            self._vocabulary = read_catalogs(catalogs, words)
            self._resolver = Resolver(self._vocabulary, words)
        self._spotter = Spotter(self._vocabulary, self._resolver, words)
        self._narrower = Narrower(self._vocabulary, self._resolver, words)
        self._numbers = {product.id: index for index, product in enumerate(self._vocabulary.products)}
        self._brands = tuple(brand for catalog in catalogs for brand in catalog.house_brands)

    def product(self, product_id: str) -> Product | None:
        """The product of that id."""
        index = self._numbers.get(product_id)
        return None if index is None else self._vocabulary.products[index]

    def label(self, product_id: str) -> str:
        """How one says the product in a sentence: its name without brand and codes ("Galaxy S25", "The Frame 55 pouces")."""
        product = self.product(product_id)
        if product is None:
            return product_id
        return label(
            product.name, [*self._brands, *([product.brand] if product.brand else [])], product.aliases.words()
        )

    def category_label(self, category_id: str, language: str) -> str:
        """How one says the category ("téléviseur")."""
        category = self._vocabulary.categories.get(category_id)
        spoken = next(iter(category.label.variants(language)), "") if category else ""
        return spoken[:1].lower() + spoken[1:] if spoken[1:2].islower() else spoken or category_id

    def in_category(self, category_id: str) -> tuple[str, ...]:
        """The ids of the category's products."""
        members = self._vocabulary.in_category.get(category_id, ())
        return tuple(self._vocabulary.products[index].id for index in members)

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """What a mention (a noun phrase as heard) is. Never raises, whatever was said; time is bounded."""
        return self._resolver.resolve(tokenize(mention)[:_LONGEST_MENTION], language)

    def spot(self, tokens: Sequence[Token], language: str | None = None) -> tuple[Spot, ...]:
        """The mentions in running text, left to right, none overlapping. Competitors and near names are spots too (Unknown)."""
        return self._spotter.spot(tokens, language)

    def narrow(
        self, candidates: Collection[str], words: Sequence[Token], language: str | None = None
    ) -> tuple[str, ...]:
        """Those of the candidates that these words fit ("en 65", "la Classic"); all of them when the words say nothing,
        none when they name what no candidate has."""
        return self._narrower.narrow(candidates, words, language)
