"""Whether words were said: a quote found again in a turn, whatever its case, accents, apostrophes and blanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from voyaltis_flow.language.tokens import Token, tokenize

_SHORT = 3
"""Words up to this length say little of what a text is about."""


def find_verbatim(quote: str, text: str) -> str | None:
    """The stretch of `text` that has the quote's words in their order, verbatim; None when nothing does."""
    wanted = [token.norm for token in tokenize(quote)]
    said = tokenize(text)
    if not wanted:
        return None
    for at in range(len(said) - len(wanted) + 1):
        if all(said[at + k].norm == word for k, word in enumerate(wanted)):
            return text[said[at].start : said[at + len(wanted) - 1].end]
    return None


def all_said(value: str, quote: str) -> bool:
    """Whether a text holds no word, negation or number that the quote does not hold as often."""
    said = Counter(token.norm for token in tokenize(quote))
    return not Counter(token.norm for token in tokenize(value)) - said


def share_said(value: str, text: str) -> float:
    """How much of a text's longer words (0..1) were said; 1 when it has none."""
    wanted = _telling(tokenize(value))
    return len(wanted & _telling(tokenize(text))) / len(wanted) if wanted else 1.0


def _telling(tokens: Iterable[Token]) -> set[str]:
    return {token.norm for token in tokens if len(token.norm) > _SHORT or token.norm.isdigit()}
