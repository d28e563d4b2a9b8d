"""What the app is sent, and what it may ask of the agent. Nobody listening is no fault: the store has it all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from livekit import rtc

from voyaltis_flow.rooms import protocol
from voyaltis_flow.rooms.protocol import Announcement, CallRefusedError, Correction
from voyaltis_flow.rooms.troubles import Trouble

TRIES = 3
PAUSE_SECONDS = 0.3
ANSWER_SECONDS = 5.0
"""How long the app may take to say that it has the report."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is done when the app asks for it."""

    end: Callable[[], Awaitable[None]]
    correct: Callable[[Correction], Awaitable[Mapping[str, Any] | str]]
    """The new progress, or in words why not."""


class Channel:
    """The app's side of a room."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._sending = asyncio.Lock()

    def answer(self, rep: str, wishes: Wishes) -> None:
        """From now on the app of this rep, and nobody else, may end the conversation and correct what was noted."""

        async def end(call: rtc.RpcInvocationData) -> str:
            with _refusing(rep, call):
                protocol.read_end(call.payload)
            await wishes.end()
            return protocol.OK

        async def correct(call: rtc.RpcInvocationData) -> str:
            with _refusing(rep, call):
                correction = Correction.read(call.payload)
            result = await wishes.correct(correction)
            if isinstance(result, str):
                raise rtc.RpcError(protocol.REFUSED, result)
            return protocol.progress_text(result)

        self._room.local_participant.register_rpc_method(protocol.END, end)
        self._room.local_participant.register_rpc_method(protocol.CORRECT, correct)

    async def progress(self, progress: Mapping[str, Any]) -> None:
        """What is noted so far."""
        await self._send(protocol.progress_text(progress), protocol.PROGRESS)

    async def trouble(self, trouble: Trouble, to: str | None = None) -> None:
        """Why the agent can't serve, in words that the app can show; to everybody, or to one participant."""
        await self._send(protocol.error_text(trouble), protocol.ERROR, to=to)

    async def report(self, rep: str, conversation: str, report: bytes) -> bool:
        """The report to everybody, and a word to the rep's app; whether that says that it has it."""
        announcement = Announcement.of(conversation, report)
        sent = await self._send(report.decode(), protocol.REPORT, attributes=announcement.attributes)
        return sent and await self._announced(rep, announcement)

    async def _announced(self, rep: str, announcement: Announcement) -> bool:
        for _ in range(TRIES):
            if rep not in self._room.remote_participants:
                return False
            try:
                await self._room.local_participant.perform_rpc(
                    destination_identity=rep,
                    method=protocol.REPORT,
                    payload=announcement.payload,
                    response_timeout=ANSWER_SECONDS,
                )
                return True
            except rtc.RpcError as error:
                log.info("report_not_acknowledged: rpc error %s", error.code)
                if error.code == rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD:
                    return False
                await asyncio.sleep(PAUSE_SECONDS)
        return False

    async def _send(
        self, text: str, topic: str, *, attributes: dict[str, str] | None = None, to: str | None = None
    ) -> bool:
        """Sends in order, and again where it fails."""
        async with self._sending:
            for _ in range(TRIES):
                if not self._room.isconnected():
                    break
                try:
                    await self._room.local_participant.send_text(
                        text, topic=topic, attributes=attributes, destination_identities=[to] if to else None
                    )
                    return True
                except Exception as error:  # the SDK raises its own and bare ones when a link drops
                    log.info("not_sent: %s: %s", topic, type(error).__name__)
                    await asyncio.sleep(PAUSE_SECONDS)
        log.warning("given_up_sending: %s", topic)
        return False


@contextmanager
def _refusing(rep: str, call: rtc.RpcInvocationData) -> Iterator[None]:
    """Refuses a call by anybody but the rep, and one that can't be read."""
    if call.caller_identity != rep:
        raise rtc.RpcError(protocol.REFUSED, "Only the rep of this conversation may do that.")
    try:
        yield
    except CallRefusedError as error:
        raise rtc.RpcError(protocol.REFUSED, str(error)) from None
