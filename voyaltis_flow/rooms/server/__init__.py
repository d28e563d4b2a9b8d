"""A LiveKit server: the one that is named, else one of our own, found on this machine or built once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.server.binary import server_binary
from voyaltis_flow.rooms.server.running import LocalServer, running_server

__all__ = ["LocalServer", "livekit_server", "running_server", "server_binary"]


@contextmanager
def livekit_server(
    url: str | None = None, api_key: str | None = None, api_secret: str | None = None
) -> Iterator[Livekit]:
    """The server of LIVEKIT_URL, else one of our own that ends with this process.

    The first time on a machine it may be built, which takes minutes and is told on stderr. Raises LivekitError.
    """
    if (named := Livekit.named(url, api_key, api_secret)) is not None:
        yield named
        return
    with running_server() as local:
        yield local.livekit
