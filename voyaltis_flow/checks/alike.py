"""Names that people will confuse: found by an index of how they sound, scored by sound and by letters.

Numbers and codes are heard right or not at all, as in the catalog; words are what people confuse. Two names are alike
when they differ in one word, and that word sounds much like its counterpart ("Nivo 3", "Niveau 3"), or when they sound
the same with their words run together ("Aqua Pur", "Aquapur").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance.Levenshtein import normalized_similarity as _similar

from voyaltis_flow.language.sounds import broad, skeleton, sound
from voyaltis_flow.language.tokens import fold, tokenize

ALIKE = 0.8
"""The score from which two names are alike."""

_SHORTEST = 3
"""Sounds of a word that can be confused; of a shorter one, each tells."""
_LONG_SKELETON = 4
"""Consonants from which one more, less or other does not make another word."""
_SHORTEST_RUN = 4
_VOWELS = frozenset("aeiouy")
_NEAREST = 12
"""Words of equal consonants are sorted by their vowels, and compared with so many behind them: what stands further off
is less alike."""

Form = tuple[str, ...]
"""The words of a name, in lower case."""


class Alike(NamedTuple):
    """Two names that sound alike; `score` is from `ALIKE` to 1."""

    one: str
    other: str
    score: float


class _Heard(NamedTuple):
    """A word as it is written and heard."""

    word: str
    letters: str
    broad: str
    skeleton: str


def alike_names(names: Collection[str], language: str) -> Iterator[Alike]:
    """The pairs among different names that a speaker of the language will confuse, each once."""
    forms: dict[Form, str] = {}
    for name in names:
        forms.setdefault(tuple(token.low for token in tokenize(name)), name)
    heard = {word: _heard(word, language) for word in {word for form in forms for word in form} if word.isalpha()}
    seen: set[frozenset[Form]] = set()
    for one, other, score in (*_by_a_word(forms, heard), *_run_together(forms, heard)):
        if (pair := frozenset((one, other))) not in seen:
            seen.add(pair)
            yield Alike(forms[one], forms[other], score)


def _heard(word: str, language: str) -> _Heard:
    fine = sound(word, language)
    return _Heard(word, fold(word), broad(fine), skeleton(fine))


def _by_a_word(forms: Iterable[Form], heard: Mapping[str, _Heard]) -> Iterator[tuple[Form, Form, float]]:
    """The forms that are equal but for one word, which has a like."""
    likes = _likes(heard.values())
    around: dict[tuple[Form, Form], dict[str, Form]] = defaultdict(dict)
    for form in forms:
        for place, word in enumerate(form):
            if word in likes:
                around[form[:place], form[place + 1 :]][word] = form
    for among in around.values():
        for word, form in among.items():
            for like, score in likes[word].items():
                if word < like and like in among:
                    yield form, among[like], score


def _run_together(forms: Iterable[Form], heard: Mapping[str, _Heard]) -> Iterator[tuple[Form, Form, float]]:
    """The forms that are one string of sounds, however it is cut into words."""
    same: dict[tuple[str, Form], list[Form]] = defaultdict(list)
    for form in forms:
        run = "".join(heard[word].broad for word in form if word in heard)
        if len(run) >= _SHORTEST_RUN:
            same[run, tuple(word for word in form if word not in heard)].append(form)
    for equal in same.values():
        for one, other in combinations(equal[:_NEAREST], 2):
            yield one, other, (2 + _similar("".join(one), "".join(other))) / 3


def _likes(words: Iterable[_Heard]) -> Mapping[str, Mapping[str, float]]:
    """By word: the others that it is confused with, and how much."""
    likes: dict[str, dict[str, float]] = defaultdict(dict)
    by_sound: dict[str, list[_Heard]] = defaultdict(list)
    for word in words:
        if len(word.broad) >= _SHORTEST:
            for key in _keys(word.skeleton):
                by_sound[key].append(word)
    for bucket in by_sound.values():
        bucket.sort(key=lambda word: (word.broad, word.letters))
        for place, one in enumerate(bucket):
            for other in bucket[place + 1 : place + 1 + _NEAREST]:
                if (score := _score(one, other)) >= ALIKE:
                    likes[one.word][other.word] = likes[other.word][one.word] = score
    return likes


def _keys(consonants: str) -> Iterator[str]:
    """What a word is found by: its consonants, and these without any one of them."""
    yield consonants
    if len(consonants) >= _LONG_SKELETON:
        yield from {consonants[:place] + consonants[place + 1 :] for place in range(len(consonants))}


def _score(one: _Heard, other: _Heard) -> float:
    """From 0 to 1: sounds count twice as much as letters, and consonants more than vowels."""
    consonants = 1.0 if one.skeleton == other.skeleton else _similar(one.skeleton, other.skeleton)
    sounds = consonants + _similar(one.broad, other.broad)
    if sounds < 3 * ALIKE - 1 or _is_prefixed(one.letters, other.letters):
        return 0.0
    return (sounds + _similar(one.letters, other.letters)) / 3


def _is_prefixed(one: str, other: str) -> bool:
    """Whether one word is the other with a syllable before it, which nobody misses: “satisfait”, “insatisfait”."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and not _VOWELS.isdisjoint(long[: -len(short)])
