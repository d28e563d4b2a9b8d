"""The agents of one name on a LiveKit server: where they were sent, where they are, and sending them.

What this server says of a dispatch is not to be taken at its word. One that found no worker is dropped without an
error, and listed for ever without a job. One that did find one is listed without its job for up to five seconds when a
worker has just registered. A job that was listed is never taken off, though its agent be dead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from uuid import NAMESPACE_URL, uuid5

import aiohttp
from livekit.api import (
    CreateAgentDispatchRequest,
    ListParticipantsRequest,
    ListRoomsRequest,
    LiveKitAPI,
    RoomParticipantIdentity,
    ServerError,
    ServerErrorCode,
)
from livekit.protocol.models import ParticipantInfo

from voyaltis_flow.rooms.livekit import LivekitError

AGENT_NAME = "lk.agent_name"
"""The attribute by which the server tells the name that an agent's participant serves."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An agent was asked for. `taken`: a worker has it, or had it once."""

    id: str
    metadata: str
    taken: bool


class Gone(LivekitError):  # noqa: N818 - it names what happened
    """The room, the dispatch or the participant is not there any more."""


class Dispatches:
    """One agent name's dispatches. Every call raises LivekitError when the server can't be asked.

    `on_sent` is called each time that an agent was sent.
    """

    def __init__(self, api: LiveKitAPI, agent: str, on_sent: Callable[[], object] | None = None) -> None:
        self.agent = agent
        self._api, self._on_sent = api, on_sent

    async def rooms(self) -> frozenset[str]:
        """The names of the rooms that there are."""
        with _asking():
            return frozenset(room.name for room in (await self._api.room.list_rooms(ListRoomsRequest())).rooms)

    async def of(self, room: str) -> list[Dispatch]:
        """The dispatches into a room that is there, oldest first."""
        with _asking():
            listed = await self._api.agent_dispatch.list_dispatch(room)
        ours = sorted(
            (dispatch for dispatch in listed if dispatch.agent_name == self.agent),
            key=lambda dispatch: dispatch.state.created_at,
        )
        return [Dispatch(each.id, each.metadata, taken=bool(each.state.jobs)) for each in ours]

    async def agents(self, room: str) -> list[str]:
        """The identities of the agents of this name in a room; a killed one is among them for twenty seconds."""
        with _asking():
            listed = await self._api.room.list_participants(ListParticipantsRequest(room=room))
        return [person.identity for person in listed.participants if self._is_ours(person)]

    async def send(self, room: str, metadata: str) -> None:
        """Sends an agent into a room, which is made if it is not there. Whether a worker takes it is not told."""
        with _asking():
            await self._api.agent_dispatch.create_dispatch(
                CreateAgentDispatchRequest(agent_name=self.agent, room=room, metadata=metadata)
            )
        if self._on_sent is not None:
            self._on_sent()

    async def withdraw(self, room: str, dispatch: Dispatch) -> bool:
        """Deletes a dispatch; whichever agent it brought is told to end. True for exactly one of all who try."""
        try:
            with _asking():
                await self._api.agent_dispatch.delete_dispatch(dispatch.id, room)
        except Gone:
            return False
        return True

    async def remove(self, room: str, identity: str) -> None:
        """Puts an agent out of a room, if it is there."""
        with suppress(Gone), _asking():
            await self._api.room.remove_participant(RoomParticipantIdentity(room=room, identity=identity))

    def _is_ours(self, person: ParticipantInfo) -> bool:
        return person.kind == ParticipantInfo.Kind.AGENT and person.attributes.get(AGENT_NAME) == self.agent


def conversation_of(dispatch_id: str) -> str:
    """The id of the conversation that a dispatch begins whose metadata names none.

    The agent that has the job and everybody who finds the dispatch come to the same one, so there is one lease.
    """
    return uuid5(NAMESPACE_URL, dispatch_id).hex


@contextmanager
def _asking() -> Iterator[None]:
    """A call to the server; raises LivekitError in place of what may come out of it."""
    try:
        yield
    except ServerError as error:
        if error.code == ServerErrorCode.NOT_FOUND:
            raise Gone(error.message) from error
        if error.status == HTTPStatus.UNAUTHORIZED:
            told = "The LiveKit server does not accept the key: LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be its own."
            raise LivekitError(told) from error
        raise LivekitError(f"The LiveKit server refuses: {error.message} ({error.code}).") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise LivekitError(f"The LiveKit server can't be reached: {error or type(error).__name__}.") from error
