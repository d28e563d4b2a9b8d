"""What changed in many transcripts: as people read it, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from voyaltis_flow.project import Script
from voyaltis_flow.transcripts.comparison import Change, Entry, Kind

MARKS: dict[Kind, tuple[str, str]] = {
    "appears": ("+", "green"),
    "vanishes": ("−", "red"),
    "changes": ("~", "yellow"),
    "unsettled": ("?", "cyan"),
}
KINDS: tuple[Kind, ...] = get_args(Kind)
UNSETTLED = "not settled"
"""The line of the summary for words that no point has recorded."""


class Changes:
    """The changes of a run over many transcripts, between an old script and a new one."""

    def __init__(self, scripts: tuple[Script, Script], found: Iterable[tuple[str | int, Sequence[Change]]]) -> None:
        read = [*found]
        self._read = len(read)
        self._changed = [(name, changes) for name, changes in read if changes]
        self._points = list(dict.fromkeys(point.id for script in scripts for point in script.flow.points))
        self._names = [_names(script) for script in scripts]

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._changed)

    def told(self) -> dict[str, Any]:
        """All of it, for programs."""
        totals = self._totals()
        return {
            "transcripts": self._read,
            "changed": len(self._changed),
            "totals": {name: dict(count) for name, count in totals.items()},
            "changes": [
                {
                    **{"id": name, "kind": change.kind, "point": change.point},
                    **{"before": _entry(change.before), "after": _entry(change.after)},
                }
                for name, changes in self._changed
                for change in changes
            ],
        }

    def shown(self, limit: int | None) -> RenderableType:
        """The transcripts that change, at most so many, and a summary of all."""
        blocks = [self._block(name, changes) for name, changes in self._changed[:limit]]
        left = len(self._changed) - len(blocks)
        more = [Text(f"… and {left} more: --limit 0 shows all of them\n", "dim")] if left else []
        return Group(*blocks, *more, *self._summary())

    def _block(self, name: str | int, changes: Sequence[Change]) -> Text:
        block = Text(f"{name}\n", "bold")
        for change in changes:
            mark, color = MARKS[change.kind]
            block.append(f"  {mark} ", f"bold {color}").append(self._what(change), "not bold")
            for quote in _quotes(change):
                block.append(f"  « {quote} »", "not bold italic")
            block.append("\n")
        return block

    def _what(self, change: Change) -> str:
        before, after = change.before, change.after
        sides = [_side(entry, names) for entry, names in zip((before, after), self._names, strict=True) if entry]
        if before and after and sides[0] == sides[1] and before.key != after.key:
            sides = [f"{side} ({entry.key})" for side, entry in zip(sides, (before, after), strict=True)]
        moved = before and after and before.counts and after.counts and before.point != after.point
        point = f"{before.point} → {after.point}" if moved and before and after else change.point
        told = " → ".join(dict.fromkeys(sides))
        return f"{point}: {told}" if point else told

    def _summary(self) -> Iterator[RenderableType]:
        yield Text(f"{self._read} transcripts, {len(self._changed)} with changes", "bold")
        if not self._changed:
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("")
        for kind in KINDS:
            table.add_column(" ".join((MARKS[kind][0], kind)), justify="right")
        for name, count in self._totals().items():
            table.add_row(f"  {name}", *(str(count[kind] or "") for kind in KINDS))
        yield table

    def _totals(self) -> dict[str, Counter[Kind]]:
        """How many changes of each kind, by point in the order of the flows; points without any are left out."""
        totals: dict[str, Counter[Kind]] = {name: Counter() for name in (*self._points, UNSETTLED)}
        for _, changes in self._changed:
            for change in changes:
                totals[change.point or UNSETTLED][change.kind] += 1
        return {name: count for name, count in totals.items() if count}


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    return {key: value for key, value in asdict(entry).items() if key != "lone"} if entry else None


def _names(script: Script) -> dict[str, str]:
    return {product.id: product.name for catalog in script.catalogs for product in catalog.products}


def _side(entry: Entry, names: Mapping[str, str]) -> str:
    counted = isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
    number = f"{entry.value:g} " if counted else ""
    if entry.standing == "unresolved":
        candidates = ", ".join(names.get(product, product) for product in entry.candidates)
        return f"{number}{entry.quotes[0].text} (which: {candidates}?)"
    if entry.standing == "outside_catalog":
        return f"{number}{entry.quotes[0].text} (not in the catalog)"
    if entry.key is not None:
        return f"{number}{names.get(entry.key, entry.key)}"
    return f"{entry.value} (assumed)" if entry.standing == "assumed" else str(entry.value)


def _quotes(change: Change) -> list[str]:
    """The words behind a change, once each, but for those that were told as the value itself."""
    entries = [entry for entry in (change.before, change.after) if entry]
    told = {str(entry.value) if entry.counts else entry.quotes[0].text for entry in entries if entry.key is None}
    said = dict.fromkeys(quote.text for entry in entries for quote in entry.quotes)
    return [text for text in said if text not in told]
