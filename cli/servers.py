"""The LiveKit server of the settings, for commands that need one."""

from __future__ import annotations

from voyaltis_flow.project import Settings
from voyaltis_flow.rooms.livekit import Livekit, LivekitError

from .exits import Code, CommandError


def livekit_of(settings: Settings) -> Livekit:
    """Where the server is, and its key; without one the command ends with the way out."""
    try:
        livekit = Livekit.named(settings.livekit_url, settings.livekit_api_key, settings.livekit_api_secret)
    except LivekitError as error:
        raise CommandError(Code.LACKING, str(error)) from error
    if livekit is None:
        told = "LIVEKIT_URL is not set: the address of a LiveKit server. `make run ARGS=--voice` brings one of its own."
        raise CommandError(Code.LACKING, told)
    return livekit
