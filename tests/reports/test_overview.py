"""A line a conversation: how far it is, and what it was about."""

from __future__ import annotations

from tests.reports.scene import clocked, ended, opened, order, turn
from voyaltis_flow.reports import Store, Summary


async def test_a_conversation_is_followed_from_its_room_to_its_report(store: Store) -> None:
    await store.place(order("c1"))
    assert await _states(store) == [("waiting", None, False)]
    lease = await store.take(order("c1"), "job-1")
    assert await _states(store) == [("running", None, False)]
    await store.append(lease, [opened(), *turn(0)])
    await store.evict(lease)
    assert await _states(store) == [("cut_off", None, False)]
    lease = await store.take(order("c1"), "job-2")
    await store.append(lease, [ended()])
    await store.keep_report(lease, b"{}")
    assert await _states(store) == [("running", "complete", True)]
    await store.release(lease)
    assert await _states(store) == [("over", "complete", True)]


async def test_a_room_that_was_passed_on_before_anyone_spoke_still_waits(store: Store) -> None:
    await store.evict(await store.place(order("c1")))
    assert await _states(store) == [("waiting", None, False)]


async def test_a_line_tells_what_the_journal_tells(url: str) -> None:
    with clocked(url) as (store, clock):
        clock.now = 90.0
        lease = await store.take(order("c1"), "job-1")
        clock.now = 210.0
        await store.append(lease, [opened(), ended(200.0)])
        assert await store.summaries() == [
            Summary(
                conversation="c1",
                flow="event_debrief",
                style="friendly_colleague",
                rep="Thomas",
                placed=90.0,
                started=100.0,
                ended=200.0,
                ended_because="complete",
                state="running",
                reported=False,
                touched=210.0,
            )
        ]


async def test_the_newest_come_first_and_no_more_than_asked_for(url: str) -> None:
    with clocked(url) as (store, clock):
        for number in range(5):
            clock.now += 1.0
            await store.place(order(f"c{number}"))
        assert await _ids(store) == ["c4", "c3", "c2", "c1", "c0"]
        assert await _ids(store, limit=2) == ["c4", "c3"]


async def test_they_are_found_by_how_their_ids_begin_to_the_letter(url: str) -> None:
    with clocked(url) as (store, clock):
        for name in ("ab", "abc", "Abd", "a%d", "b"):
            clock.now += 1.0
            await store.place(order(name))
        assert await _ids(store, beginning="ab") == ["ab", "abc"]
        assert await _ids(store, beginning="a%") == ["a%d"]
        assert await _ids(store, beginning="abcd") == []


async def _states(store: Store) -> list[tuple[str, str | None, bool]]:
    return [(line.state, line.ended_because, line.reported) for line in await store.summaries()]


async def _ids(store: Store, limit: int = 50, beginning: str = "") -> list[str]:
    return [line.conversation for line in await store.summaries(limit, beginning)]
