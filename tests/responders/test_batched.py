"""Claude in batches: nothing is paid for twice, nothing that failed is passed over, and it costs half."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.responders.conftest import KEY, document, make_request
from tests.standins.messages_api import Fault, MessagesApi, Reply
from voyaltis_flow.engine.request import Request
from voyaltis_flow.responders.claude import BatchedClaude, Claude, ClaudeSettings, batched
from voyaltis_flow.responders.claude.batches import Pauses
from voyaltis_flow.runtime.protocols import NotYet, ResponderError, Usage

QUICK = Pauses(first=0.005, longest=0.02, failures=4)
WAITING = [replace(make_request(turn), conversation=f"c{turn}") for turn in range(3)]
Make = Callable[..., BatchedClaude]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def make(tmp_path: Path, told: list[str]) -> Make:
    """A responder with the same file of answers each time."""

    def made(api: MessagesApi, **settings: str) -> BatchedClaude:
        chosen = ClaudeSettings(KEY, base_url=api.base_url, **settings)
        return BatchedClaude(chosen, tmp_path / "answers", pauses=QUICK, tell=told.append)

    return made


async def ask(responder: BatchedClaude, request: Request) -> tuple[str, Usage | None] | NotYet | ResponderError:
    text, usage = "", None
    try:
        async for item in responder.respond(request):
            if isinstance(item, Usage):
                usage = item
            else:
                text += item
    except (NotYet, ResponderError) as error:
        return error
    return text, usage


async def ask_all(responder: BatchedClaude, fetch: bool = True) -> list[str]:
    """What each request that waits is answered with: its text, or why there is none."""
    for request in WAITING:
        await ask(responder, request)
    if fetch:
        await responder.fetch()
    came = [await ask(responder, request) for request in WAITING]
    return [answer[0] if isinstance(answer, tuple) else getattr(answer, "failure", "not yet") for answer in came]


async def stopped_while_waiting(responder: BatchedClaude, api: MessagesApi, requests: list[Request]) -> None:
    """A run that sent these, and was stopped before the batch had ended."""
    api.batches.looks = 10_000
    for request in requests:
        await ask(responder, request)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await responder.fetch()
    api.batches.looks = 1


async def test_what_was_asked_is_sent_in_one_batch_and_answered_when_it_is_asked_again(make: Make) -> None:
    async with MessagesApi([Reply(document(str(n))) for n in range(3)]) as api:
        api.batches.looks = 3
        responder = make(api)
        assert await ask_all(responder, fetch=False) == ["not yet"] * 3
        assert await ask_all(responder) == [document(str(n)) for n in range(3)]
    [batch] = api.batches.sent
    assert len(batch.requests) == 3
    assert batch.looks >= 3


async def test_a_batch_costs_half_of_what_the_same_replies_cost_in_a_stream(make: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        streamed = Claude(ClaudeSettings(KEY, base_url=api.base_url))
        [usage] = [item async for item in streamed.respond(WAITING[0]) if isinstance(item, Usage)]
        await streamed.aclose()
    async with MessagesApi([Reply(document())]) as api:
        responder = make(api)
        await ask(responder, WAITING[0])
        await responder.fetch()
        answer = await ask(responder, WAITING[0])
    assert isinstance(answer, tuple)
    assert answer[1] is not None
    assert answer[1].output_tokens == usage.output_tokens
    assert answer[1].cost == pytest.approx(usage.cost / 2)


PASSING: list[Fault] = ["expired", "overloaded", "rate_limited", "server_error"]
FINAL: list[tuple[Fault, str]] = [
    ("refusal", "refused"),
    ("max_tokens", "too_long"),
    ("unauthorized", "unauthorized"),
    ("canceled", "unavailable"),
]


@pytest.mark.parametrize("fault", PASSING)
async def test_what_expires_or_fails_in_passing_is_told_and_sent_again(
    make: Make, told: list[str], fault: Fault
) -> None:
    async with MessagesApi([Reply(document()), Reply(fault=fault), Reply(document())]) as api:
        assert await ask_all(make(api)) == [document()] * 3
    assert [len(batch.requests) for batch in api.batches.sent] == [3, 1]
    assert "2 answered, 1 failed" in told[1]
    assert "1 answered" in told[3]


@pytest.mark.parametrize("fault", PASSING)
async def test_sending_again_is_bounded_and_what_still_fails_is_a_failure_of_its_turn(make: Make, fault: Fault) -> None:
    async with MessagesApi([Reply(fault=fault)]) as api:
        failures = await ask_all(make(api))
    assert len(api.batches.sent) == batched.TIMES
    assert len(set(failures)) == 1
    assert failures[0] in ("timeout", "overloaded", "rate_limited", "unavailable")


@pytest.mark.parametrize(("fault", "failure"), FINAL)
async def test_what_fails_for_good_is_not_sent_again(make: Make, fault: Fault, failure: str) -> None:
    async with MessagesApi([Reply(document(), fault), Reply(document())]) as api:
        assert await ask_all(make(api)) == [failure, document(), document()]
    assert len(api.batches.sent) == 1


async def test_a_request_that_the_service_takes_for_none_fails_alone(make: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        assert await ask_all(make(api, model="claude-haiku-4-5", effort="low")) == ["invalid"] * 3
    assert len(api.batches.sent) == 1


async def test_a_stopped_run_waits_for_what_is_under_way_and_sends_only_the_rest(make: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        await stopped_while_waiting(make(api), api, WAITING[:2])
        assert await ask_all(make(api)) == [document()] * 3
    assert [len(batch.requests) for batch in api.batches.sent] == [2, 1]


async def test_answers_that_came_are_not_paid_for_again(make: Make, tmp_path: Path) -> None:
    async with MessagesApi([Reply(document())]) as api:
        await ask_all(make(api))
        (tmp_path / "answers").open("a").write('{"torn')
        assert await ask_all(make(api)) == [document()] * 3
    assert len(api.batches.sent) == 1
    assert stat.S_IMODE((tmp_path / "answers").stat().st_mode) == 0o600


async def test_the_file_goes_when_all_is_used_and_stays_while_something_failed(make: Make, tmp_path: Path) -> None:
    async with MessagesApi([Reply(document(), "refusal"), Reply(document())]) as api:
        for left in (True, False):
            responder = make(api)
            await ask_all(responder)
            responder.settle()
            assert (tmp_path / "answers").exists() is left
    assert [len(batch.requests) for batch in api.batches.sent] == [3, 1]


async def test_a_batch_that_the_service_has_lost_is_sent_again(make: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        await stopped_while_waiting(make(api), api, WAITING[:1])
        api.batches.batches["msgbatch_other"] = api.batches.batches.pop("msgbatch_0000")
        assert await ask_all(make(api)) == [document()] * 3


@pytest.mark.parametrize("faults", [[529, 429], [500, 500, 500]])
async def test_a_service_that_stumbles_while_it_is_asked_is_asked_again(make: Make, faults: list[int]) -> None:
    async with MessagesApi([Reply(document())]) as api:
        api.batches.faults = list(faults)
        assert await ask_all(make(api)) == [document()] * 3
    assert len(api.batches.sent) == 1


@pytest.mark.parametrize(("faults", "failure"), [([401], "unauthorized"), ([529] * 4, "overloaded")])
async def test_a_service_that_does_not_take_batches_ends_the_run(make: Make, faults: list[int], failure: str) -> None:
    async with MessagesApi([Reply(document())]) as api:
        api.batches.faults = list(faults)
        with pytest.raises(ResponderError) as raised:
            await ask_all(make(api))
    assert raised.value.failure == failure


async def test_more_than_the_service_takes_at_once_goes_in_several_batches(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batched, "MOST_REQUESTS", 2)
    async with MessagesApi([Reply(document())]) as api:
        assert await ask_all(make(api)) == [document()] * 3
    assert [len(batch.requests) for batch in api.batches.sent] == [2, 1]


async def test_neither_the_key_nor_the_reps_words_are_told_or_logged(
    make: Make, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with MessagesApi([Reply(document(), "refusal"), Reply(fault="overloaded"), Reply(document())]) as api:
        await ask_all(make(api))
    shown = caplog.text + "".join(told)
    assert KEY not in shown
    assert "Arnaud" not in shown
