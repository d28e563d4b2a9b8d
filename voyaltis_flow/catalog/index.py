"""The catalog, indexed once: `resolve` a mention, `spot` mentions in running text, `narrow` a set of candidates."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from voyaltis_flow.catalog.resolution import Resolution, Spot
from voyaltis_flow.language.tokens import Token
from voyaltis_flow.script.models import Catalog, Product


class CatalogIndex:
    """Immutable once built; safe to share between conversations and threads."""

    def __init__(self, catalogs: Sequence[Catalog], languages: Sequence[str] = ("fr", "en")) -> None:
        raise NotImplementedError

    def product(self, product_id: str) -> Product | None:
        """The product of that id."""
        raise NotImplementedError

    def label(self, product_id: str) -> str:
        """How one says the product in a sentence: its name without brand and codes ("Galaxy S25", "The Frame 55 pouces")."""
        raise NotImplementedError

    def category_label(self, category_id: str, language: str) -> str:
        """How one says the category ("téléviseur")."""
        raise NotImplementedError

    def in_category(self, category_id: str) -> tuple[str, ...]:
        """The ids of the category's products."""
        raise NotImplementedError

    def resolve(self, mention: str, language: str | None = None) -> Resolution:
        """What a mention (a noun phrase as heard) is. Never raises, whatever was said; time is bounded."""
        raise NotImplementedError

    def spot(self, tokens: Sequence[Token], language: str | None = None) -> tuple[Spot, ...]:
        """The mentions in running text, left to right, none overlapping. Competitors and near names are spots too (Unknown)."""
        raise NotImplementedError

    def narrow(
        self, candidates: Collection[str], words: Sequence[Token], language: str | None = None
    ) -> tuple[str, ...]:
        """Those of the candidates that these words fit ("en 65", "la Classic"); all of them when the words say nothing,
        none when they name what no candidate has."""
        raise NotImplementedError
