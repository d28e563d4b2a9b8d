"""What a scenario expects, held against a conversation as it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voyaltis_flow.script.problems import Path
from voyaltis_flow.script.scenarios import NOT_YET, NOTHING, Expected
from voyaltis_flow.simulate.held import Held


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that was not met: where it stands in the scenarios, and what was there instead."""

    path: Path
    expected: Any
    got: Any

    def __str__(self) -> str:
        about = " ".join(str(step) for step in self.path if isinstance(step, str) and step not in ("steps", "expect"))
        return f"{about}: expected {_shown(self.expected)}, got {_shown(self.got)}"


def unmet(expected: Expected, held: Held) -> Iterator[Unmet]:
    """All that a conversation lacks of what is expected of it now."""
    report = held.conversation.report()
    yield from _recorded(expected.recorded, report)
    yield from _not_recorded(expected.not_recorded, report)
    yield from _course(expected, held)
    yield from _part(("report",), expected.report, report)


def _recorded(expected: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[Unmet]:
    told = {entry["point"] for entry in report["evidence"] if entry["derivation"] != "assumed"}
    for point, value in expected.items():
        got = report["points"].get(point)
        if value in (None, [], {}, ""):
            if point in told:
                yield Unmet(("recorded", point), value, got)
        elif not _holds(value, got):
            yield Unmet(("recorded", point), value, got)


def _not_recorded(expected: Mapping[str, Collection[str]], report: Mapping[str, Any]) -> Iterator[Unmet]:
    for point, names in expected.items():
        got = report["points"].get(point)
        for name in names:
            if _has(got, name):
                yield Unmet(("not_recorded", point), f"no {name}", got)


def _course(expected: Expected, held: Held) -> Iterator[Unmet]:
    """What was asked, said and spent, and whether it is over."""
    state = held.conversation.state
    asked = held.asked.about if held.asked else NOTHING
    if expected.asked not in (None, asked):
        yield Unmet(("asked",), expected.asked, asked)
    if expected.spent and not expected.spent[0] <= state.spent <= expected.spent[1]:
        yield Unmet(("spent",), _range(expected.spent), state.spent)
    for words in expected.reply:
        if words.casefold() not in held.reply.casefold():
            yield Unmet(("reply",), words, held.reply)
    ended = state.ended_because or NOT_YET
    if expected.ended not in (None, ended):
        yield Unmet(("ended",), expected.ended, ended)


def _part(path: Path, expected: Any, got: Any) -> Iterator[Unmet]:
    """Where a value differs from the part of it that is written; lists are as long as they are written."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key, value in expected.items():
            yield from _part((*path, key), value, got.get(key))
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for place, (value, other) in enumerate(zip(expected, got, strict=True)):
            yield from _part((*path, place), value, other)
    elif expected != got:
        yield Unmet(path, expected, got)


def _holds(expected: Any, got: Any) -> bool:
    """Whether a point holds just this: texts by words that are in them, item by item."""
    match got:
        case str() if isinstance(expected, str | list):
            return all(_has(got, words) for words in ([expected] if isinstance(expected, str) else expected))
        case list():
            wanted = expected if isinstance(expected, list) else [expected]
            return len(wanted) == len(got) and all(any(_has(item, words) for item in got) for words in wanted)
    return bool(expected == got)


def _has(got: Any, name: Any) -> bool:
    """Whether a value is this, or has it among its keys, its items or its words."""
    match got:
        case dict():
            return name in got
        case list():
            return any(_has(item, name) for item in got)
        case str():
            return str(name).casefold() in got.casefold()
    return got is not None and str(got).casefold() == str(name).casefold()


def _range(bounds: tuple[int, int]) -> Any:
    low, high = bounds
    return low if low == high else list(bounds)


def _shown(value: Any) -> str:
    return NOTHING if value in (None, [], {}, "") else str(value)
