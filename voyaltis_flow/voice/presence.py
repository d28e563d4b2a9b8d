"""Who is in the room: the rep, who may leave and come back within a minute; others, who are told that it is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from livekit import rtc

AWAY_SECONDS = 60.0
"""How long a conversation waits for a rep who has left."""
MICROPHONE_SECONDS = 10.0
"""How long a rep may be there without a microphone before the app is told."""


@dataclass(frozen=True, slots=True)
class Happenings:
    """What is to be done about who comes and goes."""

    came_back: Callable[[], None]
    stayed_away: Callable[[], None]
    no_microphone: Callable[[], None]
    another: Callable[[str], None]
    """Somebody else wants to be the rep; called with their identity."""


class Presence:
    """Watches a room around its rep, from the moment that they are there until `stop`."""

    def __init__(self, room: rtc.Room, rep: str, then: Happenings) -> None:
        self._room, self._rep, self._then = room, rep, then
        self._timers: dict[str, asyncio.TimerHandle] = {}
        room.on("participant_connected", self._connected)
        room.on("participant_disconnected", self._disconnected)
        room.on("track_published", self._published)
        for participant in room.remote_participants.values():
            if participant.identity != rep:
                self._connected(participant)
        if not self.here:
            self._wait("away", AWAY_SECONDS, then.stayed_away)
        else:
            self._look_for_microphone()

    @property
    def here(self) -> bool:
        """Whether the rep is in the room."""
        return self._rep in self._room.remote_participants

    def stop(self) -> None:
        """Who comes and goes does not matter any more."""
        self._room.off("participant_connected", self._connected)
        self._room.off("participant_disconnected", self._disconnected)
        self._room.off("track_published", self._published)
        for name in list(self._timers):
            self._forget(name)

    def _connected(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._rep:
            if self._forget("away"):
                self._then.came_back()
            self._look_for_microphone()
        elif is_person(participant):
            self._then.another(participant.identity)

    def _disconnected(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._rep:
            self._forget("microphone")
            self._wait("away", AWAY_SECONDS, self._then.stayed_away)

    def _published(self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._rep and publication.kind == rtc.TrackKind.KIND_AUDIO:
            self._forget("microphone")

    def _look_for_microphone(self) -> None:
        published = self._room.remote_participants[self._rep].track_publications.values()
        if not any(publication.kind == rtc.TrackKind.KIND_AUDIO for publication in published):
            self._wait("microphone", MICROPHONE_SECONDS, self._then.no_microphone)

    def _wait(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        self._forget(name)
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, then)

    def _forget(self, name: str) -> bool:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
        return timer is not None


def is_person(participant: rtc.RemoteParticipant) -> bool:
    """Whether a participant may be a rep: an app or a telephone, and neither an agent nor a recorder."""
    return participant.kind in (rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD, rtc.ParticipantKind.PARTICIPANT_KIND_SIP)


async def first_person(room: rtc.Room, seconds: float, expected: str = "") -> rtc.RemoteParticipant | None:
    """The rep: who is there under the identity that is expected, else the first to come. None where nobody does."""
    if expected in room.remote_participants:
        return room.remote_participants[expected]
    found: asyncio.Future[rtc.RemoteParticipant] = asyncio.get_running_loop().create_future()

    def look(participant: rtc.RemoteParticipant) -> None:
        if is_person(participant) and not found.done():
            found.set_result(participant)

    room.on("participant_connected", look)
    try:
        for participant in list(room.remote_participants.values()):
            look(participant)
        return await asyncio.wait_for(found, seconds)
    except TimeoutError:
        return None
    finally:
        room.off("participant_connected", look)
