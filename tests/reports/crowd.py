"""What the processes do that the tests start: crowd a new store, or write until they are killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Barrier

from tests.reports.scene import ORDER, turn
from voyaltis_flow.reports import LeaseHeld, LeaseLost, Store

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.reports.crowd"])


def crowd(url: str, name: str, together: Barrier, answers: Connection) -> None:
    """Opens the store with the others, evicts with the others, takes with the others; answers what it won."""
    together.wait()
    store = Store.open(url)
    asyncio.run(_compete(store, name, together, answers))
    store.close()


def write_on(url: str, answers: Connection) -> None:
    """Takes the conversation and appends to it, a turn at a time, and answers after each; "lost" is the last."""
    store = Store.open(url)
    asyncio.run(_write_on(store, answers))
    store.close()


@contextmanager
def started(work: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process of its own, and what it answers."""
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=work, args=(*arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        here.close()


async def _compete(store: Store, name: str, together: Barrier, answers: Connection) -> None:
    seen = await store.place(ORDER)
    await asyncio.to_thread(together.wait)
    evicted = await store.evict(seen)
    await asyncio.to_thread(together.wait)
    try:
        taken = (await store.take(ORDER, name)).epoch == seen.epoch + 2
    except LeaseHeld:
        taken = False
    answers.send((evicted, taken))


async def _write_on(store: Store, answers: Connection) -> None:
    lease = await store.take(ORDER, "writer")
    try:
        for number in range(100_000):
            await store.append(lease, turn(number))
            answers.send(number + 1)
    except LeaseLost:
        answers.send("lost")
