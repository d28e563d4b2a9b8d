"""Which terms misheard words may have been: found by their skeleton of consonants, judged by letters and sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from rapidfuzz.distance import Levenshtein

from voyaltis_flow.catalog.vocabulary import Term, Vocabulary
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.sounds import broad, skeleton, sound, sounds, spelled
from voyaltis_flow.language.tokens import fold

_MOST_RUNS = 30_000
"""Terms of a catalog so large that only single words are sought by ear, and whole phrases of categories."""
_MOST_SOUNDS = 6
_LONGEST_SPELLED = 4
_LONGEST_ACRONYM = 5
_LEAST_LIKENESS = 0.6
_VOWEL = "e"
"""Written after a word, it makes its last letters heard."""
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
        sounded = {id(t): t for terms in vocabulary.terms.values() for t in terms if t.words and t.kind != "part"}
        few = len(sounded) <= _MOST_RUNS
        for term in sounded.values():
            if few or term.kind != "word" or len(term.words) == 1:
                self._add(term)
        self._by_skeleton = dict(self._by_skeleton)

    def _add(self, term: Term) -> None:
        sounded = _Sounded(
            term, "".join(fold(word) for word in term.words), pronunciations(term.words, self._languages)
        )
        for near in {near for code in sounded.sounds for near in _nearby(skeleton(code))}:
            self._by_skeleton[near].append(sounded)

    def of(self, words: Sequence[str], letters: str, language: str | None) -> list[Echo]:
        """The terms that these words (lower case, accents kept) may have been, best first."""
        best: dict[tuple[str, ...], Echo] = {}
        for code in _heard(tuple(words), (language,) if language else self._languages):
            for sounded in self._near(code):
                likeness = _likeness(letters, code, sounded.letters, sounded.sounds)
                known = best.get(sounded.term.facets)
                if likeness >= _LEAST_LIKENESS and (known is None or known.likeness < likeness):
                    best[sounded.term.facets] = Echo(sounded.term, likeness)
        return sorted(best.values(), key=lambda echo: -echo.likeness)

    def _near(self, code: str) -> Iterable[_Sounded]:
        found = (sounded for near in _nearby(skeleton(code)) for sounded in self._by_skeleton.get(near, ()))
        return {id(sounded): sounded for sounded in found}.values()

    def likeness(self, words: Sequence[str], letters: str, term: Term, language: str | None) -> float:
        """How like a term these words are, whatever their skeletons."""
        sounds = pronunciations(term.words, self._languages)
        codes = _heard(tuple(words), (language,) if language else self._languages)
        return max(_likeness(letters, code, "".join(term.words), sounds) for code in codes)


def _likeness(letters: str, code: str, others: str, sounds: Sequence[str]) -> float:
    """The better of two comparisons: of the letters, and of the sounds (exact and broad)."""
    best = Levenshtein.normalized_similarity(letters, others)
    wide = broad(code)
    for other in sounds:
        fine = Levenshtein.normalized_similarity(code, other)
        best = max(best, (fine + Levenshtein.normalized_similarity(wide, broad(other))) / 2)
    return best


@lru_cache(maxsize=20_000)
def _heard(words: tuple[str, ...], languages: tuple[str, ...]) -> tuple[str, ...]:
    """How heard words sound; in the last of them, if it is in no dictionary, also with an ending that is not silent."""
    codes = []
    for language in languages:
        before = "".join(sound(word, language) for word in words[:-1])
        codes.append(before + sound(words[-1], language))
        if common_rank(fold(words[-1]), language) is None:
            codes.append(before + sound(words[-1] + _VOWEL, language))
    return tuple(dict.fromkeys(codes))


@lru_cache(maxsize=100_000)
def pronunciations(words: tuple[str, ...], languages: tuple[str, ...]) -> tuple[str, ...]:
    """How one may say these words: each in the languages it may belong to, short ones also letter by letter."""
    said = ("".join(codes) for codes in product(*(_word_sounds(word, languages) for word in words)))
    return tuple(dict.fromkeys(islice(said, _MOST_SOUNDS)))


@lru_cache(maxsize=100_000)
def _word_sounds(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    at_home = [language for language in languages if common_rank(word, language) is not None]
    spoken = languages if len(at_home) != 1 else at_home
    codes = [code for language in spoken for code in sounds(word, language)]
    if not at_home or len(word) < _LONGEST_SPELLED:
        codes += [code for language in languages for code in _acronym(word, language)]
    return tuple(dict.fromkeys(codes))


def _acronym(word: str, language: str) -> tuple[str, ...]:
    """How one says a word as letters: all of a short one ("FE"), the first of a longer one ("Q-LED")."""
    if len(word) < _LONGEST_SPELLED:
        return spelled(word, language)
    if len(word) > _LONGEST_ACRONYM:
        return ()
    return tuple(first + sound(word[1:], language) for first in spelled(word[0], language))


@lru_cache(maxsize=50_000)
def _nearby(bones: str) -> tuple[str, ...]:
    """A skeleton and, if it is long enough, the same with any one consonant left out."""
    if len(bones) < _SHORT_SKELETON:
        return (bones,)
    return (bones, *dict.fromkeys(bones[:at] + bones[at + 1 :] for at in range(len(bones))))
