"""The front door of reading: a flow and a catalog, compiled once, read any turn of any conversation."""

from __future__ import annotations

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.reading.model import Claim, Context, Fact, Reading, Refusal
from voyaltis_flow.script.models import Flow


class Reader:
    """Reads turns against one flow. Immutable; safe to share."""

    def __init__(self, flow: Flow, index: CatalogIndex | None = None) -> None:
        raise NotImplementedError

    def read(self, text: str, context: Context) -> Reading:
        """What a turn's words say. Total: whatever was said, it answers, in bounded time."""
        raise NotImplementedError

    def bear_out(self, claim: Claim, text: str, context: Context, reading: Reading) -> Fact | Refusal:
        """A model's claim about this turn, re-read: the Fact that the quote bears out, or why it does not.

        `reading` is what `read` gave for the same text: what the words plainly say wins over the claim.
        """
        raise NotImplementedError
