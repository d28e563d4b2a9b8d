"""A reader of the shipped debrief, built once, and a way to say several turns to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.project import load_catalog, load_flow
from voyaltis_flow.reading.model import Context, Reading
from voyaltis_flow.reading.reader import Reader
from voyaltis_flow.script.models import Flow

Turns = Sequence[tuple[str | None, str]]
"""(what was asked, what the rep says)."""


class Debrief:
    """The readings of a few turns, and what is held after them."""

    def __init__(self, reader: Reader, language: str) -> None:
        self._reader, self._context = reader, Context(language=language)
        self.held: dict[str, dict[str, Any]] = {}
        self.readings: list[Reading] = []

    def hear(self, asked: str | None, says: str) -> Reading:
        """Reads one more turn."""
        context = Context(
            len(self.readings),
            asked,
            self._context.language,
            self.held,
            self.readings[-1].open if self.readings else (),
            self.readings[-1].missing if self.readings else (),
            self.readings[-1].focus if self.readings else {},
        )
        reading = self._reader.read(says, context)
        self.readings.append(reading)
        for fact in reading.facts:
            values = self.held.setdefault(fact.point, {})
            if fact.value is None:
                values.pop(fact.key or "", None)
            else:
                values[fact.key or ""] = fact.value
        return reading

    @property
    def last(self) -> Reading:
        return self.readings[-1]

    @property
    def sales(self) -> dict[str, float]:
        return self.held.get("sales", {})


@pytest.fixture(scope="session")
def flow() -> Flow:
    return load_flow("event_debrief").value


@pytest.fixture(scope="session")
def electronics() -> CatalogIndex:
    return CatalogIndex([load_catalog("electronics").value])


@pytest.fixture(scope="session")
def reader(flow: Flow, electronics: CatalogIndex) -> Reader:
    return Reader(flow, electronics)


@pytest.fixture
def debrief(reader: Reader) -> Callable[..., Debrief]:
    """Says turns: `debrief(("sales", "deux S25"))`, in French unless told."""

    def say(*turns: tuple[str | None, str], language: str = "fr") -> Debrief:
        said = Debrief(reader, language)
        for asked, says in turns:
            said.hear(asked, says)
        return said

    return say
