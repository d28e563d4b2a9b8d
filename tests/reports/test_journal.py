"""What a holder writes is there, whole and in order, and what can't be read costs nothing else."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import create_engine, update

from tests.reports.scene import ORDER, WORDS, opened, turn
from voyaltis_flow.engine.events import Heard
from voyaltis_flow.reports import Store
from voyaltis_flow.reports.tables import EVENTS


async def test_events_come_back_in_order_over_all_who_held_the_conversation(store: Store) -> None:
    first = await store.take(ORDER, "job-1")
    await store.append(first, [opened(), *turn(0)])
    await store.append(first, [])
    await store.evict(first)
    second = await store.take(ORDER, "job-2")
    await store.append(second, turn(1))
    assert await store.events("c1") == (opened(), *turn(0), *turn(1))
    assert await store.events("c2") == ()


async def test_whatever_a_rep_says_is_kept_to_the_letter(store: Store) -> None:
    words = 'l\'"écran" \\ \x00 \n 📱 ' + "très " * 20_000
    lease = await store.take(ORDER, "job-1")
    await store.hold(lease, words, at=7.5)
    held = await store.lease("c1")
    assert held is not None
    assert (held.unanswered, held.unanswered_at) == (words, 7.5)
    said = Heard(at=8.0, turn=0, text=words)
    await store.append(lease, [said])
    assert await store.events("c1") == (said,)


async def test_words_wait_for_an_answer_until_the_next_turn_is_written(store: Store) -> None:
    lease = await store.take(ORDER, "job-1")
    await store.hold(lease, "deux", at=1.0)
    await store.hold(lease, "deux S25", at=2.0)
    await store.renew(lease)
    await store.evict((await store.leases("voyaltis"))[0])
    taken = await store.take(ORDER, "job-2")
    assert (taken.unanswered, taken.unanswered_at) == ("deux S25", 2.0)
    await store.append(taken, turn(0))
    answered = await store.lease("c1")
    assert answered is not None
    assert (answered.unanswered, answered.unanswered_at) == (None, None)


async def test_a_row_that_cant_be_read_is_named_and_the_others_are_read(
    store: Store, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    lease = await store.take(ORDER, "job-1")
    await store.append(lease, [opened(), *turn(0), *turn(1)])
    _spoil(
        url, {1: b'{"kind":"heard","at":101.0,"text":"J\'ai vendu deu', 6: b"\xff\xfe\x00", 8: b'{"kind": "dreamt"}'}
    )
    read = await store.events("c1")
    assert read == (opened(), *turn(0)[1:], turn(1)[0], turn(1)[2])
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == 3
    for row, line in zip((1, 6, 8), told, strict=True):
        assert line.startswith(f"journal_row_unreadable: event {row} of conversation c1")
    assert "vendu" not in caplog.text


async def test_the_report_is_the_bytes_that_were_kept_last(store: Store) -> None:
    lease = await store.take(ORDER, "job-1")
    assert await store.report("c1") is None
    await store.keep_report(lease, b"{}")
    report = f'{{"feedback": "{WORDS}\\u0000"}} \r\n'.encode() + b"\x00\xff"
    await store.keep_report(lease, report)
    assert await store.report("c1") == report


def _spoil(url: str, rows: dict[int, bytes]) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for seq, torn in rows.items():
            connection.execute(update(EVENTS).where(EVENTS.c.seq == seq).values(event=torn))
    engine.dispose()
