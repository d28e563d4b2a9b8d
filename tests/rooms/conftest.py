"""What the tests of rooms share: a real server, a real store, and a rep who joins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from livekit import rtc

from tests.livekit_server import livekit  # noqa: F401
from voyaltis_flow.reports import Store
from voyaltis_flow.rooms.opening import Opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def agent() -> str:
    """An agent's name of the test's own: the server is shared."""
    return f"agent-{uuid4().hex[:8]}"


@asynccontextmanager
async def joined(opened: Opened) -> AsyncIterator[rtc.Room]:
    """The rep, in the room."""
    room = rtc.Room()
    await room.connect(opened.url, opened.token)
    try:
        yield room
    finally:
        await room.disconnect()


async def until(holds: Callable[[], Awaitable[bool]], within: float, what: str) -> float:
    """Waits until something holds; how many seconds it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not await holds():
        assert loop.time() - began < within, f"not within {within} s: {what}"
        await asyncio.sleep(0.02)
    return loop.time() - began
