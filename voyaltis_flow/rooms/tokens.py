"""A rep's token: it opens one room for an hour, and brings the agent into it."""

from __future__ import annotations

from datetime import timedelta

from livekit.api import AccessToken, RoomAgentDispatch, RoomConfiguration, VideoGrants

from voyaltis_flow.engine.events import Person
from voyaltis_flow.reports import Order
from voyaltis_flow.rooms.livekit import Livekit

LIFETIME = timedelta(hours=1)
"""How long a token lets somebody in; who is in stays in."""

EMPTY_TIMEOUT = 60
"""Seconds that a room waits for its first rep."""

DEPARTURE_TIMEOUT = 90
"""Seconds that a room waits for a rep who left; the agent gives up earlier, and in the room."""


def rep_identity(conversation: str, rep: Person) -> str:
    """Under which a rep is in a room: whoever comes again as the same takes the place of the one before."""
    return f"rep-{rep.id or conversation}"


def rep_token(livekit: Livekit, order: Order, rep: Person) -> str:
    """The token (a JWT) for the room of an order: to speak, to listen, to send and receive data, and nothing else.

    The agent is dispatched when the rep's coming makes the room. A room that is there already dispatches nobody by
    this: the watch over the lease does.
    """
    token = AccessToken(livekit.api_key, livekit.api_secret).with_identity(rep_identity(order.conversation, rep))
    grants = VideoGrants(
        room_join=True,
        room=order.room,
        can_publish=True,
        can_publish_sources=["microphone"],
        can_subscribe=True,
        can_publish_data=True,
    )
    dispatch = RoomAgentDispatch(agent_name=order.agent, metadata=order.metadata)
    room = RoomConfiguration(empty_timeout=EMPTY_TIMEOUT, departure_timeout=DEPARTURE_TIMEOUT, agents=[dispatch])
    named = token.with_name(rep.name) if rep.name else token
    return named.with_ttl(LIFETIME).with_grants(grants).with_room_config(room).to_jwt()
