"""Numbers as people say them, in digits or in words, with offsets: "quatre-vingt-dix" is 90, "une bonne quinzaine" 15.

The words and their values are data (`<language>/numbers.yaml`); the grammar that joins them is here, once for all languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.language.tokens import Token, fold

Kind = Literal["cardinal", "ordinal", "article", "collective", "fraction", "none"]
_LARGEST_DIGITS = 9
"""A longer run of digits is a code or a telephone number, not a quantity."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `tokens[first:last]`.

    `article` is un/une/a/an/one (1, or no number at all: the reader decides); `collective` a noun that counts (dizaine,
    douzaine, dozen, paire, couple: `value` is what it comes to, "deux douzaines" being one Number of 24);
    `fraction` has a `value` below one (moitié, half: .5; un tiers: 1/3); `none` is aucun, zéro, zero.
    """

    first: int
    last: int
    value: float
    kind: Kind
    noun: str = ""
    """The collective's own word (folded), "" otherwise."""


@dataclass(frozen=True)
class _Phrases:
    """Values by phrases of one to three folded words."""

    values: Mapping[tuple[str, ...], float]

    @classmethod
    def of(cls, written: Mapping[str, str]) -> _Phrases:
        return cls({tuple(fold(words).split()): float(value) for words, value in written.items()})

    def at(self, tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
        """The value of the longest phrase that begins here, and where it ends."""
        for last in range(min(len(tokens), at + 3), at, -1):
            if any(not _joined(token) for token in tokens[at + 1 : last]):
                continue
            value = self.values.get(tuple(token.norm for token in tokens[at:last]))
            if value is not None:
                return value, last
        return None


_Read = Callable[[Sequence[Token], int], tuple[float, int] | None]


class _Grammar:
    """How one language joins its number words."""

    def __init__(self, language: str) -> None:
        data = language_data(language, "numbers")
        self.small = _Phrases.of(data["small"])
        self.tens = _Phrases.of({ten["words"]: ten["value"] for ten in data["tens"]})
        self._up_to = {tuple(fold(ten["words"]).split()): int(ten["up_to"]) for ten in data["tens"]}
        self.collectives, self.fractions, self.ordinals = (
            _Phrases.of(data[name]) for name in ("collectives", "fractions", "ordinals")
        )
        for name in ("hundreds", "thousands", "joins", "articles", "none", "before_collective", "not_collective_alone", "percent"):
            setattr(self, name, frozenset(map(fold, data[name])))
        self.ordinal_endings = frozenset(map(fold, data["ordinal_endings"]))

    hundreds: frozenset[str]
    thousands: frozenset[str]
    joins: frozenset[str]
    articles: frozenset[str]
    none: frozenset[str]
    before_collective: frozenset[str]
    not_collective_alone: frozenset[str]
    percent: frozenset[str]

    def cardinal(self, tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
        """The longest number in words that begins here."""
        low = self._below_thousand(tokens, at)
        value, end = low or (1.0, self._after_article(tokens, at))
        if (low is None or value < 1000) and self._is(tokens, end, self.thousands, started=low is not None):
            value, end = value * 1000, end + 1
            rest = self._rest(tokens, end, self._below_thousand)
            return (value + rest[0], rest[1]) if rest else (value, end)
        return low

    def _below_thousand(self, tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
        low = self._below_hundred(tokens, at)
        value, end = low or (1.0, self._after_article(tokens, at))
        if self._is(tokens, end, self.hundreds, started=low is not None) and not self._is_percent(tokens, end):
            value, end = value * 100, end + 1
            rest = self._rest(tokens, end, self._below_hundred)
            return (value + rest[0], rest[1]) if rest else (value, end)
        return low

    def _below_hundred(self, tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
        if at >= len(tokens):
            return None
        ten = self.tens.at(tokens, at)
        if ten is None:
            return self.small.at(tokens, at)
        value, end = ten
        up_to = self._up_to[tuple(token.norm for token in tokens[at:end])]
        rest = self._rest(tokens, end, self.small.at)
        return (value + rest[0], rest[1]) if rest and 0 < rest[0] <= up_to else ten

    def _rest(self, tokens: Sequence[Token], at: int, read: _Read) -> tuple[float, int] | None:
        """What follows a ten, a hundred or a thousand as part of the same number."""
        after = at + 1 if at < len(tokens) and tokens[at].norm in self.joins and _joined(tokens[at]) else at
        return read(tokens, after) if after < len(tokens) and _joined(tokens[after]) else None

    def _after_article(self, tokens: Sequence[Token], at: int) -> int:
        """ "A hundred": the article is part of the number."""
        after = at + 1
        multiplies = after < len(tokens) and tokens[after].norm in self.hundreds | self.thousands and _joined(tokens[after])
        return after if multiplies and tokens[at].norm in self.articles else at

    def _is(self, tokens: Sequence[Token], at: int, words: frozenset[str], *, started: bool) -> bool:
        return at < len(tokens) and tokens[at].norm in words and (not started or _joined(tokens[at]))

    def _is_percent(self, tokens: Sequence[Token], at: int) -> bool:
        return at > 0 and tokens[at - 1].norm in self.percent


def _joined(token: Token) -> bool:
    return token.gap.strip(" \u00a0\u202f-‑") == ""


@lru_cache
def _grammar(language: str) -> _Grammar:
    return _Grammar(language)


def find_numbers(tokens: Sequence[Token], language: str) -> tuple[Number, ...]:
    """Every number in the tokens, left to right, none overlapping; the longest reading of each. Never raises."""
    grammar = _grammar(language)
    found, at = [], 0
    while at < len(tokens):
        number = _number(grammar, tokens, at)
        if number:
            found.append(number)
        at = number.last if number else at + 1
    return tuple(found)


def _number(grammar: _Grammar, tokens: Sequence[Token], at: int) -> Number | None:
    if tokens[at].text.isdigit():
        return _digits(grammar, tokens, at)
    if fraction := grammar.fractions.at(tokens, at):
        return Number(at, fraction[1], fraction[0], "fraction")
    if ordinal := grammar.ordinals.at(tokens, at):
        return Number(at, ordinal[1], ordinal[0], "ordinal")
    if tokens[at].norm in grammar.none:
        return Number(at, at + 1, 0.0, "none")
    if alone := grammar.collectives.at(tokens, at):
        noun = tokens[alone[1] - 1].norm
        return None if noun in grammar.not_collective_alone else Number(at, alone[1], alone[0], "collective", noun)
    cardinal = (1.0, at + 1) if tokens[at].norm in grammar.articles else None
    cardinal = grammar.cardinal(tokens, at) or cardinal
    return _with_collective(grammar, tokens, at, *cardinal) if cardinal else None


def _digits(grammar: _Grammar, tokens: Sequence[Token], at: int) -> Number | None:
    """Digits, with the groups and decimals that belong to them: "1 199", "1.199,50", "3,5", "2e"."""
    said, end = tokens[at].text, at + 1
    while end < len(tokens) and _is_group(tokens, end) and len(said) + 3 <= _LARGEST_DIGITS:
        said, end = said + tokens[end].text, end + 1
    value = float(said) if len(said) <= _LARGEST_DIGITS else 0.0
    if end < len(tokens) and tokens[end].text.isdigit() and tokens[end].gap in (",", ".") and len(tokens[end].text) <= 2:
        value, end = float(f"{said}.{tokens[end].text}"), end + 1
    if end < len(tokens) and tokens[end].glued and tokens[end].norm in grammar.ordinal_endings and end == at + 1:
        return Number(at, end + 1, value, "ordinal")
    return _with_collective(grammar, tokens, at, value, end)


def _is_group(tokens: Sequence[Token], at: int) -> bool:
    group, before = tokens[at], tokens[at - 1]
    if not (group.text.isdigit() and len(group.text) == 3 and len(before.text) <= 3 and before.text[0] != "0"):
        return False
    return group.gap in (" ", "\u00a0", "\u202f", ".") or (group.gap == "," and len(before.text) == 3)


def _with_collective(grammar: _Grammar, tokens: Sequence[Token], at: int, value: float, end: int) -> Number:
    """A number and the collective it counts: "deux douzaines" 24, "une bonne quinzaine" 15; or the number alone."""
    after = end
    while after < len(tokens) and tokens[after].norm in grammar.before_collective and _joined(tokens[after]):
        after += 1
    many = grammar.collectives.at(tokens, after) if after < len(tokens) and _joined(tokens[after]) else None
    if many:
        return Number(at, many[1], value * many[0], "collective", tokens[many[1] - 1].norm)
    if end == at + 1 and tokens[at].norm in grammar.articles:
        return Number(at, end, 1.0, "article")
    return Number(at, end, value, "none" if value == 0 else "cardinal")
