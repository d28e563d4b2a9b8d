"""Notices that nothing is being said: for a while when it is quiet, for longer when there is noise without words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from livekit.agents import (
    AgentSession,
    AgentStateChangedEvent,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
)

QUIET_SECONDS = 8.0
NOISE_SECONDS = 25.0
"""Music or a crowd is speech to a voice detector; after so long without a word it is taken for silence."""


class Silence:
    """Calls `on_silence` when the rep has said nothing for too long while it is their turn, and again after as long."""

    def __init__(self, session: AgentSession[None], on_silence: Callable[[], None]) -> None:
        self._on_silence = on_silence
        self._timer: asyncio.TimerHandle | None = None
        self._listening = self._noise = False
        session.on("agent_state_changed", self._agent_changed)
        session.on("user_state_changed", self._rep_changed)
        session.on("user_input_transcribed", self._words)

    def stop(self) -> None:
        """Waits no longer, until the agent has spoken again."""
        self._listening = False
        self._disarm()

    def _agent_changed(self, event: AgentStateChangedEvent) -> None:
        self._listening = event.new_state == "listening"
        self._arm()

    def _rep_changed(self, event: UserStateChangedEvent) -> None:
        self._noise = event.new_state == "speaking"
        self._arm()

    def _words(self, event: UserInputTranscribedEvent) -> None:
        if event.transcript.strip():
            self._arm()

    def _arm(self) -> None:
        self._disarm()
        if self._listening:
            patience = NOISE_SECONDS if self._noise else QUIET_SECONDS
            self._timer = asyncio.get_running_loop().call_later(patience, self._passed)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _passed(self) -> None:
        self._timer = None
        self._on_silence()
        self._arm()
