"""Which terms a stretch of misheard words may have been: found by their skeleton of consonants, judged by letters and sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from rapidfuzz.distance import Levenshtein

from voyaltis_flow.catalog.vocabulary import Term, Vocabulary
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.sounds import broad, skeleton, sound, spelled

_MOST_SOUNDS = 6
_LONGEST_SPELLED = 4
_LEAST_LIKENESS = 0.6
_SHORT_SKELETON = 3
"""Below this many consonants a skeleton must be the same; from here on one of them may be lost, added or misheard."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A term, and how like it the heard words are (0..1)."""

    term: Term
    likeness: float


@dataclass(frozen=True, slots=True)
class _Sounded:
    term: Term
    letters: str
    sounds: tuple[str, ...]


class Echoes:
    """The spoken terms of a vocabulary, to be found by ear."""

    def __init__(self, vocabulary: Vocabulary, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)
        self._by_skeleton: dict[str, list[_Sounded]] = defaultdict(list)
        for key, terms in vocabulary.terms.items():
            for term in terms:
                if term.words and term.kind != "part":
                    self._add(key, term)
        self._by_skeleton = dict(self._by_skeleton)

    def _add(self, key: str, term: Term) -> None:
        sounds = tuple(dict.fromkeys(islice(_pronunciations(term.words, self._languages), _MOST_SOUNDS)))
        sounded = _Sounded(term, key, sounds)
        for near in {near for code in sounds for near in _nearby(skeleton(code))}:
            self._by_skeleton[near].append(sounded)

    def of(self, words: Sequence[str], letters: str, language: str | None) -> list[Echo]:
        """The terms that these words (lower case, accents kept) may have been, best first."""
        heard = [_heard(tuple(words), spoken) for spoken in ([language] if language else self._languages)]
        best: dict[tuple[str, ...], Echo] = {}
        for code in dict.fromkeys(heard):
            for sounded in {
                id(s): s for near in _nearby(skeleton(code)) for s in self._by_skeleton.get(near, ())
            }.values():
                likeness = _likeness(letters, code, sounded)
                known = best.get(sounded.term.facets)
                if likeness >= _LEAST_LIKENESS and (known is None or known.likeness < likeness):
                    best[sounded.term.facets] = Echo(sounded.term, likeness)
        return sorted(best.values(), key=lambda echo: -echo.likeness)


def _likeness(letters: str, code: str, sounded: _Sounded) -> float:
    """The better of two comparisons: of the letters, and of the sounds (exact and broad)."""
    best = Levenshtein.normalized_similarity(letters, sounded.letters)
    wide = broad(code)
    for other in sounded.sounds:
        fine = Levenshtein.normalized_similarity(code, other)
        best = max(best, (fine + Levenshtein.normalized_similarity(wide, broad(other))) / 2)
    return best


@lru_cache(maxsize=20_000)
def _heard(words: tuple[str, ...], language: str) -> str:
    return "".join(sound(word, language) for word in words)


def _pronunciations(words: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """How one may say these words: each in the languages it may belong to, short ones also letter by letter."""
    return ("".join(codes) for codes in product(*(_word_sounds(word, tuple(languages)) for word in words)))


@lru_cache(maxsize=100_000)
def _word_sounds(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    at_home = [language for language in languages if common_rank(word, language) is not None]
    codes = [sound(word, language) for language in (languages if len(at_home) != 1 else at_home)]
    if len(word) < _LONGEST_SPELLED:
        codes += [code for language in languages for code in spelled(word, language)]
    return tuple(dict.fromkeys(codes))


@lru_cache(maxsize=50_000)
def _nearby(bones: str) -> tuple[str, ...]:
    """A skeleton and, if it is long enough, the same with any one consonant left out."""
    if len(bones) < _SHORT_SKELETON:
        return (bones,)
    return (bones, *dict.fromkeys(bones[:at] + bones[at + 1 :] for at in range(len(bones))))
