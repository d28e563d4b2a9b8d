"""The catalog, indexed once: `resolve` a mention, `spot` mentions in running text, `narrow` a set of candidates."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from voyaltis_flow.catalog.labels import Labels
from voyaltis_flow.catalog.narrowing import Narrower
from voyaltis_flow.catalog.resolution import Resolution, Spot
from voyaltis_flow.catalog.resolver import Resolver
from voyaltis_flow.catalog.spotting import Spotter
from voyaltis_flow.catalog.vocabulary import read_catalogs
from voyaltis_flow.catalog.wording import wording
from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.language.tokens import Token
from voyaltis_flow.script.models import Catalog, Product


class CatalogIndex:
    """Immutable once built; safe to share between conversations and threads."""

    def __init__(self, catalogs: Sequence[Catalog], languages: Sequence[str] = ("fr", "en")) -> None:
        known = available_languages()
        words = wording(tuple(language for language in languages if language in known) or known)
        with _collector_at_rest():
            self._vocabulary = read_catalogs(catalogs, words)
            self._resolver = Resolver(self._vocabulary, words)
        self._languages = frozenset(words.languages)
        self._brands = [brand for catalog in catalogs for brand in catalog.house_brands]
        self._spotter = Spotter(self._vocabulary, self._resolver, words)
        self._narrower = Narrower(self._vocabulary, self._resolver, words)
        self._places = {product.id: place for place, product in enumerate(self._vocabulary.products)}

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self._vocabulary.products, self._brands)

    @property
    def products(self) -> Sequence[Product]:
        """All products, in the order in which the catalogs list them."""
        return self._vocabulary.products

    def product(self, product_id: str) -> Product | None:
        """The product of that id."""
        place = self._places.get(product_id)
        return None if place is None else self._vocabulary.products[place]

    def label(self, product_id: str) -> str:
        """How one says the product: its name without brand and codes ("Galaxy S25", "The Frame 55 pouces")."""
        return self._labels.of(product_id)

    def category_label(self, category_id: str, language: str) -> str:
        """How one says the category ("téléviseur")."""
        category = self._vocabulary.categories.get(category_id)
        spoken = next(iter(category.label.variants(language)), "") if category else ""
        is_name = len(spoken) > 1 and not spoken[1].islower()
        return (spoken if is_name else spoken[:1].lower() + spoken[1:]) or category_id

    def in_category(self, category_id: str) -> tuple[str, ...]:
        """The ids of the category's products."""
        return tuple(self._vocabulary.products[place].id for place in self._vocabulary.in_category.get(category_id, ()))

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """What a mention (a noun phrase as heard) is. Never raises, whatever was said; time is bounded."""
        return self._resolver.resolve(mention, self._known(language))

    def spot(self, tokens: Sequence[Token], language: str | None = None) -> tuple[Spot, ...]:
        """The mentions in running text, left to right, none overlapping; competitors and near names, too (Unknown)."""
        return self._spotter.spot(tokens, self._known(language))

    def narrow(
        self, candidates: Collection[str], words: Sequence[Token], language: str | None = None
    ) -> tuple[str, ...]:
        """Those of the candidates that these words fit ("en 65", "la Classic"); all of them when the words say nothing,
        none when they name what no candidate has."""
        return self._narrower.narrow(candidates, words, self._known(language))

    def _known(self, language: str | None) -> str | None:
        return language if language in self._languages else None


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of objects are made here, and all stay: looking for garbage among them takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
