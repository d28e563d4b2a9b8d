"""How one says a product: as its first alias has it, else its name without the brand and without a machine's codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from voyaltis_flow.script.models import Product

_MACHINE_CODE = re.compile(r"(?=.{4})[^\W\d_]{1,2}\d[^\W_]*|[^\W\d_]{1,2}-[^\W\d_]?\d[^\W_]*")
"""A letter or two, then digits and more, four signs at least: "QN90D", "HW-Q990D", and not "S25" or "Book5"."""


class Labels:
    """The labels of a catalog's products. A code stays where two products would be called the same without."""

    def __init__(self, products: Iterable[Product], brands: Iterable[str]) -> None:
        named = {product.id: product for product in products}
        every = {*brands, *(product.brand for product in named.values() if product.brand)}
        brand = re.compile(
            rf"\b(?:{'|'.join(map(re.escape, sorted(every, key=len, reverse=True)))})\b\s*", re.IGNORECASE
        )
        bare = {id_: (brand.sub("", p.name) if every else p.name).strip() or p.name for id_, p in named.items()}
        short = {
            id_: " ".join(word for word in name.split() if not _MACHINE_CODE.fullmatch(word))
            for id_, name in bare.items()
        }
        uses = Counter(short.values())
        called = Counter(alias for product in named.values() for alias in product.aliases.words())
        self._labels = {
            id_: _spoken(product, called) or (short[id_] if short[id_] and uses[short[id_]] == 1 else bare[id_])
            for id_, product in named.items()
        }

    def of(self, product_id: str) -> str:
        """The product's label; its id when there is no such product."""
        return self._labels.get(product_id, product_id)


def _spoken(product: Product, called: Counter[str]) -> str | None:
    """The first of a product's aliases that no other product has: what people call it."""
    return next((alias for alias in product.aliases.words() if called[alias] == 1), None)
