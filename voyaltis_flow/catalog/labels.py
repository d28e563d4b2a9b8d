"""How one says a product: its name without the brand and without codes that only a machine reads."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])[^\W_]+(?:-[^\W_]+)*\+?", re.UNICODE)
_SPOKEN_CODE = re.compile(r"[^\W\d_]{1,2}\d{1,2}\+?|[^\W\d_]{3,}\d{1,3}\+?|\d{1,3}[^\W\d_]{1,2}")


def label(name: str, brands: Iterable[str], spoken: Iterable[str]) -> str:
    """A product's label. A code stays where one of the `spoken` aliases has it ("S25", "WW90"), or where nothing else would."""
    for brand in brands:
        name = re.sub(rf"\b{re.escape(brand)}\b", "", name, flags=re.IGNORECASE)
    words = name.split()
    said = {word.lower() for alias in spoken for word in alias.split()}
    kept = [word for word in words if not _CODE.fullmatch(word) or _SPOKEN_CODE.fullmatch(word) or word.lower() in said]
    return " ".join(kept if any(not word.isdigit() for word in kept) else words) or name.strip()
