"""Who holds a conversation: placed, taken, renewed, evicted, closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.reports.scene import ORDER, order
from voyaltis_flow.reports import ConversationOver, Lease, LeaseHeld, LeaseLost, Store


async def test_a_room_that_is_started_has_a_lease_that_nobody_holds(store: Store) -> None:
    placed = await store.place(ORDER)
    assert placed == Lease(ORDER, epoch=0, holder=None, beats=0, closed=False)
    assert await store.place(ORDER) == placed
    assert await store.lease("c1") == await store.lease_in("room-1", "voyaltis") == placed
    assert await store.leases("voyaltis") == [placed]


async def test_a_job_takes_what_is_free_or_new_and_nothing_else(store: Store) -> None:
    await store.place(ORDER)
    assert (await store.take(ORDER, "job-1")).holder == "job-1"
    assert (await store.take(order("c2"), "job-1")).holder == "job-1"
    for holder in ("job-1", "job-2"):
        with pytest.raises(LeaseHeld, match="c1"):
            await store.take(ORDER, holder)


async def test_the_newest_room_stands_while_nobody_holds_the_conversation(store: Store) -> None:
    elsewhere = replace(ORDER, room="room-2", metadata='{"flow": "shop_visit"}')
    await store.place(ORDER)
    assert (await store.place(elsewhere)).order == elsewhere
    held = await store.take(ORDER, "job-1")
    assert held.order == ORDER
    assert await store.place(elsewhere) == held


async def test_renewing_shows_and_changes_no_epoch(store: Store) -> None:
    held = await store.take(ORDER, "job-1")
    await store.renew(held)
    await store.renew(held)
    assert await store.lease("c1") == replace(held, beats=2)


async def test_a_lease_that_stood_still_is_freed_by_the_first_who_says_so(store: Store) -> None:
    held = await store.take(ORDER, "job-1")
    assert await store.evict(held)
    assert not await store.evict(held)
    assert await store.lease("c1") == replace(held, holder=None, epoch=held.epoch + 1)
    assert (await store.take(ORDER, "job-2")).epoch == held.epoch + 2


async def test_a_holder_may_hand_its_lease_back_and_writes_no_more(store: Store) -> None:
    held = await store.take(ORDER, "job-1")
    await store.hand_back(held)
    with pytest.raises(LeaseLost):
        await store.hand_back(held)
    with pytest.raises(LeaseLost):
        await store.renew(held)
    assert (await store.take(ORDER, "job-2")).holder == "job-2"


async def test_a_lease_that_has_moved_since_it_was_seen_is_not_freed(store: Store) -> None:
    placed = await store.place(ORDER)
    held = await store.take(ORDER, "job-1")
    assert not await store.evict(placed)
    await store.renew(held)
    assert not await store.evict(held)
    await store.release(held)
    closed = await store.lease("c1")
    assert closed is not None
    assert not await store.evict(closed)
    assert not await store.evict(replace(held, order=order("never-heard-of")))


async def test_a_closed_conversation_is_never_held_again(store: Store) -> None:
    held = await store.take(ORDER, "job-1")
    await store.release(held)
    assert await store.lease("c1") == replace(held, closed=True)
    assert await store.lease_in("room-1", "voyaltis") is None
    assert await store.leases("voyaltis") == []
    with pytest.raises(ConversationOver, match="c1"):
        await store.place(ORDER)
    with pytest.raises(ConversationOver, match="c1"):
        await store.take(ORDER, "job-2")
    with pytest.raises(LeaseLost):
        await store.release(held)


async def test_leases_are_told_apart_by_agent_and_by_room(store: Store) -> None:
    for told in (order("c1"), order("c2", room="room-2"), order("c3", agent="other"), order("c4", room="room-2")):
        await store.place(told)
    assert [lease.conversation for lease in await store.leases("voyaltis")] == ["c1", "c2", "c4"]
    newest = await store.lease_in("room-2", "voyaltis")
    assert newest is not None
    assert newest.conversation == "c4"
    assert await store.lease_in("room-3", "voyaltis") is None
    assert await store.lease_in("room-2", "other") is None
    assert await store.lease("c5") is None
