"""A flow's own words as cue books: what makes a quantity count for a point, and what a point listens for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voyaltis_flow.language.lexicon import available_languages, language_data
from voyaltis_flow.reading.cues import CueBook
from voyaltis_flow.reading.moods import ChoiceBook, choice_book
from voyaltis_flow.script.models import Flow, Point, WordLists

SOLD = "sold"
"""The one list that is read with its subject: who sold, who bought, what left."""


@dataclass(frozen=True)
class FlowBooks:
    """The books of a flow's points in one language, by point id."""

    counts: Mapping[str, CueBook]
    """Points whose quantities count on words of their own; a point that counts on `sold` is not here."""
    listens: Mapping[str, CueBook]
    choices: Mapping[str, ChoiceBook]
    units: Mapping[str, CueBook]
    measures: CueBook
    """Words of the flow's own that may stand between a number and a product: "quatre facings de limonade"."""

    @classmethod
    def compile(cls, flow: Flow, language: str) -> FlowBooks:
        """The books of a flow."""
        moods = {code: language_data(code, "moods") for code in available_languages()}
        return cls(
            {p.id: _book(p.counts_when, language) for p in flow.points if p.counts_when and not sells(p)},
            {p.id: _book(p.listens_for, language) for p in flow.points},
            {p.id: choice_book(p.options, moods, language) for p in flow.points if p.type == "choice"},
            {p.id: CueBook({"unit": p.unit.words(language)}) for p in flow.points},
            _book(tuple(entry for p in flow.points if not sells(p) for entry in p.counts_when), language),
        )


def sells(point: Point) -> bool:
    """Whether a point's quantities are sales: it counts on the shipped list `sold`, as quantities do by default."""
    return point.type == "quantities" and (not point.counts_when or SOLD in point.counts_when)


def list_names(language: str) -> frozenset[str]:
    """The names of the word lists that ship for a language."""
    return frozenset({SOLD, *language_data(language, "lists")})


def _book(lists: WordLists, language: str) -> CueBook:
    shipped = language_data(language, "lists")
    return CueBook(
        {
            f"list{at}": shipped.get(entry, ()) if isinstance(entry, str) else entry.words(language)
            for at, entry in enumerate(lists)
        }
    )
