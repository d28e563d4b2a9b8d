"""The column beside a conversation: what a turn recorded, from which words; what is open; what the budget has left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from voyaltis_flow.engine.conversation import Conversation
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
    """The column for the turn that a conversation has just committed."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation, self._state = conversation, conversation.state
        self._wording = Wording(conversation.script, self._state, self._state.language, self._state.last_at or 0.0)
        self._words = WORDS.get(self._state.language, WORDS["en"])

    def column(self, events: Sequence[Event]) -> RenderableType:
        """The column itself."""
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(width=1)
        table.add_column()
        for row in self.rows(events):
            table.add_row(Text(row.mark, f"bold {row.color}"), Prose(row.what, "bold"))
            for quote in row.quotes:
                table.add_row("", Prose(f"« {quote} »", "italic"))
        return table if self._conversation.ended else Group(table, Prose(self._foot(), "dim"))

    def rows(self, events: Sequence[Event]) -> Iterator[Row]:
        """What the turn did, in order; what it left unclear comes last."""
        for event in events:
            match event:
                case Recorded(evidence=evidence):
                    mark = "~" if evidence.derivation == "corrected" else "+"
                    yield Row(mark, "green", self._what(evidence), _texts(evidence.quotes))
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
        return self._conversation.script.index.label(product)

    def _foot(self) -> str:
        budget, spent = self._conversation.script.flow.budget, self._state.spent
        opens = ", ".join(self._conversation.progress()["open"]) or self._words["nothing"]
        dots = "●" * spent + "○" * (budget.questions - spent) + " " if budget.questions <= _MOST_DOTS else ""
        seconds = (self._state.last_at or 0.0) - (self._state.started or 0.0)
        time = clock(seconds) + (f"/{clock(budget.minutes * 60)}" if budget.minutes else "")
        return f"{self._words['open']}: {opens}\n{dots}{spent}/{budget.questions} · {time}"


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _texts(quotes: Sequence[Quote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quote.text for quote in quotes))
