"""How written words sound: a fine code, and a skeleton of consonants that survives most mishearing.

The letters' sounds are data (`<language>/sounds.yaml`), in one alphabet for all languages, so that what a French
recogniser wrote can be compared with an English name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from voyaltis_flow.language.lexicon import language_data

_SKELETON = str.maketrans(
    dict(zip("pbtdkgfvszmnNlr", "PPTTKKFFSSNNNLR", strict=True))
    | dict.fromkeys("SZ", "C")
    | dict.fromkeys("123", "N")
    | dict.fromkeys("aEiouy9wj")
)
_BROAD = str.maketrans(dict(zip("bdgvzZNEy9u123", "ptkfsSniiooaao", strict=True)) | {"j": None})
"""Voiced as voiceless, nasal vowels as open ones, the vowels sorted into three, diphthongs as their first half."""


def sounds(word: str, language: str) -> tuple[str, ...]:
    """The fine codes of a word: one, but for the few that are said in several ways ("plus")."""
    return _irregular(language).get(word) or (sound(word, language),)


@lru_cache(maxsize=20_000)
def sound(word: str, language: str) -> str:
    """The fine code of a lower-case word, accents kept, as someone who reads the language says it."""
    if known := _irregular(language).get(word):
        return known[0]
    rules, spoken, at = _rules(language), [], 0
    while at < len(word):
        for pattern, sounds in rules.get(word[at], ()):
            found = pattern.match(word, at)
            if found and found.end() > at:
                spoken.append(sounds)
                at = found.end()
                break
        else:
            at += 1
    return _without_doubles("".join(spoken))


@lru_cache(maxsize=20_000)
def spelled(word: str, language: str) -> tuple[str, ...]:
    """The fine codes of a word that is spelled out letter by letter ("FE" → "Ef9")."""
    codes = [""]
    for letter in word:
        names = letter_sounds(language).get(letter, ())
        codes = [code + name for code in codes for name in names]
    return tuple(codes)


@lru_cache
def letter_sounds(language: str) -> Mapping[str, tuple[str, ...]]:
    """How each letter is called, as fine codes."""
    return {letter: tuple(name["sounds"]) for letter, name in language_data(language, "sounds")["letters"].items()}


@lru_cache
def _letter_spellings(language: str) -> Mapping[str, str]:
    letters = language_data(language, "sounds")["letters"]
    return {said: letter for letter, name in letters.items() for said in name.get("said", ())}


@lru_cache(maxsize=20_000)
def letter_heard(word: str, language: str) -> str | None:
    """The letter whose name a word is or sounds like ("esse" → "s", "à" → "a"); None when it is no letter's name."""
    if word in (spellings := _letter_spellings(language)):
        return spellings[word]
    heard = sound(word, language)
    return next((letter for letter, names in letter_sounds(language).items() if heard in names), None)


@lru_cache(maxsize=50_000)
def skeleton(code: str) -> str:
    """The consonants of a fine code, by the place they are spoken: what is left when vowels and voice are misheard."""
    return _without_doubles(code.replace("dZ", "Z").replace("tS", "S").translate(_SKELETON))


@lru_cache(maxsize=50_000)
def broad(code: str) -> str:
    """A fine code with its near sounds made one: "bisp" and "bEsp" are the same."""
    return _without_doubles(code.replace("dZ", "Z").replace("tS", "S").translate(_BROAD))


@lru_cache
def _irregular(language: str) -> Mapping[str, tuple[str, ...]]:
    words = language_data(language, "sounds").get("words", {})
    return {word: tuple(codes) for word, codes in words.items()}


@lru_cache
def _rules(language: str) -> Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]:
    return {
        first: tuple((re.compile(pattern), str(sounds)) for pattern, sounds in rules)
        for first, rules in language_data(language, "sounds")["rules"].items()
    }


def _without_doubles(code: str) -> str:
    return re.sub(r"(.)\1+", r"\1", code)
