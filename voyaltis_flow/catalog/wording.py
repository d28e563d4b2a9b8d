"""What the words around a product's name do: which are empty, which are units, how endings are dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from voyaltis_flow.language.lexicon import common_rank, language_data
from voyaltis_flow.language.numbers import begins_number
from voyaltis_flow.language.tokens import Token

_APOSTROPHES = frozenset("'’ʼ")
_SHORTEST_STEM = 3
_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class Wording:
    """The word classes of mentions, for all the languages that are spoken over one catalog."""

    languages: tuple[str, ...]
    empty: frozenset[str]
    elided: frozenset[str]
    fillers: frozenset[str]
    attributes: frozenset[str]
    colours: Mapping[str, str]
    """Colour words, each with the name that all languages share."""
    containers: frozenset[str]
    lines: frozenset[str]
    before_owner: frozenset[str]
    inside: frozenset[str]
    adding: frozenset[str]
    determiners: frozenset[str]
    subjects: frozenset[str]
    either: frozenset[str]
    both: frozenset[str]
    units: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]

    def stem(self, norm: str) -> str:
        """A folded word without the endings of number and gender."""
        return _stem(norm, self.endings)

    def facet(self, norm: str) -> str:
        """The facet of a word: its colour's shared name, else its stem."""
        return self.colours.get(norm) or self.stem(norm)

    def begins_number(self, norm: str) -> bool:
        """Whether a number in words may begin with this word."""
        return any(begins_number(norm, language) for language in self.languages)

    def rank(self, norm: str) -> int | None:
        """How common a word is in the language where it is commonest."""
        ranks = [rank for language in self.languages if (rank := common_rank(norm, language)) is not None]
        return min(ranks, default=None)

    def is_elided(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a token is a letter that stands for a word, an apostrophe beside it ("l'", "'s")."""
        if tokens[at].norm not in self.elided:
            return False
        after = tokens[at + 1].gap if at + 1 < len(tokens) else ""
        return bool(_APOSTROPHES & {*tokens[at].gap[-1:], *after[:1]})


@lru_cache
def wording(languages: tuple[str, ...]) -> Wording:
    """The word classes of these languages together."""
    data = [language_data(language, "mentions") for language in languages]

    def union(name: str) -> frozenset[str]:
        return frozenset(word for one in data for word in one[name])

    return Wording(
        languages=languages,
        empty=union("empty"),
        elided=union("elided"),
        fillers=union("fillers"),
        attributes=union("attributes"),
        colours={word: colour for one in data for colour, words in one["colours"].items() for word in words},
        containers=union("containers"),
        lines=union("lines"),
        before_owner=union("for"),
        inside=union("inside"),
        adding=union("adding"),
        determiners=union("determiners"),
        subjects=union("subjects"),
        either=union("or"),
        both=union("and"),
        units={word: unit for one in data for unit, words in one["units"].items() for word in words},
        endings=tuple(dict.fromkeys((e["from"], e["to"]) for e in _endings(data))),
    )


def _endings(data: Iterable[Mapping[str, Sequence[Mapping[str, str]]]]) -> list[Mapping[str, str]]:
    return [ending for one in data for ending in one["endings"]]


@lru_cache(maxsize=100_000)
def _stem(norm: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, instead in endings:
        if norm.endswith(ending) and _may_be_stem(norm[: -len(ending)]):
            norm = norm[: -len(ending)] + instead
    return norm


def _may_be_stem(cut: str) -> bool:
    """Two letters are one only where they are an abbreviation: "TVs" is "TV", "vis" and "vie" are no "vi"."""
    return len(cut) >= _SHORTEST_STEM or (len(cut) > 1 and not _VOWELS.intersection(cut))
