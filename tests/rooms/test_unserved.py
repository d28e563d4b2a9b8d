"""Rooms that wait for an agent: one is sent until one comes, and not a moment too soon."""

from __future__ import annotations

import json

import pytest

from tests.responders.scripted import Clock
from tests.rooms.board import Board
from voyaltis_flow.engine.events import Opened
from voyaltis_flow.reports import Order, Store
from voyaltis_flow.rooms.dispatch import conversation_of
from voyaltis_flow.rooms.tokens import LIFETIME
from voyaltis_flow.rooms.unserved import DROPPED, JOINING, LOST, PATIENCE, Unserved

METADATA = '{"conversation": "c1", "flow": "f"}'
ORDER = Order("c1", "r1", "voyaltis", METADATA)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def unserved(store: Store, board: Board, clock: Clock) -> Unserved:
    return Unserved(store, board, clock)


async def looks(unserved: Unserved, clock: Clock, seconds: float) -> None:
    """Looks every half second, for so long."""
    for _ in range(int(seconds / 0.5)):
        await unserved.look()
        clock.now += 0.5
    await unserved.look()


async def test_nobody_is_sent_before_the_rep_comes(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    await store.place(ORDER)
    await looks(unserved, clock, 60)
    assert board.here == {}


async def test_a_rep_who_comes_late_is_left_to_the_agent_of_their_token(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    await store.place(ORDER)
    await looks(unserved, clock, 60)
    board.arrives("r1", METADATA)
    await unserved.look()
    clock.now += PATIENCE - 0.1
    await unserved.look()
    assert len(board.here["r1"]) == 1


async def test_an_agent_is_sent_again_and_again_until_one_takes_the_lease(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    await store.place(ORDER)
    board.arrives("r1", METADATA)
    await looks(unserved, clock, PATIENCE)
    assert len(board.here["r1"]) == 2
    await looks(unserved, clock, 60)
    assert len(board.here["r1"]) == 4, "those that were surely dropped are withdrawn"
    await store.take(ORDER, "agent-1")
    sent = list(board.here["r1"])
    await looks(unserved, clock, 60)
    assert board.here["r1"] == sent


@pytest.mark.parametrize("sign", ["job", "participant"])
async def test_an_agent_on_its_way_is_given_time_but_not_for_ever(
    store: Store, board: Board, clock: Clock, unserved: Unserved, sign: str
) -> None:
    await store.place(ORDER)
    board.arrives("r1", METADATA, taken=sign == "job")
    board.present["r1"] = ["agent-1"] if sign == "participant" else []
    await looks(unserved, clock, JOINING - 0.5)
    assert len(board.here["r1"]) == 1
    await looks(unserved, clock, 0.5)
    assert len(board.here["r1"]) == 2
    assert board.removed == [], "it may yet come: the lease decides between the two"


async def test_a_job_of_an_earlier_conversation_in_the_room_is_no_sign(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    board.arrives("r1", '{"conversation": "c0", "flow": "f"}', taken=True)
    await store.place(ORDER)
    await looks(unserved, clock, PATIENCE)
    assert board.here["r1"][-1].metadata == METADATA


async def test_a_room_that_goes_away_meanwhile_keeps_no_other_from_its_agent(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    board.arrives("r0", '{"conversation": "c0", "flow": "f"}')
    board.arrives("r1", METADATA)
    board.closing = {"r0"}
    await store.place(ORDER)
    await looks(unserved, clock, PATIENCE)
    assert len(board.here["r1"]) == 2


async def test_two_watches_send_one_agent(store: Store, board: Board, clock: Clock) -> None:
    await store.place(ORDER)
    board.arrives("r1", METADATA)
    watches = [Unserved(store, board, clock) for _ in range(2)]
    for watch in watches:
        await watch.look()
    clock.now += PATIENCE
    for watch in watches:
        await watch.look()
    assert len(board.here["r1"]) == 2


async def test_a_conversation_that_has_begun_is_brought_to_its_end_though_its_room_is_gone(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    lease = await store.take(ORDER, "agent-1")
    begun = Opened(at=1.0, conversation="c1", flow="f", flow_hash="", style="s", language="fr")
    await store.append(lease, [begun])
    assert await store.evict(lease)
    await looks(unserved, clock, PATIENCE)
    assert [dispatch.metadata for dispatch in board.here["r1"]] == [METADATA]


async def test_a_conversation_that_nobody_can_join_any_more_is_closed(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    await store.place(ORDER)
    await unserved.look()
    clock.now += LIFETIME.total_seconds()
    await unserved.look()
    lease = await store.lease("c1")
    assert lease is not None
    assert lease.closed
    assert board.here == {}


async def test_a_lost_dispatch_of_others_gets_a_lease_and_an_agent_that_knows_of_it(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    lost = board.arrives("theirs", '{"flow": "f", "language": "fr", "odd": 1}')
    await unserved.look()
    clock.now += LOST
    await unserved.look()
    lease = await store.lease_in("theirs", board.agent)
    assert lease is not None
    assert lease.conversation == conversation_of(lost.id)
    assert json.loads(board.here["theirs"][-1].metadata) == {
        "conversation": lease.conversation,
        "flow": "f",
        "language": "fr",
    }
    assert len(board.here["theirs"]) == 2


async def test_two_watches_adopt_a_room_once(store: Store, board: Board, clock: Clock) -> None:
    board.arrives("theirs", '{"flow": "f"}')
    board.arrives("theirs", '{"flow": "f"}')
    watches = [Unserved(store, board, clock) for _ in range(2)]
    for _ in range(4):
        for watch in watches:
            await watch.look()
        clock.now += 0.5
    assert len(board.here["theirs"]) == 3
    assert len(await store.leases("voyaltis")) == 1


async def test_a_dispatch_with_a_job_or_with_an_agent_in_the_room_is_not_lost(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    board.arrives("served", '{"flow": "f"}', taken=True)
    board.arrives("joined", '{"flow": "f"}')
    board.present["joined"] = ["agent-1"]
    await looks(unserved, clock, 30)
    assert [len(dispatches) for dispatches in board.here.values()] == [1, 1]
    assert await store.leases("voyaltis") == []


async def test_a_dispatch_for_a_conversation_that_is_over_is_withdrawn(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    await store.release(await store.take(ORDER, "agent-1"))
    board.arrives("r1", METADATA)
    await looks(unserved, clock, LOST)
    assert board.here["r1"] == []


@pytest.mark.parametrize("metadata", ["", "[", '{"flow": "../../etc/passwd"}'])
async def test_an_agent_is_sent_to_refuse_what_can_not_be_served(
    store: Store, board: Board, clock: Clock, metadata: str
) -> None:
    lost = board.arrives("theirs", metadata)
    watches = [Unserved(store, board, clock) for _ in range(2)]
    for _ in range(int(DROPPED / 0.5) + 1):
        for watch in watches:
            await watch.look()
        clock.now += 0.5
    (sent,) = board.here["theirs"]
    assert (sent.metadata, sent != lost) == (metadata, True)
    assert await store.leases("voyaltis") == []


async def test_a_conversation_that_goes_on_elsewhere_is_not_begun_a_second_time(
    store: Store, board: Board, clock: Clock, unserved: Unserved
) -> None:
    held = await store.take(ORDER, "agent-1")
    board.arrives("second", METADATA)
    await looks(unserved, clock, 5)
    await store.renew(held)
    assert len(board.here["second"]) == 1
