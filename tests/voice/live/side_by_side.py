"""Conversations take the time that it takes to speak, so a module's are held side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from tests.voice.live.house import House

Scenario = Callable[[House], Awaitable[None]]

AT_A_TIME = 3
"""What a machine with two cores and nothing but its own speech can hold."""


class SideBySide:
    """Begins all scenarios, a few at a time; each test waits for its own, and fails as that does."""

    def __init__(self, agent: House, scenarios: Iterable[Scenario], at_a_time: int = AT_A_TIME) -> None:
        self._agent, self._room = agent, asyncio.Semaphore(at_a_time)
        self._outcomes = {scenario: asyncio.create_task(self._hold(scenario)) for scenario in scenarios}

    async def outcome(self, scenario: Scenario) -> None:
        """Waits for its end. Raises what it raised."""
        await self._outcomes[scenario]

    async def _hold(self, scenario: Scenario) -> None:
        async with self._room:
            await scenario(self._agent)


def wanted(request: pytest.FixtureRequest) -> list[Scenario]:
    """Those scenarios of a module that are to be tested in this run."""
    return [test.callspec.params["scenario"] for test in request.session.items if test.path == request.path]


def name(scenario: Scenario) -> str:
    """How a test of it is called."""
    return scenario.__name__  # type: ignore[attr-defined,no-any-return]
