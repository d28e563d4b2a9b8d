"""Expiry without comparing clocks: what stands still, by the watcher's own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.responders.scripted import Clock
from voyaltis_flow.rooms.stillness import Stillness


def test_what_moves_is_young_and_what_stands_still_grows_old() -> None:
    clock = Clock()
    stillness = Stillness(clock)
    assert stillness.seen({"moves": (1, 0), "stands": (1, 7)}) == {"moves": 0.0, "stands": 0.0}
    clock.now += 2.0
    assert stillness.seen({"moves": (1, 1), "stands": (1, 7)}) == {"moves": 0.0, "stands": 2.0}
    clock.now += 1.0
    assert stillness.seen({"moves": (1, 1), "stands": (1, 7)}) == {"moves": 1.0, "stands": 3.0}


def test_a_new_epoch_is_a_change_even_with_the_same_beats() -> None:
    clock = Clock()
    stillness = Stillness(clock)
    stillness.seen({"c": (1, 7)})
    clock.now += 9.0
    assert stillness.seen({"c": (2, 7)}) == {"c": 0.0}


def test_what_was_gone_for_a_look_is_new_when_it_comes_back() -> None:
    clock = Clock()
    stillness = Stillness(clock)
    stillness.seen({"c": 1})
    stillness.seen({})
    clock.now += 9.0
    assert stillness.seen({"c": 1}) == {"c": 0.0}


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 5.0), st.integers(0, 2)), min_size=1))
def test_an_age_is_the_time_since_the_last_change(looks: list[tuple[float, int]]) -> None:
    clock = Clock()
    stillness = Stillness(clock)
    changed, last = 0.0, None
    for passed, mark in looks:
        clock.now += passed
        if mark != last:
            changed, last = clock.now, mark
        assert stillness.seen({"c": mark}) == {"c": clock.now - changed}
