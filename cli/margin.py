"""The column beside a conversation: what a turn recorded, from which words; what is open; what the budget has left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

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
from voyaltis_flow.reading.model import Quote
from voyaltis_flow.script.models import Budget

Label = Callable[[str], str]
"""How one says a product."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "which": "lequel ?",
        "how_many": "combien ?",
        "outside": "hors catalogue",
        "refused": "refusé",
        "assumed": "supposé",
        "confirm": "à confirmer",
        "open": "à voir",
        "nothing": "plus rien",
    },
    "en": {
        "which": "which one?",
        "how_many": "how many?",
        "outside": "not in the catalog",
        "refused": "refused",
        "assumed": "assumed",
        "confirm": "to be confirmed",
        "open": "open",
        "nothing": "nothing",
    },
}
_WOULD_BREAK = re.compile(r" (?=[?!:;»])|(?<=«) ")
_MOST_DOTS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a turn did to the record: a mark, what it was, and the rep's words for it."""

    mark: str
    color: str
    what: str
    quotes: tuple[str, ...] = ()


def rows(events: Sequence[Event], label: Label, language: str) -> Iterator[Row]:
    """What a turn did to the record, in order; what it left unclear comes last."""
    words = WORDS.get(language, WORDS["en"])
    for event in events:
        match event:
            case Recorded(evidence=evidence):
                yield _recorded(evidence, label, words)
            case Removed(point=point, key=key, quotes=quotes):
                yield Row("−", "red", label(key) if key else point, _texts(quotes))
            case OutsideCatalog(outside=outside):
                yield Row("∅", "yellow", f"{outside.mention}: {words['outside']}", (outside.quote.text,))
            case Refused(point=point, reason=reason):
                yield Row("✗", "red", f"{point}, {words['refused']}: {reason}")
            case FellBack(failure=failure, responder=responder):
                yield Row("!", "red", f"{failure} → {responder}")
    for event in events:
        if isinstance(event, Understood):
            yield from _unclear(event, label, words)


def _unclear(event: Understood, label: Label, words: Mapping[str, str]) -> Iterator[Row]:
    for mention in event.open or ():
        if mention.quote.turn == event.turn:
            yield Row("?", "yellow", f"{mention.mention}: {words['which']}", (mention.quote.text,))
    for product in event.missing or ():
        if product.quote.turn == event.turn:
            yield Row("?", "yellow", f"{label(product.product)}: {words['how_many']}", (product.quote.text,))


def _recorded(evidence: Evidence, label: Label, words: Mapping[str, str]) -> Row:
    mark = {"corrected": "~", "assumed": "≈"}.get(evidence.derivation, "+")
    what = _what(evidence, label)
    if evidence.derivation == "assumed":
        what += f" ({words['assumed']})"
    if not evidence.counts:
        what += f" ({words['confirm']})"
    return Row(mark, "green", what, _texts(evidence.quotes))


def _what(evidence: Evidence, label: Label) -> str:
    value = f"{evidence.value:g}" if isinstance(evidence.value, float) else str(evidence.value)
    if evidence.key is None:
        said = {quote.text for quote in evidence.quotes}
        return evidence.point if evidence.value in said else f"{evidence.point}: {value}"
    if evidence.value is True:
        return label(evidence.key)
    return f"{value} {label(evidence.key)}"


def _texts(quotes: Sequence[Quote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(quote.text for quote in quotes))


def margin(done: Iterable[Row], foot: str) -> Text:
    """The column as text."""
    column = Text()
    for row in done:
        column.append(f"{row.mark} ", f"bold {row.color}").append(f"{unbroken(row.what)}\n", "bold")
        for quote in row.quotes:
            column.append(unbroken(f"  « {quote} »\n"), "italic")
    return column.append(foot, "dim")


def foot(open_points: Sequence[str], spent: int, seconds: float, budget: Budget, language: str) -> str:
    """What is open, and what the budget has left."""
    words = WORDS.get(language, WORDS["en"])
    dots = "●" * spent + "○" * (budget.questions - spent) + " " if budget.questions <= _MOST_DOTS else ""
    time = _clock(seconds) + (f"/{_clock(budget.minutes * 60)}" if budget.minutes else "")
    return f"{words['open']}: {', '.join(open_points) or words['nothing']}\n{dots}{spent}/{budget.questions} · {time}"


def unbroken(text: str) -> str:
    """Text whose French marks do not fall onto the next line."""
    return _WOULD_BREAK.sub("\u00a0", text)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
