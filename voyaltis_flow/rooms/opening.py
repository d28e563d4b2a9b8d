"""Opens a room for a conversation: its lease in the store, and a token for the rep."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import uuid4

from voyaltis_flow.reports import Order, Store
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata, MetadataRefused, parse_metadata
from voyaltis_flow.rooms.tokens import rep_token


class OpeningRefusedError(ValueError):
    """A room can't be opened for what was asked; the message tells what does not fit."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A room that waits for its rep, who joins it at `url` with `token`; the agent comes when the rep does."""

    conversation: str
    room: str
    url: str
    token: str = field(repr=False)


async def open_room(
    store: Store, livekit: Livekit, wanted: JobMetadata, *, room: str | None = None, agent: str = "voyaltis"
) -> Opened:
    """A room for a new conversation, or for the one that `wanted` names, which goes on where it was.

    Raises OpeningRefusedError for names that can't be, and ConversationOver for a conversation that has ended.
    """
    read = parse_metadata(replace(wanted, conversation=wanted.conversation or uuid4().hex).written())
    if isinstance(read, MetadataRefused):
        raise OpeningRefusedError(f"No room can be opened for this: {'; '.join(read.problems)}.")
    assert read.conversation is not None
    order = Order(read.conversation, room or f"debrief-{read.conversation}", agent, read.written())
    await store.place(order)
    return Opened(read.conversation, order.room, livekit.url, rep_token(livekit, order, read.rep))
