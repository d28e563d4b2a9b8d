"""Which language a turn is in, by the words that only one of them has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.language.tokens import tokenize

_ENOUGH = 2
"""A turn with fewer tell-tale words than this stays in the conversation's language."""
_WORDS_READ = 400


@lru_cache
def _markers(language: str) -> frozenset[str]:
    return frozenset(language_data(language, "markers"))


def detect(text: str, default: str, among: Sequence[str]) -> str:
    """The language of a text among some; `default` when the words do not tell, as in "OK" or "deux S25"."""
    words = [token.low for token in tokenize(text[: _WORDS_READ * 8])][:_WORDS_READ]
    scores = {language: sum(word in _markers(language) for word in words) for language in among}
    best = max(scores, key=lambda language: scores[language], default=default)
    clear = best != default and scores[best] >= _ENOUGH and scores[best] > 2 * scores.get(default, 0)
    return best if clear else default
