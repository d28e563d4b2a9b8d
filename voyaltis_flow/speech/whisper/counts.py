"""Numbers before names, as they were said: a recogniser parts them with a comma, or writes a word that sounds alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from voyaltis_flow.language.lexicon import language_data


def counted(text: str, language: str, names: Sequence[str]) -> str:
    """A text in which the numbers of these names can be read: "et 3, The Frame", ", de Watch 8" mean three and two."""
    if not names:
        return text
    told: Mapping[str, Any] = language_data(language, "speech")
    name, alike, joins = _any_of(tuple(names)), told["counts"], "|".join(told["joins"])
    parted = rf"(^|[.:!?]\s+|\b(?:{joins})\s+)(\d{{1,3}}),\s+(?={name})"
    text = re.sub(parted, r"\1\2 ", text, flags=re.IGNORECASE)
    small = rf"(^|[,.;:!?]\s+|\b(?:{joins})\s+)({'|'.join(alike)})(?=\s+{name})"
    return re.sub(small, lambda found: found[1] + alike[found[2].lower()], text, flags=re.IGNORECASE)


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return rf"(?:{'|'.join(map(re.escape, longest_first))})\b"
