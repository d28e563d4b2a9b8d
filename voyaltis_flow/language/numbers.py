"""Numbers as people say them, in digits or in words, with offsets: "quatre-vingt-dix" → 90, "une bonne quinzaine" → 15.

The words and their values are data (`<language>/numbers.yaml`); how they join is code, once for all languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.language.numerals import Numerals, numerals
from voyaltis_flow.language.tokens import Token

Kind = Literal["cardinal", "ordinal", "article", "collective", "fraction", "none"]
_LONGEST = 15
"""Digits of the longest number that is one; the rest is noise (and would overflow)."""
_PLAIN_BLANK = {"\u00a0": " ", "\u202f": " "}
_WITHIN_A_NUMBER = " \u00a0\u202f\t-\u2010\u2011\u2013"


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `tokens[first:last]`.

    `article` is un/une/a/an (1, or no number at all: the reader decides); `collective` a noun that counts (dizaine,
    douzaine, dozen, paire, couple: `value` is what one of them holds, "deux douzaines" being one Number of 24);
    `fraction` has a `value` below one (moitié, half: .5; un tiers: 1/3); `none` is aucun, zéro, zero, no.
    """

    first: int
    last: int
    value: float
    kind: Kind
    noun: str = ""
    """The collective's own word (folded), "" otherwise."""


def find_numbers(tokens: Sequence[Token], language: str) -> tuple[Number, ...]:
    """Every number in the tokens, left to right, none overlapping; the longest reading of each. Never raises."""
    reader = _NumberReader(tokens, numerals(language))
    found, at = [], 0
    while at < len(tokens):
        number = reader.number_at(at)
        if number:
            found.append(number)
        at = number.last if number else at + 1
    return tuple(found)


def begins_number(word: str, language: str) -> bool:
    """Whether a number in words may begin with this folded word."""
    return word in numerals(language).steps


def as_spoken(digits: str, language: str) -> str:
    """A number's word ("20" is "vingt"), or the digits themselves where it has no word of its own."""
    return numerals(language).spoken.get(digits, digits)


