"""One store, several processes: the first opening, the lease, and a process that is killed while it writes."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import Any

import pytest

from tests.reports.crowd import CONTEXT, crowd, started, write_on
from tests.reports.scene import ORDER, turn
from voyaltis_flow.engine.events import Event
from voyaltis_flow.reports import Store

CROWD = 5
PATIENCE = 30.0


async def test_a_new_store_is_opened_by_many_and_one_wins_what_all_want(url: str) -> None:
    together = CONTEXT.Barrier(CROWD)
    with ExitStack() as stack:
        members = [stack.enter_context(started(crowd, url, f"job-{number}", together)) for number in range(CROWD)]
        answers = [_answer(answered) for _, answered in members]
    assert [sum(wins) for wins in zip(*answers, strict=True)] == [1, 1]


@pytest.mark.parametrize("turns", [1, 4, 11])
async def test_what_a_killed_process_wrote_is_whole_and_the_next_goes_on(turns: int, url: str) -> None:
    with started(write_on, url) as (writer, answered):
        while (told := _answer(answered)) < turns:
            pass
        writer.kill()
        writer.join()
        told = _last_word(answered, told)
    store = Store.open(url)
    left = await store.events("c1")
    assert len(left) // len(turn(0)) >= told
    assert left == _turns(len(left) // len(turn(0)))
    lease = await store.lease("c1")
    assert lease is not None
    assert await store.evict(lease)
    await store.append(await store.take(ORDER, "job-2"), turn(99))
    assert await store.events("c1") == (*left, *turn(99))
    store.close()


async def test_a_process_that_was_evicted_writes_no_more(url: str) -> None:
    store = Store.open(url)
    with started(write_on, url) as (_, answered):
        while _answer(answered) < 3:
            pass
        lease = await store.lease("c1")
        assert lease is not None
        assert await store.evict(lease)
        left = await store.events("c1")
        answers = [3]
        while (told := _answer(answered)) != "lost":
            answers.append(told)
    assert await store.events("c1") == left == _turns(answers[-1])
    store.close()


def _turns(number: int) -> tuple[Event, ...]:
    return tuple(event for each in range(number) for event in turn(each))


def _answer(answered: Any) -> Any:
    assert answered.poll(PATIENCE), "the process does not answer"
    return answered.recv()


def _last_word(answered: Any, before: int) -> int:
    """The last that it could say before it died."""
    with suppress(EOFError, OSError):
        while True:
            before = answered.recv()
    return before
