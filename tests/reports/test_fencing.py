"""Only the holder writes, whatever the order in which things happen: a model, and many who try at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.reports.scene import ORDER, opened, order, turn
from voyaltis_flow.engine.events import Event
from voyaltis_flow.reports import ConversationOver, Lease, LeaseHeld, LeaseLost, Order, Store

CALLERS = 12
ROUNDS = 5


@dataclass
class Model:
    """A conversation as it should stand."""

    lease: Lease
    events: list[Event] = field(default_factory=list)
    report: bytes | None = None

    def is_held_with(self, lease: Lease) -> bool:
        return not self.lease.closed and self.lease.epoch == lease.epoch


class Conversation(RuleBasedStateMachine):
    """All that may happen to a conversation, done with every lease that anybody ever saw of it."""

    seen: Bundle[Lease] = Bundle("seen")
    store: Store
    runner: asyncio.Runner
    names = count()

    @initialize(target=seen)
    def placed(self) -> Lease:
        told = order(f"c{next(self.names)}")
        self.model = Model(self.runner.run(self.store.place(told)))
        return self.model.lease

    @rule(target=seen)
    def look(self) -> Lease:
        assert self.runner.run(self.store.lease(self._order.conversation)) == self.model.lease
        return self.model.lease

    @rule(target=seen, holder=st.sampled_from(["job-1", "job-2"]))
    def take(self, holder: str) -> Lease:
        free = not self.model.lease.closed and self.model.lease.holder is None
        refusal = ConversationOver if self.model.lease.closed else LeaseHeld
        with _expected(None if free else refusal):
            taken = self.runner.run(self.store.take(self._order, holder))
            self.model.lease = replace(self.model.lease, holder=holder, epoch=self.model.lease.epoch + 1)
            assert taken == self.model.lease
        return self.model.lease

    @rule(lease=seen)
    def evict(self, lease: Lease) -> None:
        unmoved = self.model.is_held_with(lease) and lease.beats == self.model.lease.beats
        assert self.runner.run(self.store.evict(lease)) == unmoved
        if unmoved:
            self.model.lease = replace(self.model.lease, holder=None, epoch=self.model.lease.epoch + 1)

    @rule(lease=seen)
    def renew(self, lease: Lease) -> None:
        with self._fence(lease):
            self.runner.run(self.store.renew(lease))
            self.model.lease = replace(self.model.lease, beats=self.model.lease.beats + 1)

    @rule(lease=seen, words=st.text(max_size=5), at=st.floats(0, 1e9))
    def hold(self, lease: Lease, words: str, at: float) -> None:
        with self._fence(lease):
            self.runner.run(self.store.hold(lease, words, at))
            self.model.lease = replace(self.model.lease, unanswered=words, unanswered_at=at)

    @rule(lease=seen, number=st.integers(0, 9))
    def append(self, lease: Lease, number: int) -> None:
        with self._fence(lease):
            self.runner.run(self.store.append(lease, turn(number)))
            self.model.lease = replace(self.model.lease, unanswered=None, unanswered_at=None)
            self.model.events += turn(number)

    @rule(lease=seen, report=st.binary(max_size=5))
    def keep_report(self, lease: Lease, report: bytes) -> None:
        with self._fence(lease):
            self.runner.run(self.store.keep_report(lease, report))
            self.model.report = report

    @rule(lease=seen)
    def release(self, lease: Lease) -> None:
        with self._fence(lease):
            self.runner.run(self.store.release(lease))
            self.model.lease = replace(self.model.lease, closed=True)

    @invariant()
    def nothing_was_written_that_should_not_be(self) -> None:
        conversation = self._order.conversation
        assert self.runner.run(self.store.lease(conversation)) == self.model.lease
        assert self.runner.run(self.store.events(conversation)) == tuple(self.model.events)
        assert self.runner.run(self.store.report(conversation)) == self.model.report

    @property
    def _order(self) -> Order:
        return self.model.lease.order

    def _fence(self, lease: Lease) -> AbstractContextManager[object]:
        return _expected(None if self.model.is_held_with(lease) else LeaseLost)


@contextmanager
def _expected(fault: type[Exception] | None) -> Iterator[None]:
    """What stands inside succeeds, or raises this."""
    if fault is None:
        yield
        return
    with pytest.raises(fault):
        yield


def test_whoever_lost_the_lease_never_writes_again(url: str) -> None:
    with asyncio.Runner() as runner:
        Conversation.runner, Conversation.store = runner, Store.open(url)
        run_state_machine_as_test(
            Conversation, settings=settings(max_examples=40, stateful_step_count=20, deadline=None)
        )
        Conversation.store.close()


async def test_of_all_who_evict_at_once_one_succeeds_and_of_all_who_take(url: str) -> None:
    stores = [Store.open(url) for _ in range(3)]
    seen = await stores[0].place(ORDER)
    for _ in range(ROUNDS):
        won = await asyncio.gather(*(stores[caller % 3].evict(seen) for caller in range(CALLERS)))
        assert won.count(True) == 1
        jobs = [stores[caller % 3].take(ORDER, f"job-{caller}") for caller in range(CALLERS)]
        answers = await asyncio.gather(*jobs, return_exceptions=True)
        (seen,) = [answer for answer in answers if isinstance(answer, Lease)]
        assert sum(isinstance(answer, LeaseHeld) for answer in answers) == CALLERS - 1
        assert await stores[0].lease("c1") == seen
    for store in stores:
        store.close()


async def test_of_all_who_take_a_conversation_that_nobody_placed_one_succeeds(url: str) -> None:
    store = Store.open(url)
    for number in range(ROUNDS):
        told = order(f"new-{number}")
        jobs = [store.take(told, f"job-{caller}") for caller in range(CALLERS)]
        answers = await asyncio.gather(*jobs, return_exceptions=True)
        assert sorted(type(answer).__name__ for answer in answers) == ["Lease", *["LeaseHeld"] * (CALLERS - 1)]
    store.close()


async def test_after_an_eviction_not_one_more_event_of_the_evicted_is_written(url: str) -> None:
    writer, watcher = Store.open(url), Store.open(url)
    lease = await writer.take(ORDER, "job-1")
    written = 0

    async def write_until_lost() -> None:
        nonlocal written
        while True:
            await writer.append(lease, [opened()])
            written += 1

    writing = asyncio.create_task(write_until_lost())
    while written < 5:
        await asyncio.sleep(0)
    assert await watcher.evict(lease)
    left = await watcher.events("c1")
    with pytest.raises(LeaseLost):
        await writing
    assert await watcher.events("c1") == left == (opened(),) * written
    writer.close()
    watcher.close()
