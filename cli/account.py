"""The report as people read it, when a conversation in the terminal is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Evidence
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.wording import Wording
from voyaltis_flow.script.models import Point

from .margin import clock
from .prose import Prose

MOST_CANDIDATES = 4

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "unresolved": "Pas tranché",
        "outside_catalog": "Hors catalogue",
        "not_asked_budget": "pas demandé : plus de question disponible",
        "asked_not_answered": "demandé, pas de réponse",
        "declined": "le commercial n'a pas voulu répondre",
        "unknown_to_rep": "le commercial ne sait pas",
        "ended_early": "pas demandé : fin avant la question",
        "refused": "refusé : les mots ne le disent pas",
        "nothing": "rien",
        "assumed": "supposé",
        "yes": "oui",
        "no": "non",
        "questions": "questions",
    },
    "en": {
        "unresolved": "Not settled",
        "outside_catalog": "Not in the catalog",
        "not_asked_budget": "not asked: no question left",
        "asked_not_answered": "asked, not answered",
        "declined": "the rep would not say",
        "unknown_to_rep": "the rep does not know",
        "ended_early": "not asked: it ended before",
        "refused": "refused: the words do not say so",
        "nothing": "nothing",
        "assumed": "assumed",
        "yes": "yes",
        "no": "no",
        "questions": "questions",
    },
}


def account(script: CompiledScript, report: Mapping[str, Any]) -> RenderableType:
    """Each point with its value and the words for it, what is unclear, and what it cost."""
    return Group(*Account(script, report).parts())


class Account:
    """A report with the names of its script and the words of its language."""

    def __init__(self, script: CompiledScript, report: Mapping[str, Any]) -> None:
        self._script, self._report = script, report
        language = report["language"]
        self._words = WORDS.get(language, WORDS["en"])
        self._wording = Wording(script, State(), language, 0.0)

    def parts(self) -> Iterator[RenderableType]:
        """From the title to the cost."""
        title = self._script.flow.title
        names = title.variants(self._report["language"]) if title else (self._script.flow.flow,)
        yield Rule(names[0], style="dim")
        for point in self._script.flow.points:
            yield self._part(point.id, [*self._lines(point)])
        for key in ("unresolved", "outside_catalog"):
            if self._report[key]:
                yield self._part(self._words[key], [*self._unsure(key)])
        yield Text(self._cost(), "dim")

    def _part(self, title: str, lines: list[tuple[str, str]]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column()
        for value, quotes in lines:
            table.add_row(Prose(value), Prose(quotes, "italic"))
        return Group(Text(title, "bold"), Padding(table, (0, 0, 1, 2)))

    def _lines(self, point: Point) -> Iterator[tuple[str, str]]:
        known = [entry for entry in self._report["evidence"] if entry["point"] == point.id]
        for entry in known:
            value = self._value(point, entry)
            words = self._words["assumed"] if entry["derivation"] == "assumed" else _quoted(entry, value)
            yield value, words
        reason = next((gap["reason"] for gap in self._report["gaps"] if gap["point"] == point.id), None)
        if not known:
            yield self._words[reason or "nothing"], ""

    def _value(self, point: Point, entry: Mapping[str, Any]) -> str:
        value = entry["value"]
        if point.type == "choice":
            return self._option(point, value)
        if entry["key"] is not None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return self._wording.item(Evidence(point.id, entry["key"], value))
        return self._words["yes" if value else "no"] if isinstance(value, bool) else str(value)

    def _option(self, point: Point, value: str) -> str:
        labels = [option.label for option in point.options if option.id == value]
        names = labels[0].words(self._report["language"]) if labels and labels[0] else ()
        return names[0] if names else value

    def _unsure(self, key: str) -> Iterator[tuple[str, str]]:
        for entry in self._report[key]:
            quantity = "" if entry["quantity"] is None else f"{entry['quantity']:g} "
            labels = [self._script.index.label(product) for product in entry.get("candidates", ())]
            more = ", …" if len(labels) > MOST_CANDIDATES else ""
            yield quantity + entry["mention"], ", ".join(labels[:MOST_CANDIDATES]) + more

    def _cost(self) -> str:
        spent, of = self._report["usage"]["questions"], self._script.flow.budget.questions
        seconds, dollars = self._report["timing"]["seconds"], self._report["usage"]["cost"]
        parts = [f"{spent}/{of} {self._words['questions']}", clock(seconds)]
        return " · ".join([*parts, *([f"${dollars:.4f}"] if dollars else [])])


def _quoted(entry: Mapping[str, Any], value: str) -> str:
    texts = list(dict.fromkeys(quote["text"] for quote in entry["quotes"]))
    return "" if value == " ".join(texts) else " … ".join(f"« {text} »" for text in texts)