class _NumberReader:
    """The grammar: a count, and what may be counted with it (dozens, thirds, a half more)."""

    def __init__(self, tokens: Sequence[Token], words: Numerals) -> None:
        self._tokens, self._words = tokens, words

    def number_at(self, at: int) -> Number | None:
        """The longest number that begins at a token."""
        token = self._tokens[at]
        if token.norm not in self._words.openers and not token.text.isdecimal():
            return None
        count = self._digits(at) or self._spelled(at)
        if count is None:
            return self._uncounted(at)
        if count.kind in ("ordinal", "none"):
            return count
        counted = self._part(count) or self._collective(count) or count
        return self._and_a_half(counted)

    # --- counts

    def _digits(self, at: int) -> Number | None:
        token = self._tokens[at]
        if not token.text.isdecimal() or len(token.text) > _LONGEST:
            return None
        value, last = float(token.text), at + 1
        alone = not (token.glued and at and self._tokens[at - 1].text.isalpha())
        if alone and len(token.text) <= 3:
            value, last = self._thousands(value, last)
        if alone:
            value, last = self._decimals(value, last)
        if last < len(self._tokens):
            after = self._tokens[last]
            if after.glued and after.norm in self._words.ordinal_suffixes and not self._glued(last + 1):
                return Number(at, last + 1, value, "ordinal")
        return self._times(Number(at, last, value, "cardinal"))

    def _thousands(self, value: float, last: int) -> tuple[float, int]:
        """Groups of three digits set apart by the same mark. One that letters are glued to is none ("2 256Go")."""
        mark = self._gap(last)
        if _PLAIN_BLANK.get(mark, mark) not in self._words.thousands:
            return value, last
        while self._gap(last) == mark and self._is_digits(last, 3) and not self._glued(last + 1):
            value, last = value * 1000 + float(self._tokens[last].text), last + 1
        return value, last

    def _decimals(self, value: float, last: int) -> tuple[float, int]:
        if self._gap(last) in self._words.decimal and self._is_digits(last):
            digits = self._tokens[last].text
            return float(f"{value:.0f}.{digits}"), last + 1
        return value, last

    def _times(self, count: Number) -> Number:
        """ "25 hundred", "2 mille": digits before a multiplier in words."""
        step = self._words.step_at(self._following(count.last))
        if step and step[1].takes and step[1].takes[0] <= count.value <= step[1].takes[1]:
            return Number(count.first, count.last + step[0], count.value * step[1].value, "cardinal")
        return count

    def _spelled(self, at: int) -> Number | None:
        norms = self._norms(at)
        if not norms:
            return None
        if norms[0] in self._words.none:
            return Number(at, at + 1, 0.0, "none")
        before = self._tokens[at - 1].norm if at else ""
        if before in self._words.not_after.get(norms[0], ()):
            return None
        read = self._words.count(norms)
        if read:
            article = read.length == 1 and norms[0] in self._words.articles
            kind: Kind = "article" if article else "ordinal" if read.ordinal else "cardinal"
            return Number(at, at + read.length, read.value, kind)
        return Number(at, at + 1, 1.0, "article") if norms[0] in self._words.articles else None

    # --- what is counted

    def _uncounted(self, at: int) -> Number | None:
        """A collective in the singular ("dizaine"), a half, or "le tiers"."""
        norms = self._norms(at)
        if not norms:
            return None
        word = norms[0]
        if word in self._words.halves:
            half = Number(at, at + 1, 0.5, "fraction")
            return self._collective(half) or half
        if word in self._words.one_part:
            return self._part(Number(at, at + 1, 1.0, "cardinal"))
        if word in self._words.singular:
            return self._and_a_half(Number(at, at + 1, self._words.singular[word], "collective", word))
        return None

    def _part(self, count: Number) -> Number | None:
        norms = self._following(count.last)
        part = self._words.parts.get(norms[0]) if norms else None
        if not part or count.value >= part.of or (part.before and (len(norms) < 2 or norms[1] not in part.before)):
            return None
        return Number(count.first, count.last + 1, count.value / part.of, "fraction")

    def _collective(self, count: Number) -> Number | None:
        """The collective after a count, with at most two adjectives between: "deux petites douzaines"."""
        norms, factor = self._following(count.last), count.value
        for skipped, word in enumerate(norms[:3]):
            if word in self._words.collectives:
                holds = self._words.collectives[word]
                return Number(count.first, count.last + skipped + 1, float(factor * holds), "collective", word)
            if word not in self._words.before_collectives:
                return None
            factor *= 0.5 if word in self._words.halves else 1
        return None

    def _and_a_half(self, number: Number) -> Number:
        norms = self._following(number.last)
        for phrase in self._words.and_a_half:
            if tuple(norms[: len(phrase)]) == phrase:
                unit = self._words.collectives.get(number.noun, 1)
                last = number.last + len(phrase)
                return Number(number.first, last, number.value + unit / 2, number.kind, number.noun)
        return number

    # --- tokens

    def _norms(self, at: int) -> list[str]:
        """The words from a token on that nothing but blanks and hyphens keeps apart; at most a dozen."""
        norms = [token.norm for token in self._tokens[at : at + 1]]
        return norms + self._following(at + 1) if norms else norms

    def _following(self, at: int) -> list[str]:
        """The same, when the first of them, too, must not be kept apart from what is before it."""
        norms = []
        for token in self._tokens[at : at + 11]:
            if token.glued or token.gap.strip(_WITHIN_A_NUMBER):
                break
            norms.append(token.norm)
        return norms

    def _gap(self, at: int) -> str:
        return self._tokens[at].gap if at < len(self._tokens) else ""

    def _glued(self, at: int) -> bool:
        return at < len(self._tokens) and self._tokens[at].glued

    def _is_digits(self, at: int, length: int = 0) -> bool:
        text = self._tokens[at].text if at < len(self._tokens) else ""
        return text.isdecimal() and (not length or len(text) == length)
