"""Names in what was written otherwise: which words of a text sound like one, "deux folles" like "deux Fold".

A likeness is no proof. Each comes as a `Swap`, for whoever has the sound to judge: the more alike the two are, the less
the sound has to bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product

import numpy as np
from rapidfuzz import fuzz, process

from voyaltis_flow.catalog.echoes import pronunciations
from voyaltis_flow.language.lexicon import available_languages, language_data
from voyaltis_flow.language.numbers import as_spoken
from voyaltis_flow.language.sounds import broad, sound, spelled
from voyaltis_flow.language.tokens import Token, tokenize

LEAST_ALIKE = 75.0
"""Percent of likeness below which words are not taken for a name, whatever the sound says."""
EVEN = 65.0
"""The likeness at which a name has to be as likely as what was written."""
WORTH = 0.4
"""How much less likely it may be (of a text's log probability) for each percent of likeness beyond."""
COUNTS_ALIKE = 80.0
"""The likeness to a number of a word before a name that sounds like one, "si" like "six"."""
SHORT_SOUND = 4
"""Sounds of a name below which likeness is chance more often than not."""
CHANCE = 5.0
MOST = 12
"""Swaps that are proposed for one text: each costs its judge some 40 ms."""
MOST_OVER = 3
"""Swaps over the same words."""
LONGEST = 5
"""Words that may be one name, a number before it included."""
SHORTLIST = 40
"""Names that a text's words are compared with once more, with numbers before them."""
MOST_WAYS = 6
"""In which a name may be spoken."""

Spans = Sequence[tuple[int, int]]

_PAUSE = re.compile(r"[.!?:;]")
_ELISION = ("'", "’")
_MODEL = re.compile(r"\s*[^\W\d]?\d")
"""What goes on with a code or a number."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A name for the words from `start` to `end` of a text, and its likeness to them, in percent."""

    start: int
    end: int
    name: str
    likeness: float

    @property
    def worth(self) -> float:
        """How much less likely than the text as it stands the text with the name may be."""
        return WORTH * (self.likeness - EVEN)

    def made(self, text: str) -> str:
        """The text with the name."""
        return text[: self.start] + self.name + text[self.end :]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A name, or words of a text, and how they sound."""

    text: str
    sound: str


def swaps(text: str, language: str, names: Sequence[str]) -> list[Swap]:
    """The numbers before names, and the names, that words of a text sound like, the likest first."""
    known = tuple(name for name in names if tokenize(name))
    if not known:
        return []
    named = [found.span() for found in re.finditer(_any_of(known), text, re.IGNORECASE)]
    return [*_counted(text, language, named), *_named(text, language, known, named)]


def _counted(text: str, language: str, named: Spans) -> Iterator[Swap]:
    """A number for a word right before a name, or before the brand that a name begins with ("si Galaxy Ring")."""
    numbers, starts = language_data(language, "speech")["alike"], {start for start, _ in named}
    for token, after in reversed([*pairwise(tokenize(text))]):
        if after.gap.strip() or after.start not in starts:
            continue
        if token.low in numbers:
            number = numbers[token.low]
            yield Swap(token.start, token.end, number.capitalize() if token.text[0].isupper() else number, COUNTS_ALIKE)
        elif token.text[0].isupper():
            starts.add(token.start)


def _named(text: str, language: str, known: tuple[str, ...], named: Spans) -> list[Swap]:
    stretches = list(_stretches(text, language, named))
    if not stretches:
        return []
    heard = [code for _, _, code in stretches]
    ways = _shortlist(heard, known, language)
    likeness = _alike([way.sound for way in ways], heard)
    found = [
        Swap(start, end, ways[best].text, likeness[best, place] - _chance(ways[best].sound))
        for place, (start, end, _) in enumerate(stretches)
        for best in np.argsort(-likeness[:, place])[:2]
    ]
    likely = (swap for swap in found if swap.likeness >= LEAST_ALIKE and _may_stand(swap, text, language))
    return list(islice(_spread(sorted(likely, key=lambda swap: -swap.likeness)), MOST))


def made(text: str, chosen: Iterable[Swap]) -> str:
    """A text with these swaps; of two over the same words, the first."""
    taken: list[Swap] = []
    for swap in chosen:
        if not any(_overlap(swap, other) for other in taken):
            taken.append(swap)
    for swap in sorted(taken, key=lambda swap: -swap.start):
        text = swap.made(text)
    return text


def _stretches(text: str, language: str, named: Spans) -> Iterator[tuple[int, int, str]]:
    """Runs of words in which no name stands already, nor a number that counts one, with how they sound."""
    numbers = frozenset(language_data(language, "speech")["numbers"])
    tokens = [token for token in tokenize(text) if token.text.isalnum()]
    counts = [_counts(token, numbers) for token in tokens]
    free = [not any(start < token.end and token.start < end for start, end in named) for token in tokens]
    for place in reversed(range(len(tokens) - 1)):
        free[place] = free[place] and (free[place + 1] or not counts[place])
    for first, begun in enumerate(tokens):
        if _is_cut(tokens, first):
            continue
        code, only_counts = "", True
        for last in range(first, min(first + LONGEST, len(tokens))):
            if not free[last] or (last > first and _PAUSE.search(tokens[last].gap)):
                break
            code += _sound(tokens[last], language)
            only_counts = only_counts and counts[last]
            if len(code) > 1 and not only_counts and not _is_cut(tokens, last + 1):
                yield begun.start, tokens[last].end, code


def _is_cut(tokens: Sequence[Token], at: int) -> bool:
    """Whether something is cut in two before this word ("G|7", "j|'ai"); a number may stand before a name ("5|S25")."""
    if not 0 < at < len(tokens) or tokens[at].gap not in ("", *_ELISION):
        return False
    return not tokens[at - 1].text.isdecimal()


def _counts(token: Token, numbers: frozenset[str]) -> bool:
    return token.low in numbers or re.fullmatch(r"\d", token.text) is not None


def _sound(token: Token, language: str) -> str:
    if token.text.isdecimal():
        return _number_sound(token.text, language)
    letter = spelled(token.low, language) if len(token.low) == 1 else ()
    return letter[0] if letter else sound(token.low, language)


@lru_cache(maxsize=1000)
def _number_sound(digits: str, language: str) -> str:
    """How a number of one word sounds; a longer one stays as it is written, for names are written so, too."""
    spoken = as_spoken(digits, language)
    return spoken if spoken == digits else sound(spoken, language)


def _shortlist(heard: Sequence[str], names: tuple[str, ...], language: str) -> list[_Spoken]:
    """The ways to say the names that are most like anything heard, bare and with a number before them."""
    ways = _ways(names, language)
    best = _alike([way.sound for way in ways], heard).max(axis=1)
    ranked = dict.fromkeys(ways[place].text for place in np.argsort(-best))
    near = frozenset(islice(ranked, SHORTLIST))
    bare = [way for way in ways if way.text in near]
    numbers = [(word, sound(word, language)) for word in language_data(language, "speech")["numbers"]]
    return bare + [_Spoken(f"{word} {way.text}", code + way.sound) for way in bare for word, code in numbers]


@lru_cache(maxsize=64)
def _ways(names: tuple[str, ...], language: str) -> tuple[_Spoken, ...]:
    return tuple(_Spoken(name, code) for name in names for code in _codes(name, language))


@lru_cache(maxsize=20_000)
def _codes(name: str, language: str) -> tuple[str, ...]:
    languages = tuple(available_languages())
    words = [
        (_number_sound(token.text, language),) if token.text.isdecimal() else pronunciations((token.low,), languages)
        for token in tokenize(name)
        if token.text.isalnum()
    ]
    return tuple(dict.fromkeys("".join(codes) for codes in islice(product(*words), MOST_WAYS)))


def _alike(these: Sequence[str], those: Sequence[str]) -> np.ndarray:
    """Percent of likeness, of the sounds as they are and of what is left of them when they are misheard."""
    fine = process.cdist(these, those, scorer=fuzz.ratio)
    wide = process.cdist([*map(broad, these)], [*map(broad, those)], scorer=fuzz.ratio)
    return np.asarray((fine + wide) / 2)


def _chance(code: str) -> float:
    return CHANCE if len(code) < SHORT_SOUND else 0.0


def _may_stand(swap: Swap, text: str, language: str) -> bool:
    """Whether a name leaves the figures that were heard, there and right after, and adds none: "G7" is no "G8"."""
    was, will = text[swap.start : swap.end], swap.name
    if was.casefold() == will.casefold():
        return False
    told = {_number_sound(figure, language) for figure in re.findall(r"\d+", was)}
    brought = {_number_sound(figure, language) for figure in re.findall(r"\d+", will)}
    if brought and not brought <= told and (told or _MODEL.match(text, swap.end)):
        return False
    return told <= {_sound(token, language) for token in tokenize(will)}


def _spread(ranked: Iterable[Swap]) -> Iterator[Swap]:
    """Those of which few are over the same words, so that a long text has some everywhere."""
    taken: list[Swap] = []
    for swap in ranked:
        if sum(_overlap(swap, other) for other in taken) < MOST_OVER:
            taken.append(swap)
            yield swap


def _overlap(one: Swap, other: Swap) -> bool:
    return one.start < other.end and other.start < one.end


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return rf"(?<![^\W\d])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
