"""Text as tokens with offsets: the one view of a rep's words that catalog and reading share."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[+%€$£&°]")
_SPECIAL = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})


class Token(NamedTuple):
    """A run of letters, a run of digits, or one of `+%€$£&°`; `text[start:end]` of what was said, verbatim.

    "l'OLED" is `l`, `OLED`; "S25" is `S`, `25`. `glued` says that nothing stands between a token and the one before,
    `gap` what does ("" when glued, else blanks, an apostrophe, a hyphen, punctuation).
    """

    text: str
    low: str
    """Lower case with its accents: `à` is not `a`, `montré` is not `montre`."""
    norm: str
    """Lower case without accents or ligatures."""
    start: int
    end: int
    gap: str

    @property
    def glued(self) -> bool:
        return not self.gap


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: "Œuvré" → "oeuvre"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_SPECIAL))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text, in order. What is no token stands in a token's `gap`; what follows the last is dropped."""
    tokens, end = [], 0
    for found in _TOKEN.finditer(text):
        said = found.group()
        tokens.append(Token(said, said.lower(), fold(said), found.start(), found.end(), text[end : found.start()]))
        end = found.end()
    return tuple(tokens)
