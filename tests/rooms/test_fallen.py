"""Leases that stand still: who decides that an agent has fallen, and what follows from it."""

from __future__ import annotations

import pytest

from tests.responders.scripted import Clock
from tests.rooms.board import Board
from voyaltis_flow.reports import Lease, LeaseLost, Order, Store
from voyaltis_flow.rooms.fallen import Fallen

ORDER = Order("c1", "r1", "voyaltis", '{"flow": "f", "conversation": "c1"}')


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board() -> Board:
    board = Board()
    board.arrives("r1", ORDER.metadata, taken=True)
    board.present["r1"] = ["agent-1"]
    return board


@pytest.fixture
async def lease(store: Store) -> Lease:
    return await store.take(ORDER, "agent-1")


async def test_a_lease_that_moves_is_never_expired(store: Store, board: Board, clock: Clock, lease: Lease) -> None:
    fallen = Fallen(store, board, 3.0, clock)
    for _ in range(5):
        await fallen.look()
        await store.renew(lease)
        clock.now += 2.9
    await fallen.look()
    assert board.removed == []


async def test_one_that_stood_still_is_taken_away_and_the_room_served_anew(
    store: Store, board: Board, clock: Clock, lease: Lease
) -> None:
    (old,) = board.here["r1"]
    fallen = Fallen(store, board, 3.0, clock)
    await fallen.look()
    clock.now += 3.0
    await fallen.look()
    assert board.removed == ["agent-1"]
    assert [dispatch.metadata for dispatch in board.here["r1"]] == [ORDER.metadata]
    assert old not in board.here["r1"]
    with pytest.raises(LeaseLost):
        await store.renew(lease)


async def test_a_store_that_nobody_could_write_proves_no_agent_dead(
    store: Store, board: Board, clock: Clock, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blocked() -> None:
        clock.now += 20.0

    fallen = Fallen(store, board, 3.0, clock)
    await fallen.look()
    clock.now += 3.0
    with monkeypatch.context() as patched:
        patched.setattr(store, "knock", blocked)
        await fallen.look()
    await fallen.look()
    assert board.removed == []
    clock.now += 3.0
    await fallen.look()
    assert board.removed == ["agent-1"]


async def test_a_watch_that_has_just_begun_does_not_judge_by_what_was_before_it(
    store: Store, board: Board, clock: Clock, lease: Lease
) -> None:
    clock.now += 1000.0
    await Fallen(store, board, 3.0, clock).look()
    await store.renew(lease)


async def test_of_many_watches_one_sends(store: Store, board: Board, clock: Clock, lease: Lease) -> None:
    watches = [Fallen(store, board, 3.0, clock) for _ in range(4)]
    for watch in watches:
        await watch.look()
    clock.now += 3.0
    for watch in watches:
        await watch.look()
    assert len(board.here["r1"]) == 1


async def test_a_server_that_is_away_is_tried_at_each_look_and_no_other_watch_steps_in(
    store: Store, board: Board, clock: Clock, lease: Lease
) -> None:
    first, second = Fallen(store, board, 3.0, clock), Fallen(store, board, 3.0, clock)
    await first.look()
    await second.look()
    clock.now += 3.0
    board.away = True
    for _ in range(20):
        await first.look()
        await second.look()
        clock.now += 0.25
    board.away = False
    await second.look()
    assert board.removed == []
    await first.look()
    await second.look()
    assert (board.removed, len(board.here["r1"])) == (["agent-1"], 1)


async def test_an_agent_that_comes_meanwhile_ends_the_trying(
    store: Store, board: Board, clock: Clock, lease: Lease
) -> None:
    fallen = Fallen(store, board, 3.0, clock)
    await fallen.look()
    clock.now += 3.0
    board.away = True
    await fallen.look()
    newer = await store.take(ORDER, "agent-2")
    board.away = False
    await fallen.look()
    await store.renew(newer)
    assert board.removed == []


async def test_a_room_that_is_gone_is_made_again_so_that_the_conversation_is_ended(
    store: Store, board: Board, clock: Clock, lease: Lease
) -> None:
    del board.here["r1"]
    fallen = Fallen(store, board, 3.0, clock)
    await fallen.look()
    clock.now += 3.0
    await fallen.look()
    assert [dispatch.metadata for dispatch in board.here["r1"]] == [ORDER.metadata]


async def test_what_is_over_or_another_agents_is_no_concern_of_ours(store: Store, board: Board, clock: Clock) -> None:
    await store.release(await store.take(ORDER, "agent-1"))
    await store.take(Order("c2", "r2", "another", "{}"), "agent-2")
    fallen = Fallen(store, board, 3.0, clock)
    await fallen.look()
    clock.now += 9.0
    await fallen.look()
    assert (board.removed, len(board.here["r1"]), "r2" in board.here) == ([], 1, False)
