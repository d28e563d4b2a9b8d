"""What an agent sends beside its voice: the words of both sides, progress, the report, errors."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal

from livekit import rtc

from voyaltis_flow.rooms import protocol
from voyaltis_flow.rooms.participant.changes import Changes, Overdue
from voyaltis_flow.rooms.protocol import Announcement, CallRefusedError

REPORT_SECONDS = 5.0
"""How long the acknowledgement of a report waits for the report, which may come later."""
_TRANSCRIPTION, _SEGMENT, _FINAL = "lk.transcription", "lk.segment_id", "lk.transcription_final"

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Words:
    """What one side says in one go, as far as it is known. Times are seconds since 1970."""

    side: Literal["rep", "agent"]
    segment: str
    stream: str
    began: float
    text: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What the agent showed after a commit, and when it came."""

    at: float
    document: dict[str, Any]

    @property
    def asked(self) -> str | None:
        """What the rep is being asked: a point, `which:<category>`, `quantity:<product>`."""
        return self.document.get("asked")


@dataclass(frozen=True, slots=True)
class Report:
    """The report as it came, byte for byte, and what was told of it."""

    at: float
    announced: Announcement
    text: str

    @property
    def intact(self) -> bool:
        """Whether the bytes are those that were announced."""
        return Announcement.of(self.announced.conversation, self.text.encode()) == self.announced

    @property
    def document(self) -> dict[str, Any]:
        """The report itself."""
        return dict(json.loads(self.text))


@dataclass(frozen=True, slots=True)
class AgentError:
    """What the agent told of itself, in words for the rep."""

    at: float
    code: str
    message: str


class Streams:
    """Collects all of it, in the order in which it began to come. Outlives a room: a rep who returns has it all."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._reading: set[asyncio.Task[None]] = set()
        self._identity = ""
        self.words: list[Words] = []
        self.progress: list[Progress] = []
        self.reports: list[Report] = []
        self.errors: list[AgentError] = []

    @property
    def report(self) -> Report | None:
        """The last report that came whole."""
        return next((report for report in reversed(self.reports) if report.intact), None)

    def listen(self, room: rtc.Room) -> None:
        """Takes all that comes in a room. To be called before it is connected: a stream without a handler is lost."""
        for topic, read in (
            (_TRANSCRIPTION, self._read_words),
            (protocol.PROGRESS, self._read_progress),
            (protocol.REPORT, self._read_report),
            (protocol.ERROR, self._read_error),
        ):
            room.register_text_stream_handler(topic, self._reader(read))

    def acknowledge(self, room: rtc.Room) -> None:
        """Answers the agent's question whether the report came. To be called once the room is connected."""
        self._identity = room.local_participant.identity
        room.local_participant.register_rpc_method(protocol.REPORT, self._answer)

    async def close(self) -> None:
        """Lets go of what is still coming."""
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _reader(
        self, read: Callable[[rtc.TextStreamReader, str], Coroutine[Any, Any, None]]
    ) -> Callable[[rtc.TextStreamReader, str], None]:
        def begin(reader: rtc.TextStreamReader, sender: str) -> None:
            task = asyncio.create_task(self._whole(read(reader, sender), reader.info.topic))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

        return begin

    async def _whole(self, reading: Coroutine[Any, Any, None], topic: str) -> None:
        try:
            await reading
        except (ConnectionError, ValueError, KeyError) as error:
            log.warning("stream_lost: %s: %s", topic, type(error).__name__)
        self._changes.tell()

    async def _read_words(self, reader: rtc.TextStreamReader, sender: str) -> None:
        """Each update of the rep's words is a stream of its own with the whole text; the agent's come as one."""
        words = self._segment(reader.info, sender)
        text = ""
        async for chunk in reader:
            text += chunk
            if words.stream == reader.info.stream_id:
                words.text = text
                self._changes.tell()
        words.final = words.final or (reader.info.attributes or {}).get(_FINAL) == "true"

    def _segment(self, info: rtc.TextStreamInfo, sender: str) -> Words:
        side: Literal["rep", "agent"] = "rep" if sender == self._identity else "agent"
        segment = (info.attributes or {}).get(_SEGMENT, info.stream_id)
        for words in reversed(self.words):
            if (words.side, words.segment) == (side, segment):
                words.stream = info.stream_id
                return words
        self.words.append(Words(side, segment, info.stream_id, time.time()))
        return self.words[-1]

    async def _read_progress(self, reader: rtc.TextStreamReader, _sender: str) -> None:
        self.progress.append(Progress(time.time(), json.loads(await reader.read_all())))

    async def _read_report(self, reader: rtc.TextStreamReader, _sender: str) -> None:
        text = await reader.read_all()
        told = reader.info.attributes or {}
        self.reports.append(Report(time.time(), Announcement(told["conversation"], told["sha256"]), text))

    async def _read_error(self, reader: rtc.TextStreamReader, _sender: str) -> None:
        told = json.loads(await reader.read_all())
        self.errors.append(AgentError(time.time(), told["code"], told["message"]))

    async def _answer(self, call: rtc.RpcInvocationData) -> str:
        """`ok` once the announced report is here and intact; the announcement may come first."""
        try:
            announced = Announcement.read(call.payload)
            await self._changes.until(lambda: self._came(announced), REPORT_SECONDS, "No such report came.")
        except (CallRefusedError, Overdue) as error:
            raise rtc.RpcError(protocol.REFUSED, str(error)) from None
        return protocol.OK

    def _came(self, announced: Announcement) -> bool:
        return any(report.announced == announced and report.intact for report in self.reports)
