"""The number words of a language, ready to be looked up, and how they add and multiply into one count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from voyaltis_flow.language.lexicon import language_data

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A number word. `room`: what is added to it is smaller; `takes`: what it multiplies lies between these two."""

    value: int
    room: int = 0
    takes: tuple[int, int] | None = None
    ordinal: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A word that may stand between a step and what is added to it: "vingt et un". Empty `before` is any."""

    after: frozenset[int]
    before: frozenset[int]


@dataclass(frozen=True, slots=True)
class Part:
    """The noun of a fraction; `before`, if given, are the words of which one must follow."""

    of: int
    before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Count:
    """What a run of words counts to, and how many of them it took."""

    value: float
    length: int
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Numerals:
    """The number words of one language."""

    steps: Mapping[str, Sequence[tuple[Phrase, Step]]]
    """By first word; the longest phrase first."""
    spoken: Mapping[str, str]
    """The word for a number, by its digits, where it has one of its own."""
    joins: Mapping[str, Join]
    not_after: Mapping[str, frozenset[str]]
    articles: frozenset[str]
    none: frozenset[str]
    ordinal_suffixes: frozenset[str]
    collectives: Mapping[str, int]
    singular: Mapping[str, int]
    before_collectives: frozenset[str]
    halves: frozenset[str]
    and_a_half: tuple[Phrase, ...]
    parts: Mapping[str, Part]
    one_part: frozenset[str]
    decimal: frozenset[str]
    thousands: frozenset[str]
    openers: frozenset[str]
    """Every word that a number may begin with: most words are none, and need no closer look."""

    def step_at(self, words: Sequence[str]) -> tuple[int, Step] | None:
        """The longest number word at the start of some words: its length and its step."""
        for phrase, step in self.steps.get(words[0], ()) if words else ():
            if tuple(words[: len(phrase)]) == phrase:
                return len(phrase), step
        return None

    def count(self, words: Sequence[str]) -> Count | None:
        """The count at the start of some words. An article opens one only before a multiplier ("a hundred")."""
        sum_ = _Sum()
        at, read = 0, 0
        if words[0] in self.articles and not self.step_at(words):
            sum_.add(Step(1), None)
            at = 1
        while found := self._next(words, at, sum_):
            length, step = found
            at = read = at + length
            if step.ordinal:
                break
        return Count(sum_.value, read, sum_.ordinal) if read else None

    def _next(self, words: Sequence[str], at: int, sum_: _Sum) -> tuple[int, Step] | None:
        """Takes the next step into the sum: the step and how many words it took, its joining word included."""
        join = self.joins.get(words[at]) if 0 < at < len(words) else None
        found = self.step_at(words[at + 1 :] if join else words[at:])
        if not found or not sum_.add(found[1], join):
            return None
        return found[0] + (1 if join else 0), found[1]


class _Sum:
    """The terms of a count under way, largest first; each remembers the word that made it."""

    def __init__(self) -> None:
        self._terms: list[tuple[int, Step]] = []
        self.ordinal = False

    @property
    def value(self) -> float:
        return float(sum(value for value, _ in self._terms))

    def add(self, step: Step, join: Join | None) -> bool:
        """Adds or multiplies a step in, if the grammar lets it stand here."""
        if join and not self._joined(step, join):
            return False
        factor = sum(value for value, _ in self._terms if value < step.value) if step.takes and not join else 0
        if factor:
            return self._multiply(factor, step)
        if self._terms and (step.alone or step.value >= self._terms[-1][1].room):
            return False
        self._terms.append((step.value, step))
        self.ordinal = step.ordinal
        return True

    def _multiply(self, factor: int, step: Step) -> bool:
        assert step.takes
        rest = [term for term in self._terms if term[0] >= step.value]
        product = factor * step.value
        if not step.takes[0] <= factor <= step.takes[1] or (rest and product >= rest[-1][1].room):
            return False
        self._terms = [*rest, (product, step)]
        return True

    def _joined(self, step: Step, join: Join) -> bool:
        last = self._terms[-1][1]
        return last.value in join.after and (not join.before or step.value in join.before)


@lru_cache
def numerals(language: str) -> Numerals:
    """The number words of a language, read once."""
    data = language_data(language, "numbers")
    collectives, steps = data["collectives"], _by_first_word(data)
    singular = [collective["one"] for collective in collectives]
    plain = (data[name] for name in ("articles", "none", "halves", "one_part"))
    return Numerals(
        steps=steps,
        spoken={str(entry["value"]): entry["words"][0] for entry in reversed(data["addends"])},
        joins={j["word"]: Join(frozenset(j["after"]), frozenset(j.get("before", ()))) for j in data["joins"]},
        not_after={word: frozenset(before) for word, before in data.get("not_after", {}).items()},
        articles=frozenset(data["articles"]),
        none=frozenset(data["none"]),
        ordinal_suffixes=frozenset(data["ordinal_suffixes"]),
        collectives={noun: c["value"] for c in collectives for noun in (c["one"], c.get("many")) if noun},
        singular={c["one"]: c["value"] for c in collectives},
        before_collectives=frozenset(data["before_collectives"]),
        halves=frozenset(data["halves"]),
        and_a_half=tuple(tuple(phrase.split()) for phrase in data["and_a_half"]),
        parts={word: Part(p["of"], frozenset(p.get("before", ()))) for p in data["parts"] for word in p["words"]},
        one_part=frozenset(data["one_part"]),
        decimal=frozenset(data["decimal"]),
        thousands=frozenset(data["thousands"]),
        openers=frozenset().union(steps, singular, *plain),
    )


def _by_first_word(data: Mapping[str, Any]) -> Mapping[str, Sequence[tuple[Phrase, Step]]]:
    entries = [(entry, Step(entry["value"], entry.get("room", 0))) for entry in data["addends"]]
    entries += [(e, Step(e["value"], e["value"], (e["takes"][0], e["takes"][1]))) for e in data["multipliers"]]
    entries += [(e, Step(e["value"], ordinal=True, alone=e.get("alone", False))) for e in data["ordinals"]]
    steps: dict[str, list[tuple[Phrase, Step]]] = {}
    for entry, step in entries:
        for phrase in (tuple(words.split()) for words in entry["words"]):
            steps.setdefault(phrase[0], []).append((phrase, step))
    return {first: sorted(found, key=lambda item: -len(item[0])) for first, found in steps.items()}
