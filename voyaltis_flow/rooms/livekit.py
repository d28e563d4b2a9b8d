"""Where a LiveKit server is, and what it takes to be let in."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import ClientTimeout
from livekit.api import LiveKitAPI

CALL_SECONDS = 5.0
"""How long a call to the server's API may take; one about a room that is gone takes three."""


class LivekitError(Exception):
    """There is no LiveKit server to be had. The message is for people: what is wrong, and the way out."""


@dataclass(frozen=True, slots=True)
class Livekit:
    """The address of a server (`ws://…`, `wss://…`) and a key of it. The key is not shown by `repr`."""

    url: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)

    @classmethod
    def named(cls, url: str | None, api_key: str | None, api_secret: str | None) -> Livekit | None:
        """The server that the settings name; None where they name none. Raises LivekitError when a part is missing."""
        if not url:
            return None
        if not url.startswith(("ws://", "wss://", "http://", "https://")):
            raise LivekitError(f"LIVEKIT_URL is {url}: it begins with ws:// or wss://.")
        if not api_key or not api_secret:
            raise LivekitError(f"LIVEKIT_URL is {url}: its LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be set as well.")
        return cls(url, api_key, api_secret)

    def api(self) -> LiveKitAPI:
        """A client of the server's API, for `async with`. It asks once: whoever calls tries again."""
        return LiveKitAPI(
            self.url, self.api_key, self.api_secret, timeout=ClientTimeout(total=CALL_SECONDS), failover=False
        )
