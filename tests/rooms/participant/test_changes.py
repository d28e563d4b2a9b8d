"""Waiting for a change: at once when it is there, in words when it does not come."""

from __future__ import annotations

import asyncio

import pytest

from voyaltis_flow.rooms.participant import Overdue
from voyaltis_flow.rooms.participant.changes import Changes

SOON = 5.0


async def test_what_is_there_already_is_found_at_once() -> None:
    assert await Changes().until(lambda: 7, 0.0, "never") == 7


async def test_a_change_wakes_everybody_who_waits() -> None:
    changes, seen = Changes(), list[int]()
    waiting = [asyncio.create_task(changes.until(lambda: len(seen) == 2 and seen, SOON, "never")) for _ in range(3)]
    for number in (1, 2):
        await asyncio.sleep(0)
        seen.append(number)
        changes.tell()
    assert await asyncio.gather(*waiting) == [[1, 2]] * 3


async def test_what_does_not_come_is_told_in_the_callers_words() -> None:
    with pytest.raises(Overdue, match=r"^no agent came$"):
        await Changes().until(lambda: None, 0.01, "no agent came")
