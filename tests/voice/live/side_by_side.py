"""Conversations take the time that it takes to speak, so a module's are held side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

import pytest

Stage = TypeVar("Stage")
Scenario = Callable[[Stage], Awaitable[None]]
"""A conversation with an agent, or with whatever else it is given."""

AT_A_TIME = 3
"""What a machine with two cores and nothing but its own speech can hold."""


class SideBySide(Generic[Stage]):
    """Begins all scenarios, a few at a time; each test waits for its own, and fails as that does."""

    def __init__(self, stage: Stage, scenarios: Iterable[Scenario[Stage]], at_a_time: int = AT_A_TIME) -> None:
        self._stage, self._places = stage, asyncio.Semaphore(at_a_time)
        self._outcomes = {scenario: asyncio.create_task(self._hold(scenario)) for scenario in scenarios}

    async def outcome(self, scenario: Scenario[Stage]) -> None:
        """Waits for its end. Raises what it raised."""
        await self._outcomes[scenario]

    async def _hold(self, scenario: Scenario[Stage]) -> None:
        async with self._places:
            await scenario(self._stage)


def wanted(request: pytest.FixtureRequest) -> list[Scenario[Stage]]:
    """Those scenarios of a module that are to be tested in this run."""
    return [test.callspec.params["scenario"] for test in request.session.items if test.path == request.path]


def name(scenario: Scenario[Stage]) -> str:
    """How a test of it is called."""
    return scenario.__name__  # type: ignore[attr-defined,no-any-return]
