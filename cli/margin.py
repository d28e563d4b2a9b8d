"""The column beside a conversation: what a turn recorded, from which words; what is open; what the budget has left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import (
    Event,
    Evidence,
    FellBack,
    OutsideCatalog,
    Recorded,
    Refused,
    Removed,
    Understood,
)
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.wording import Wording
from voyaltis_flow.reading.model import Quote

from .prose import Prose

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "which": "lequel ?",
        "how_many": "combien ?",
        "outside": "hors catalogue",
        "refused": "refusé",
        "confirm": "à confirmer",
        "open": "à voir",
        "nothing": "plus rien",
        "yes": "oui",
        "no": "non",
    },
    "en": {
        "which": "which one?",
        "how_many": "how many?",
        "outside": "not in the catalog",
        "refused": "refused",
        "confirm": "to be confirmed",
        "open": "open",
        "nothing": "nothing",
        "yes": "yes",
        "no": "no",
    },
}
_MOST_DOTS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a turn did to the record: a mark, what it was, and the rep's words for it."""

    mark: str
    color: str
    what: str
    quotes: tuple[str, ...] = ()


class Margin:
    """The column beside a conversation of a script, in the language that it is held in."""

    def __init__(self, script: CompiledScript, language: str) -> None:
        self._script = script
        self._wording = Wording(script, State(), language, 0.0)
        self._words = WORDS.get(language, WORDS["en"])

    def column(self, rows: Iterable[Row], progress: Mapping[str, Any] | None) -> RenderableType:
        """The column itself; `progress` is for its foot, and None when it is all over."""
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(width=1)
        table.add_column()
        for row in rows:
            table.add_row(Text(row.mark, f"bold {row.color}"), Prose(row.what, "bold"))
            for quote in row.quotes:
                table.add_row("", Prose(f"« {quote} »", "italic"))
        return table if progress is None else Group(table, Prose("\n".join(self.foot(progress)), "dim"))

    def of_events(self, events: Sequence[Event]) -> Iterator[Row]:
        """What a turn did, in order; what it left unclear comes last."""
        for event in events:
            match event:
                case Recorded(evidence=evidence):
                    yield self._recorded(evidence, evidence.derivation == "corrected")
                case Removed(point=point, key=key, quotes=quotes):
                    yield Row("−", "red", self._label(key) if key else point, _texts(quotes))
                case OutsideCatalog(outside=outside):
                    what = f"{outside.mention}: {self._words['outside']}"
                    yield Row("∅", "yellow", what, (outside.quote.text,))
                case Refused(point=point, reason=reason):
                    yield Row("✗", "red", f"{point}, {self._words['refused']}: {reason}")
                case FellBack(failure=failure, responder=responder):
                    yield Row("!", "red", f"{failure} → {responder}")
        for event in events:
            if isinstance(event, Understood):
                yield from self._unclear(event)

    def of_progress(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Row]:
        """What is noted in one progress and was not in the one before it, which may be empty; then what is gone."""
        old, new = before.get("evidence", ()), after["evidence"]
        places = {_place(entry) for entry in old}
        for entry in new:
            if (_place(entry), entry["value"]) not in [(_place(other), other["value"]) for other in old]:
                yield self._recorded(_evidence(entry), _place(entry) in places)
        for entry in old:
            if _place(entry) not in map(_place, new):
                yield Row("−", "red", self._label(entry["key"]) if entry["key"] else entry["point"])

    def foot(self, progress: Mapping[str, Any]) -> tuple[str, str]:
        """What is open, and what the budget has left."""
        questions, minutes = progress["budget"]["questions"], progress["budget"]["minutes"]
        spent, of = questions["spent"], questions["of"]
        opens = ", ".join(progress["open"]) or self._words["nothing"]
        dots = "●" * spent + "○" * (of - spent) + " " if of <= _MOST_DOTS else ""
        time = clock(minutes["spent"] * 60) + (f"/{clock(minutes['of'] * 60)}" if minutes["of"] else "")
        return f"{self._words['open']}: {opens}", f"{dots}{spent}/{of} · {time}"

    def _recorded(self, evidence: Evidence, changed: bool) -> Row:
        return Row("~" if changed else "+", "green", self._what(evidence), _texts(evidence.quotes))

    def _unclear(self, event: Understood) -> Iterator[Row]:
        for mention in event.open or ():
            if mention.quote.turn == event.turn:
                yield Row("?", "yellow", f"{mention.mention}: {self._words['which']}", (mention.quote.text,))
        for product in event.missing or ():
            if product.quote.turn == event.turn:
                what = f"{self._label(product.product)}: {self._words['how_many']}"
                yield Row("?", "yellow", what, (product.quote.text,))

    def _what(self, evidence: Evidence) -> str:
        value = evidence.value
        if evidence.key is not None:
            item = self._wording.item(evidence)
            return item if evidence.counts else f"{item} ({self._words['confirm']})"
        if isinstance(value, bool):
            return f"{evidence.point}: {self._words['yes' if value else 'no']}"
        if isinstance(value, int | float):
            return f"{evidence.point}: {self._wording.item(evidence)}"
        return evidence.point if value == " ".join(_texts(evidence.quotes)) else f"{evidence.point}: {value}"

    def _label(self, product: str) -> str:
        return self._script.index.label(product)


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _texts(quotes: Sequence[Quote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quote.text for quote in quotes))


def _place(entry: Mapping[str, Any]) -> tuple[str, Any]:
    """Where in a report an entry of a progress stands; one without a key stands for itself."""
    return entry["point"], entry["value"] if entry["key"] is None else entry["key"]


def _evidence(entry: Mapping[str, Any]) -> Evidence:
    quotes = tuple(Quote(quote["turn"], quote["text"]) for quote in entry["quotes"])
    return Evidence(entry["point"], entry["key"], entry["value"], quotes, entry["derivation"])
