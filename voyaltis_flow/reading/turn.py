"""A turn being read: its scene and frames, with the flow, the catalog and the context it is read against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.reading.books import FlowBooks
from voyaltis_flow.reading.frames import Frame
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.model import Context, Quote
from voyaltis_flow.reading.scene import Scene, Segment
from voyaltis_flow.script.models import Flow, Point


@dataclass(frozen=True)
class Turn:
    """What every part of reading is given."""

    flow: Flow
    index: CatalogIndex
    books: FlowBooks
    lexis: Lexis
    language: str
    scene: Scene
    frames: tuple[Frame, ...]
    context: Context
    told: frozenset[int] = frozenset()
    """Sentences whose quantities were counted."""

    @property
    def asked(self) -> str | None:
        return self.context.asked

    def quote(self, words: str) -> Quote:
        """These words of this turn, as evidence."""
        return Quote(self.context.turn, words)

    def points(self, *types: str) -> Iterator[Point]:
        """The flow's points of these types, in order."""
        return (point for point in self.flow.points if point.type in types)

    def frame_of(self, segment: Segment) -> Frame:
        return self.frames[segment.index]
