"""A conversation as the store sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from voyaltis_flow.engine.events import Asked, Ended, Event, Heard, Opened, Person, Spoken, Understood
from voyaltis_flow.reports import Order, Store
from voyaltis_flow.reports.database import Database

ORDER = Order("c1", "room-1", "voyaltis", '{"flow": "event_debrief", "conversation": "c1"}')
WORDS = "J'ai vendu deux frigos à Mme Péchard"


def order(conversation: str, room: str = "room-1", agent: str = "voyaltis") -> Order:
    return Order(conversation, room, agent, "{}")


def opened(conversation: str = "c1", rep: str | None = "Thomas") -> Opened:
    return Opened(
        at=100.0,
        conversation=conversation,
        flow="event_debrief",
        flow_hash="f00d",
        style="friendly_colleague",
        language="fr",
        rep=Person(name=rep),
    )


def turn(number: int) -> tuple[Event, ...]:
    """What a turn brings to the journal."""
    return (
        Heard(at=101.0 + number, turn=number, text=f"{WORDS} {number}"),
        Understood(turn=number, language="fr"),
        Spoken(at=102.0 + number, text="C'est noté."),
        Asked(about="customer_feedback", point="customer_feedback", text="Et les clients ?"),
    )


def ended(at: float = 200.0) -> Ended:
    return Ended(at=at, because="complete")


class Clock:
    """A wall clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@contextmanager
def clocked(url: str) -> Iterator[tuple[Store, Clock]]:
    """A store that lives by a clock of its own."""
    clock = Clock()
    store = Store(Database.open(url), clock)
    yield store, clock
    store.close()
