"""Which of a few languages a turn is in, by its words: a guess that prefers what was spoken so far."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.tokens import tokenize

_UNCOMMON = 20_000
"""The rank taken for a word that is not among a language's common ones."""
_MARGIN = 7.0
"""By how much (natural log of rank) another language must explain a turn better: about two everyday words."""
_MOST_TOKENS = 200
_LITTLE = 120
"""The commonest words of a language, which its grammar needs and nobody borrows."""


def detect(text: str, default: str, among: Sequence[str]) -> str:
    """The language of a turn: `default`, unless its words are clearly commoner in another of `among`.

    Short or mixed text ("ok", "deux Galaxy Watch") stays with the default.
    """
    words = [token.norm for token in tokenize(text)[:_MOST_TOKENS] if token.norm.isalpha()]
    surprise = {language: _surprise(words, language) for language in dict.fromkeys((default, *among))}
    best = min(surprise, key=lambda language: surprise[language])
    clearly = surprise[default] - surprise[best] > _MARGIN
    return best if clearly and _little_words(words, best, default) > _little_words(words, default, best) else default


def _little_words(words: Sequence[str], language: str, other: str) -> int:
    """How many of a language's little words are said that are none of the other's: borrowed nouns bring none."""
    return sum(_is_little(word, language) and not _is_little(word, other) for word in dict.fromkeys(words))


def _is_little(word: str, language: str) -> bool:
    rank = common_rank(word, language)
    return rank is not None and rank < _LITTLE


def _surprise(words: Sequence[str], language: str) -> float:
    """How unlikely the words are in a language, as Zipf's law has it: the sum of the logs of their ranks.

    A word counts once, however often it was said. Single letters are spelled codes as often as words.
    """
    ranks = (common_rank(word, language) for word in dict.fromkeys(words) if len(word) > 1)
    return sum(log(_UNCOMMON if rank is None else rank + 10) for rank in ranks)
