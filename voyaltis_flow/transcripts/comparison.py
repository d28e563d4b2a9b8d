"""Two readings of the same words, side by side: which values appear, vanish or change, and the words behind each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from voyaltis_flow.reading.model import Quote

Standing = Literal["recorded", "assumed", "unresolved", "outside_catalog"]
Kind = Literal["appears", "vanishes", "changes", "unsettled"]
"""What becomes of a recorded value; `unsettled`: none is recorded either way, and what is unclear is not the same."""

_LAST = 1_000_000
"""Where a value stands that has no words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reading made of some words. `assumed` is a point's default, and has no words.

    Of a mention that was not settled, `point` and `key` are None, and `value` is its number, None where none was said.
    """

    standing: Standing
    point: str | None
    key: str | None
    value: Any
    quotes: tuple[Quote, ...]
    candidates: tuple[str, ...] = ()
    lone: bool = False
    """It is the only value of its point."""

    @property
    def counts(self) -> bool:
        """Whether it is a value of the report."""
        return self.standing in ("recorded", "assumed")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of some words: one of `before` and `after` may be None."""

    before: Entry | None
    after: Entry | None

    @property
    def kind(self) -> Kind:
        """What becomes of the value. One that becomes unclear vanishes; an unclear one that is settled appears."""
        was, is_ = (entry is not None and entry.counts for entry in (self.before, self.after))
        if was and is_:
            return "changes"
        return "vanishes" if was else "appears" if is_ else "unsettled"

    @property
    def point(self) -> str | None:
        """The point that it is told under: where the value is now, else where it was; None where none is recorded."""
        return next((entry.point for entry in (self.after, self.before) if entry and entry.point), None)

    @property
    def turn(self) -> int:
        """The first turn whose words are behind it."""
        return min(
            (quote.turn for entry in (self.before, self.after) if entry for quote in entry.quotes), default=_LAST
        )


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two rows of `extract` (or two reports) on the same words, in the order of the words.

    The same value from other words is no change. Entries that differ are told as one change where they stand at the
    same place, or rest on the same words.
    """
    old, new = _without_common(_entries(before), _entries(after))
    changes = []
    for alike in (_same_place, _same_words_there, _settled_otherwise, _moved):
        changes += _paired(old, new, alike)
    changes += [Change(entry, None) for entry in old] + [Change(None, entry) for entry in new]
    return sorted(changes, key=lambda change: change.turn)


def _entries(row: Mapping[str, Any]) -> list[Entry]:
    return [*_values(row["evidence"]), *_mentions(row, "unresolved"), *_mentions(row, "outside_catalog")]


def _values(evidence: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    values = Counter(entry["point"] for entry in evidence)
    for entry in evidence:
        quotes = tuple(Quote(quote["turn"], quote["text"]) for quote in entry["quotes"])
        standing: Standing = "assumed" if entry["derivation"] == "assumed" else "recorded"
        yield Entry(standing, entry["point"], entry["key"], entry["value"], quotes, lone=values[entry["point"]] == 1)


def _mentions(row: Mapping[str, Any], standing: Literal["unresolved", "outside_catalog"]) -> Iterator[Entry]:
    for entry in row[standing]:
        quotes = (Quote(entry["turn"], entry["mention"]),)
        yield Entry(standing, None, None, entry["quantity"], quotes, tuple(entry.get("candidates", ())))


def _without_common(old: list[Entry], new: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries of each that the other does not have, or has less often."""
    left = list(map(_identity, new))
    only_old = [entry for entry in old if not _take(left, _identity(entry))]
    left = list(map(_identity, old))
    return only_old, [entry for entry in new if not _take(left, _identity(entry))]


def _identity(entry: Entry) -> tuple[Any, ...]:
    """What makes two entries the same value; a mention that is not settled is its words."""
    words = () if entry.counts else (entry.standing, entry.quotes, entry.candidates)
    return entry.point, entry.key, json.dumps(entry.value, sort_keys=True), *words


def _take(left: list[tuple[Any, ...]], wanted: tuple[Any, ...]) -> bool:
    if wanted not in left:
        return False
    left.remove(wanted)
    return True


def _paired(old: list[Entry], new: list[Entry], alike: Callable[[Entry, Entry], bool]) -> list[Change]:
    """The changes of which both sides are known; their entries are taken out of the two lists."""
    changes = []
    for before in list(old):
        after = next((entry for entry in new if alike(before, entry)), None)
        if after is not None:
            old.remove(before)
            new.remove(after)
            changes.append(Change(before, after))
    return changes


def _same_place(one: Entry, other: Entry) -> bool:
    """A product's number, or the only value of a point: its words need not be the same."""
    same = one.counts and other.counts and (one.point, one.key) == (other.point, other.key)
    return same and (one.key is not None or (one.lone and other.lone))


def _same_words_there(one: Entry, other: Entry) -> bool:
    """Another product, or another item, from the same words."""
    return one.counts and other.counts and one.point == other.point and _share_words(one, other)


def _settled_otherwise(one: Entry, other: Entry) -> bool:
    """What is settled in one reading and is not in the other, or not settled for another reason."""
    return not (one.counts and other.counts) and _share_words(one, other)


def _moved(one: Entry, other: Entry) -> bool:
    """The same words, recorded under another point."""
    return bool(one.quotes) and one.quotes == other.quotes


def _share_words(one: Entry, other: Entry) -> bool:
    return any(
        mine.turn == theirs.turn and (mine.text in theirs.text or theirs.text in mine.text)
        for mine in one.quotes
        for theirs in other.quotes
    )
