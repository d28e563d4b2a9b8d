"""What is forgotten is gone, to the last byte; what is being held is not forgotten."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from pathlib import Path

import pytest

from tests.reports.scene import clocked, opened, order, turn
from voyaltis_flow.engine.events import Heard
from voyaltis_flow.reports import Lease, LeaseLost, Store, StoreError, forget_old
from voyaltis_flow.reports.retention import ALIVE, BATCH

DAY = 86_400.0


async def test_a_conversation_goes_with_all_that_belongs_to_it(url: str) -> None:
    with clocked(url) as (store, clock):
        old = await _held_to_its_end(store, "old")
        clock.now += DAY
        await _held_to_its_end(store, "new")
        assert await store.forget_before(clock.now - 1.0) == 1
        assert await store.lease("old") is None
        assert (await store.events("old"), await store.report("old")) == ((), None)
        assert await store.events("new") == (opened("new"), *turn(0))
        assert await store.report("new") == b"{}"
        with pytest.raises(LeaseLost):
            await store.append(old, turn(1))
        assert await store.forget_before(clock.now - 1.0) == 0


async def test_it_is_the_last_sign_of_life_that_counts(url: str) -> None:
    with clocked(url) as (store, clock):
        renewed = await store.take(order("renewed"), "job-1")
        await store.take(order("left"), "job-2")
        await store.place(order("nobody-came"))
        clock.now += DAY
        await store.renew(renewed)
        assert await store.forget_before(clock.now) == 2
        assert [line.conversation for line in await store.summaries()] == ["renewed"]


async def test_one_that_is_being_held_stays_whatever_the_moment(url: str) -> None:
    with clocked(url) as (store, clock):
        await store.take(order("held"), "job-1")
        await _held_to_its_end(store, "over")
        assert await store.forget_before(clock.now + DAY) == 1
        clock.now += ALIVE + 1.0
        assert await store.forget_before(clock.now + DAY) == 1


async def test_many_are_forgotten_in_one_go(url: str) -> None:
    with clocked(url) as (store, clock):
        for number in range(2 * BATCH + 1):
            await store.place(order(f"c{number}"))
        clock.now += DAY
        assert await store.forget_before(clock.now) == 2 * BATCH + 1
        assert await store.summaries() == []


@pytest.mark.parametrize("seed", range(3))
async def test_no_word_of_it_is_left_in_the_files_of_sqlite(seed: int, tmp_path: Path) -> None:
    store, chance = Store.open(f"sqlite:///{tmp_path / 'store.db'}"), random.Random(seed)
    leases = [await store.take(order(f"c{number}"), "job") for number in range(20)]
    for _ in range(200):
        await _write_something(store, chance.choice(leases), chance)
    for lease in leases[::2]:
        await store.release(lease)
    written = {int(number) for number in _secrets(tmp_path)}
    assert await store.forget_before(time.time() + 1.0) == 10
    assert {int(number) for number in _secrets(tmp_path)} == {number for number in written if number % 2}
    store.close()


async def test_a_large_file_is_not_written_anew_while_reps_would_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("voyaltis_flow.reports.sqlite.LONGEST_PAUSE", 0.0)
    path = tmp_path / "store.db"
    with clocked(f"sqlite:///{path}") as (store, clock):
        lease = await store.take(order("old"), "job")
        await store.append(lease, [Heard(at=1.0, turn=0, text="x" * 1_000_000)])
        await store.release(lease)
        clock.now += DAY
        before = path.stat().st_size
        assert await store.forget_before(clock.now) == 1
        assert "scrub_put_off" in caplog.text
        assert path.stat().st_size >= before


async def test_a_program_forgets_when_it_starts_and_again_and_again(url: str) -> None:
    with clocked(url) as (store, clock):
        keeping = asyncio.create_task(forget_old(store, days=1, every=0.01))
        for name in ("first", "second"):
            clock.now = time.time() - 2 * DAY
            await store.place(order(name))
            clock.now = time.time()
            async with asyncio.timeout(10.0):
                while await store.lease(name) is not None:
                    await asyncio.sleep(0.01)
        keeping.cancel()


async def test_a_store_that_fails_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Store):
        tries = 0

        def __init__(self) -> None:
            pass

        async def forget_before(self, moment: float) -> int:
            self.tries += 1
            raise StoreError("The store is ill.")

    failing = Failing()
    keeping = asyncio.create_task(forget_old(failing, days=1, every=0.0))
    async with asyncio.timeout(10.0):
        while failing.tries < 3:
            await asyncio.sleep(0)
    keeping.cancel()
    assert caplog.record_tuples[0][1:] == (logging.ERROR, "retention_failed: The store is ill.")


async def _held_to_its_end(store: Store, conversation: str) -> Lease:
    lease = await store.take(order(conversation), "job")
    await store.append(lease, [opened(conversation), *turn(0)])
    await store.keep_report(lease, b"{}")
    await store.release(lease)
    return lease


async def _write_something(store: Store, lease: Lease, chance: random.Random) -> None:
    secret = f"SECRET-{lease.conversation[1:]}-" * chance.choice([1, 3, 9, 40, 400])
    match chance.randrange(4):
        case 0:
            await store.hold(lease, secret, at=1.0)
        case 1:
            await store.keep_report(lease, secret.encode())
        case _:
            await store.append(lease, [Heard(at=1.0, turn=0, text=secret)] * chance.randint(1, 8))


def _secrets(folder: Path) -> set[bytes]:
    """The conversations of which a word can be found."""
    found = b"\n".join(path.read_bytes() for path in folder.iterdir())
    return set(re.findall(rb"SECRET-(\d+)-", found))
