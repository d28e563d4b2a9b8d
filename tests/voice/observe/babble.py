"""A process that lets slip what it is told, in every way: `python -m tests.voice.observe.babble WORDS KEY FILE`.

The words are said in LiveKit's own session, with the real plugins, to a model, and are written to a store; the key is
used with each vendor. Everything logs at DEBUG. The file gets the records as they are, by logger, so that one can see
that the words were in them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
import threading
import warnings
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import numpy as np
from livekit import rtc
from livekit.agents import Agent, AgentSession, ModelSettings, TurnHandlingOptions, llm
from livekit.agents.ipc.log_queue import LogQueueHandler, LogQueueListener
from livekit.agents.utils.aio.duplex_unix import _Duplex
from livekit.agents.voice import io
from livekit.plugins import deepgram, elevenlabs
from sqlalchemy import create_engine, text

from tests.engine.scene import make_flow
from tests.responders.conftest import document, make_request
from tests.standins.deepgram import Deepgram
from tests.standins.elevenlabs import ElevenLabs
from tests.standins.messages_api import MessagesApi, Reply
from voyaltis_flow.responders.claude import Claude, ClaudeSettings
from voyaltis_flow.responders.prices import load_prices
from voyaltis_flow.voice.agent import Engine
from voyaltis_flow.voice.observe.logs import Stamp, log_job, log_process, stamp
from voyaltis_flow.voice.observe.meter import Meter, TurnTimes
from voyaltis_flow.voice.observe.tracing import trace_process

RATE = 16000
FRAME = 320


class Raw(logging.Handler):
    """Writes records as they are, each with all that is in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("w", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        told = {name: value for name, value in vars(record).items() if name not in ("exc_info", "args")}
        self._file.write(f"{record.name}: {record.args} {told} {record.exc_info and record.exc_info[1]!r}\n")
        self._file.flush()


class Echo(Agent):
    """Says what it hears, and then breaks down."""

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[str, None]:
        heard = chat_ctx.messages()[-1].text_content or ""
        yield f"You said {heard}. "
        await asyncio.sleep(1.0)
        raise ValueError(heard)


class Microphone(io.AudioInput):
    """A second of a tone, and silence, as it would come."""

    def __init__(self) -> None:
        super().__init__(label="microphone")
        self._frames = 0

    async def __anext__(self) -> rtc.AudioFrame:
        await asyncio.sleep(FRAME / RATE)
        self._frames += 1
        loud = 6000 if self._frames * FRAME < RATE else 0
        sound = (np.sin(np.arange(FRAME) * 0.2) * loud).astype(np.int16)
        return rtc.AudioFrame(sound.tobytes(), RATE, 1, FRAME)


class Speaker(io.AudioOutput):
    """Plays everything at once."""

    def __init__(self) -> None:
        super().__init__(label="speaker", capabilities=io.AudioOutputCapabilities(pause=False), sample_rate=RATE)
        self._played = 0.0
        self.heard = asyncio.Event()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self._played += frame.duration
        self.heard.set()

    def flush(self) -> None:
        super().flush()
        self.on_playback_finished(playback_position=self._played, interrupted=False)

    def clear_buffer(self) -> None:
        self.on_playback_finished(playback_position=self._played, interrupted=True)


async def converse(words: str, key: str) -> None:
    """A turn through LiveKit's pipeline, heard by Deepgram, spoken by ElevenLabs, and failing at its end."""
    async with Deepgram([words], key=key) as ears, ElevenLabs(key=key) as voice, aiohttp.ClientSession() as http:
        session: AgentSession[None] = AgentSession(
            stt=deepgram.STT(api_key=key, base_url=f"{ears.base_url}/v1/listen", keyterm=[words], http_session=http),
            tts=elevenlabs.TTS(api_key=key, base_url=f"{voice.base_url}/v1", encoding="pcm_16000", http_session=http),
            llm=Engine(),
            vad=None,
            turn_handling=TurnHandlingOptions(turn_detection="stt", interruption={"mode": "vad"}),
            aec_warmup_duration=None,
            session_close_transcript_timeout=0.0,
        )
        speaker = Speaker()
        session.input.audio, session.output.audio = Microphone(), speaker
        broken = asyncio.Event()
        session.on("agent_state_changed", lambda event: broken.set() if event.new_state == "listening" else None)
        await session.start(Echo(instructions=words), session_host=False, record=False)
        async with asyncio.timeout(20):
            await speaker.heard.wait()
            broken.clear()
            await broken.wait()
        await session.aclose()


async def ask(words: str, key: str) -> None:
    """A request to a model."""
    async with MessagesApi([Reply(document(words))]) as api:
        claude = Claude(ClaudeSettings(key, base_url=api.base_url))
        async for _ in claude.respond(make_request(says=words)):
            pass
        await claude.aclose()


def measure(words: str) -> None:
    """A conversation as the meter sees it, in which a vendor failed."""
    meter = Meter(make_flow(), load_prices(), "claude")
    meter.began("c1", "room-1", resumed=False)
    meter.failed("stt", "deepgram", "timeout")
    meter.turn(TurnTimes(last_word=100.0, transcribed=0.2, turn_ended=0.3, first_sound=0.7))
    meter.ended(
        {
            "timing": {"seconds": 60.0},
            "ended_because": "complete",
            "usage": {"questions": 3},
            "gaps": [],
            "feedback": words,
        }
    )


def keep(words: str) -> None:
    """A line in a database, with all that SQLAlchemy logs of it."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("create table said (words text)"))
        connection.execute(text("insert into said values (:words)"), {"words": words})
        connection.execute(text("select * from said")).all()


def log_badly(words: str) -> None:
    """Every way of logging that a library may have."""
    log = logging.getLogger("library")
    log.debug("a constant, and %s", words)
    log.info(f"nothing constant: {words}")
    log.info(words)
    log.warning("a constant", extra={"lk.pii.text": words, "voyaltis": words, "conversation": words, "room": words})
    log.info("%d of them", words)  # logging itself fails at it
    log.log(logging.INFO, "a constant of log()", stack_info=True)
    try:
        raise ValueError(words)
    except ValueError:
        log.exception("it failed: %s", words)
    warnings.warn(words, stacklevel=1)
    logging.getLogger("voyaltis_flow.voice").info("words_heard: %d", len(words.split()))


def log_from_job(words: str) -> None:
    """Records that come from a job's process, as LiveKit passes them on."""
    ours, theirs = socket.socketpair()
    listener = LogQueueListener(_Duplex.open(ours), lambda record: setattr(record, "room", "r1"))
    listener.start()
    handler = LogQueueHandler(_Duplex.open(theirs))
    handler.addFilter(Stamp())
    handler.handle(logging.LogRecord("livekit.agents", logging.DEBUG, __file__, 1, "heard %s", (words,), None))
    try:
        raise ValueError(words)
    except ValueError:
        own = logging.LogRecord("voyaltis_flow", logging.ERROR, __file__, 1, "job_failed: fault", (), sys.exc_info())
        handler.handle(own)
    handler.close()
    handler.thread.join()
    listener.stop()


class Unraisable:
    """Fails where nobody can be told."""

    def __init__(self, words: str) -> None:
        self._words = words

    def __del__(self) -> None:
        raise ValueError(self._words)


def fail(words: str) -> None:
    """What nobody catches."""
    thread = threading.Thread(target=lambda: (_ for _ in ()).throw(ValueError(words)).__next__())
    thread.start()
    thread.join()
    Unraisable(words)
    gc.collect()
    print(words)
    print(words, file=sys.stderr)
    raise ValueError(words)


def main(words: str, key: str, raw: str) -> None:
    """All of it."""
    log_process(logging.DEBUG, [key], alone=True)
    logging.getLogger().addHandler(Raw(Path(raw)))
    for name in ("sqlalchemy.engine", "livekit", "livekit.agents", "anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    trace_process()
    log_job()
    stamp(conversation="c1", room="room-1", job="J1")
    asyncio.run(ask(words, key))
    asyncio.run(converse(words, key))
    measure(words)
    keep(words)
    log_badly(words)
    log_from_job(words)
    logging.getLogger("voyaltis_flow").error("key_shown: %s", key)
    fail(words)


if __name__ == "__main__":
    main(*sys.argv[1:4])
