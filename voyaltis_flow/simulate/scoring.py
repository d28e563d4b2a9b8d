"""What was told against what was recorded, value by value: right, wrong, missing, made up, or beside the matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.simulate.facts import Item

Verdict = Literal["right", "wrong", "missing", "made_up", "beside"]
"""`made_up`: recorded, and never said. `beside`: a text that was said, and is about nothing that was to be told."""

COVERED = 0.6
"""A text of which this share of words was noted counts as noted."""
ABOUT = 0.3
"""A noted text that has less than this of each thing that was told is about none of them."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Scored:
    """A value, and how it came through. `told` or `got` is None where there is none."""

    point: str
    key: str | None
    verdict: Verdict
    told: Any
    got: Any

    def __str__(self) -> str:
        about = f"{self.point} {self.key}" if self.key else self.point
        match self.verdict:
            case "made_up":
                return f"{about}: recorded {self.got}, and nobody said so"
            case "missing":
                return f"{about}: {self.told} was said, and is not recorded"
            case "beside":
                return f"{about}: recorded {self.got}, which is beside the matter"
        return f"{about}: {self.told} was said, {self.got} recorded"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rep told, and all their words, as they were heard."""

    told: Sequence[Item]
    words: Counter[str]
    also: Sequence[str] = ()
    """Sentences that a text may well be about, although no value was meant by them."""

    def has(self, text: str) -> bool:
        """Whether a text was said."""
        return covered(text, self.words) >= COVERED

    def is_about(self, text: str) -> bool:
        """Whether a text is about anything that was told."""
        noted = words_of(text)
        matters = [*(str(item.words or item.value) for item in self.told), *self.also]
        return any(covered(matter, noted) >= ABOUT for matter in matters)


def scored(flow: Flow, said: Said, report: Mapping[str, Any]) -> Iterator[Scored]:
    """The verdict on each value that was told or recorded. A default that is assumed is no value."""
    assumed = {entry["point"] for entry in report["evidence"] if entry["derivation"] == "assumed"}
    for point in flow.points:
        items = [item for item in said.told if item.point == point.id]
        got = None if point.id in assumed else report["points"].get(point.id)
        if point.type in ("quantities", "amounts", "products"):
            yield from _by_key(point, items, got)
        elif point.type in ("text", "list"):
            yield from _texts(point, items, [got] if isinstance(got, str) else got or [], said)
        else:
            yield from _single(point, items, got)


def _by_key(point: Point, items: Sequence[Item], got: Any) -> Iterator[Scored]:
    held = dict.fromkeys(got, True) if isinstance(got, list) else dict(got or {})
    for item in items:
        value = held.pop(item.key, None)
        yield Scored(point.id, item.key, _verdict(item.value, value), item.value, value)
    for key, value in held.items():
        yield Scored(point.id, key, "made_up", None, value)


def _single(point: Point, items: Sequence[Item], got: Any) -> Iterator[Scored]:
    if items:
        yield Scored(point.id, None, _verdict(items[-1].value, got), items[-1].value, got)
    elif got is not None and got != point.default:
        yield Scored(point.id, None, "made_up", None, got)


def _verdict(told: Any, got: Any) -> Verdict:
    if got is None:
        return "missing"
    return "right" if told == got else "wrong"


def _texts(point: Point, items: Sequence[Item], got: Sequence[str], said: Said) -> Iterator[Scored]:
    """Texts by their words: a rep's words are noted as they were heard, with what stood around them."""
    noted = words_of(" ".join(got))
    for item in items:
        verdict: Verdict = "right" if covered(item.value, noted) >= COVERED else "missing"
        yield Scored(point.id, None, verdict, item.value, None)
    for text in got:
        if not said.has(text):
            yield Scored(point.id, None, "made_up", None, text)
        elif not said.is_about(text):
            yield Scored(point.id, None, "beside", None, text)


def words_of(text: str) -> Counter[str]:
    """The words of a text, without regard to case and order."""
    return Counter(_WORD.findall(text.casefold()))


def covered(text: str, noted: Counter[str]) -> float:
    """The share of a text's words that were noted."""
    said = words_of(text)
    return (said & noted).total() / max(1, said.total())
