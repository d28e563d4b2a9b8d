"""Two responders joined: the take-over within a turn, and the way back."""

from __future__ import annotations

import logging
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.responders.conftest import WORDS, document, make_request
from tests.responders.scripted import Clock, Item, Scripted
from voyaltis_flow.responders.draft import Draft
from voyaltis_flow.responders.fallback import Fallback
from voyaltis_flow.runtime.circuit import Circuit, CircuitSettings
from voyaltis_flow.runtime.protocols import Failure, ResponderError, Restart, Usage

OWN = document("Bien reçu.")
TAKEN_OVER = document("C'est noté.")
DOWN = ResponderError("overloaded", "too many people")


async def gather(responder: Fallback) -> list[Item]:
    return [item async for item in responder.respond(make_request())]


def joined(
    *scripts: list[Item | float | ResponderError], clock: Clock | None = None, failures: int = 2
) -> tuple[Fallback, Scripted]:
    first = Scripted(*scripts, name="first")
    circuit = Circuit(CircuitSettings(failures=failures, cool_down=10.0, longest=25.0), clock or Clock())
    return Fallback(first, Scripted([TAKEN_OVER], name="second"), circuit, probe_seconds=0.03), first


async def test_a_reply_that_goes_well_passes_unchanged() -> None:
    fallback, _ = joined([OWN[:20], OWN[20:], Usage("first")])
    assert await gather(fallback) == [OWN[:20], OWN[20:], Usage("first")]
    assert fallback.name == "first"


@pytest.mark.parametrize("failure", get_args(Failure))
@pytest.mark.parametrize("written", [0, 1, 25])
async def test_whatever_fails_the_second_answers_the_same_turn(failure: Failure, written: int) -> None:
    fallback, first = joined([*([OWN[:written]] if written else []), Usage("first"), ResponderError(failure, "…")])
    items = await gather(fallback)
    assert items[-2:] == [Restart(failure, "second"), TAKEN_OVER]
    assert Usage("first") in items
    assert first.closed == 1


@pytest.mark.parametrize(
    "reply",
    [
        OWN[:-5],
        "Désolé, je ne peux pas répondre à cela.",
        "",
        "[]",
        '{"nextMessage": "ok"}',
        OWN.replace('"Bien reçu."', "7"),
        OWN.replace('"asksAbout": ', '"asksAbout" '),
    ],
)
async def test_a_reply_that_is_not_the_json_asked_for_is_taken_over(reply: str) -> None:
    fallback, _ = joined([reply[at : at + 5] for at in range(0, len(reply), 5)])
    assert (await gather(fallback))[-2:] == [Restart("invalid", "second"), TAKEN_OVER]


async def test_text_that_can_never_be_json_is_not_listened_to_until_its_end() -> None:
    fallback, _ = joined(['{"nextMessage": "Bien', ' reçu", oups, désolé, je me suis trompé', 3600.0])
    assert (await gather(fallback))[-1] == TAKEN_OVER


async def test_a_first_that_keeps_failing_is_left_alone_and_costs_no_more_time() -> None:
    fallback, first = joined([DOWN], [DOWN], [3600.0])
    await gather(fallback)
    await gather(fallback)
    assert await gather(fallback) == [TAKEN_OVER]
    assert first.asked == 2


async def test_after_the_cool_down_one_good_reply_brings_the_first_back() -> None:
    clock = Clock()
    fallback, first = joined([DOWN], [DOWN], [OWN], clock=clock)
    await gather(fallback)
    await gather(fallback)
    clock.now = 10.0
    assert await gather(fallback) == [OWN]
    assert await gather(fallback) == [OWN]
    assert first.asked == 4


async def test_a_trial_that_does_not_begin_soon_is_taken_over_and_the_next_comes_later() -> None:
    clock = Clock()
    fallback, first = joined([DOWN], [DOWN], [3600.0], clock=clock)
    await gather(fallback)
    await gather(fallback)
    clock.now = 10.0
    assert await gather(fallback) == [Restart("timeout", "second"), TAKEN_OVER]
    clock.now = 29.0
    assert await gather(fallback) == [TAKEN_OVER]
    clock.now = 30.0
    await gather(fallback)
    assert first.asked == 4


async def test_only_one_conversation_at_a_time_tries_a_first_that_was_down() -> None:
    clock = Clock()
    fallback, first = joined([DOWN], [DOWN], [OWN[:9], OWN[9:]], clock=clock)
    await gather(fallback)
    await gather(fallback)
    clock.now = 10.0
    trial = fallback.respond(make_request())
    assert await anext(trial) == OWN[:9]
    assert await gather(fallback) == [TAKEN_OVER]
    await trial.aclose()
    assert await gather(fallback) == [OWN[:9], OWN[9:]]
    assert first.asked == 4


async def test_a_refusal_tells_nothing_about_the_next_turn() -> None:
    fallback, first = joined([ResponderError("refused", "…")], failures=1)
    await gather(fallback)
    await gather(fallback)
    assert first.asked == 2


async def test_a_key_that_is_not_accepted_is_not_tried_at_every_turn() -> None:
    fallback, first = joined([ResponderError("unauthorized", "…")], failures=9)
    await gather(fallback)
    assert await gather(fallback) == [TAKEN_OVER]
    assert first.asked == 1


async def test_a_reply_closed_early_closes_the_one_behind_it() -> None:
    fallback, first = joined([OWN[:9], 3600.0])
    reply = fallback.respond(make_request())
    await anext(reply)
    await reply.aclose()
    assert first.closed == 1


async def test_a_take_over_is_logged_without_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fallback, _ = joined([document(WORDS)[:40], DOWN])
    await gather(fallback)
    assert "responder_taken_over: first by second: overloaded" in caplog.text
    assert "Arnaud" not in caplog.text


@given(st.lists(st.integers(0, len(OWN)), max_size=30))
def test_any_chunking_of_a_good_reply_is_good(cuts: list[int]) -> None:
    draft = Draft()
    ends = [*sorted(cuts), len(OWN)]
    for start, end in zip([0, *ends], ends, strict=False):
        draft.feed(OWN[start:end])
    draft.finish()


def test_cool_downs_double_up_to_a_limit_and_start_anew_after_a_success() -> None:
    clock = Clock()
    circuit = Circuit(CircuitSettings(failures=1, cool_down=10.0, longest=25.0), clock)
    waits = []
    for _ in range(4):
        circuit.failed("timeout")
        since = clock.now
        while circuit.advice() == "skip":
            clock.now += 1.0
        waits.append(clock.now - since)
    assert waits == [10.0, 20.0, 25.0, 25.0]
    circuit.succeeded()
    circuit.failed("timeout")
    clock.now += 10.0
    assert circuit.advice() == "probe"
