"""A real LiveKit server for tests: one for each test process, on free ports of 127.0.0.1, gone when the process is.

A conftest imports the fixture: `from tests.livekit_server import livekit  # noqa: F401`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.server import livekit_server


@pytest.fixture(scope="session")
def livekit() -> Iterator[Livekit]:
    """The server's address and key. Rooms are many tests' side by side: each test names its own."""
    with livekit_server() as server:
        yield server
