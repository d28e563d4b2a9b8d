"""A LiveKit server and an agent for a module's tests; each test has a room of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.livekit_server import livekit  # noqa: F401
from tests.voice.live.house import House, house
from voyaltis_flow.rooms.livekit import Livekit


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def offline(livekit: Livekit, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:  # noqa: F811
    """An agent that needs nobody: rules, Whisper and Pico."""
    async with house(livekit, tmp_path_factory.mktemp("offline")) as agent:
        yield agent
