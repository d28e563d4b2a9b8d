"""Claude over the wire: what is asked, what comes back, and what every fault becomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.responders.conftest import KEY, SCHEMA, WORDS, document, make_request
from tests.standins.messages_api import Fault, MessagesApi, Pace, Reply
from voyaltis_flow.engine.request import Message, Request
from voyaltis_flow.responders.claude import Claude, ClaudeSettings, Patience
from voyaltis_flow.responders.claude.prompt import body
from voyaltis_flow.runtime.protocols import ResponderError, Usage

Make = Callable[..., Claude]
QUICK = Patience(first_token=0.6, between=0.15, whole=2.0, retries=2, backoff=0.01)


async def gather(responder: Claude, request: Request | None = None) -> tuple[str, list[Usage], ResponderError | None]:
    text, used = "", []
    try:
        async for item in responder.respond(request or make_request()):
            if isinstance(item, Usage):
                used.append(item)
            else:
                text += item
    except ResponderError as error:
        return text, used, error
    return text, used, None


async def test_the_text_streams_as_it_is_written(claude: Make) -> None:
    async with MessagesApi([Reply(document())], Pace(first_token_ms=50, tokens_per_second=200)) as api:
        clock = asyncio.get_running_loop().time
        came = [(clock(), item) async for item in claude(api).respond(make_request())]
    texts = [item for _, item in came if isinstance(item, str)]
    assert "".join(texts) == document()
    assert len(texts) > 10
    assert came[-2][0] - came[0][0] > 0.1


async def test_what_never_changes_is_marked_for_the_cache_and_is_read_from_it_at_the_next_turn(claude: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        responder = claude(api)
        _, [first], _ = await gather(responder)
        _, [second], _ = await gather(responder, make_request(turn=1))
    system = api.requests[0]["system"]
    assert [("cache_control" in block, block["text"][:9]) for block in system] == [
        (True, "You debri"),
        (False, "Ask about"),
    ]
    assert first.cache_write_tokens == second.cached_tokens > 500
    assert first.cached_tokens == second.cache_write_tokens == 0
    assert first.cost > second.cost > 0


async def test_usage_tells_tokens_cost_and_time_to_the_first_word(claude: Make) -> None:
    async with MessagesApi([Reply(document())], Pace(first_token_ms=80)) as api:
        _, [usage], _ = await gather(claude(api, model="claude-opus-5-5"))
    assert (usage.responder, usage.model) == ("claude", "claude-opus-5-5")
    assert usage.output_tokens == len(Reply(document()).chunks())
    assert usage.first_token_ms is not None
    assert 75 < usage.first_token_ms < 1000


BEFORE_THE_FIRST_WORD: list[tuple[Fault, str]] = [
    ("unauthorized", "unauthorized"),
    ("rate_limited", "rate_limited"),
    ("overloaded", "overloaded"),
    ("server_error", "unavailable"),
    ("no_answer", "timeout"),
    ("mute", "timeout"),
    ("stall", "timeout"),
    ("cut", "cut"),
    ("error_event", "overloaded"),
    ("refusal", "refused"),
]
IN_MID_ANSWER: list[tuple[Fault, str]] = [
    ("stall", "stalled"),
    ("cut", "cut"),
    ("ends_early", "cut"),
    ("error_event", "overloaded"),
    ("garbage_event", "invalid"),
    ("refusal", "refused"),
    ("max_tokens", "too_long"),
]


@pytest.mark.parametrize(("fault", "failure"), BEFORE_THE_FIRST_WORD)
async def test_a_fault_before_the_first_word_is_a_failure_with_a_name(claude: Make, fault: Fault, failure: str) -> None:
    async with MessagesApi([Reply(document(), fault, after=0.0)]) as api:
        text, _, error = await gather(claude(api, QUICK))
    assert error is not None
    assert (error.failure, text) == (failure, "")


@pytest.mark.parametrize(("fault", "failure"), IN_MID_ANSWER)
async def test_a_fault_in_mid_answer_has_a_name_and_a_cost(claude: Make, fault: Fault, failure: str) -> None:
    async with MessagesApi([Reply(document(), fault)]) as api:
        text, [usage], error = await gather(claude(api, QUICK))
    assert error is not None
    assert error.failure == failure
    assert text
    assert document().startswith(text)
    assert usage.output_tokens > 1
    assert usage.cost > 0


async def test_an_address_where_nobody_listens_is_a_network_failure(claude: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        responder = claude(api, QUICK)
    _, used, error = await gather(responder)
    assert error is not None
    assert (error.failure, used) == ("network", [])


@pytest.mark.parametrize("fault", ["overloaded", "rate_limited", "server_error", "cut", "error_event"])
async def test_what_fails_in_passing_before_the_first_word_is_asked_again(claude: Make, fault: Fault) -> None:
    async with MessagesApi([Reply(document(), fault, after=0.0), Reply(document())]) as api:
        text, used, error = await gather(claude(api, QUICK))
    assert (text, error, len(api.requests)) == (document(), None, 2)
    assert used[-1].output_tokens > 1


@pytest.mark.parametrize(("fault", "asked"), [("overloaded", 3), ("unauthorized", 1), ("refusal", 1)])
async def test_asking_again_is_bounded_and_only_where_it_may_help(claude: Make, fault: Fault, asked: int) -> None:
    async with MessagesApi([Reply(document(), fault, after=0.0)]) as api:
        await gather(claude(api, QUICK))
    assert len(api.requests) == asked


async def test_nothing_is_asked_again_once_a_word_has_come(claude: Make) -> None:
    async with MessagesApi([Reply(document(), "cut"), Reply(document())]) as api:
        text, _, error = await gather(claude(api, QUICK))
    assert error is not None
    assert 0 < len(text) < len(document())
    assert len(api.requests) == 1


async def test_a_wait_that_the_service_asks_for_is_not_taken_when_the_rep_would_wait_too_long(claude: Make) -> None:
    async with MessagesApi([Reply(fault="rate_limited", retry_after_ms=30_000)]) as api:
        started = asyncio.get_running_loop().time()
        _, _, error = await gather(claude(api, QUICK))
        assert asyncio.get_running_loop().time() - started < 0.5
    assert error is not None
    assert len(api.requests) == 1


async def test_all_attempts_together_keep_to_the_time_of_the_first_word(claude: Make) -> None:
    async with MessagesApi([Reply(fault="overloaded"), Reply(fault="mute")]) as api:
        responder = claude(api, QUICK)
        await responder.prepare()
        started = asyncio.get_running_loop().time()
        _, _, error = await gather(responder)
        assert asyncio.get_running_loop().time() - started < 1.0
    assert error is not None
    assert error.failure == "timeout"


async def test_closing_a_reply_early_lets_go_of_its_connection(claude: Make) -> None:
    async with MessagesApi([Reply(document(), "stall"), Reply(document())]) as api:
        responder = claude(api)
        reply = responder.respond(make_request())
        assert isinstance(await anext(reply), str)
        await reply.aclose()
        text, _, error = await gather(responder)
    assert (text, error) == (document(), None)


async def test_preparing_connects_and_a_bad_key_is_told_by_the_reply_only(claude: Make) -> None:
    async with MessagesApi([Reply(document())]) as api:
        await claude(api).prepare()
        assert api.prepared == 1
        away = claude(api)
    await away.prepare()


async def test_neither_the_key_nor_the_reps_words_reach_a_log_or_an_error(
    claude: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    for fault in ("unauthorized", "cut", "garbage_event", "refusal", "overloaded"):
        async with MessagesApi([Reply(document(WORDS), fault)]) as api:
            _, _, error = await gather(claude(api, QUICK))
        told += [repr(error), str(error), repr(error.__cause__ if error else None)]
    logged = caplog.text + "".join(told)
    assert KEY not in logged
    assert "Arnaud" not in logged
    assert KEY not in repr(ClaudeSettings(KEY))


@pytest.mark.parametrize(
    ("model", "effort", "sent", "thinking"),
    [
        ("claude-haiku-5-5", None, "low", "disabled"),
        ("claude-haiku-5-5", "max", "max", None),
        ("claude-sonnet-5-5", "medium", "medium", "between_tools"),
        ("claude-opus-5-5", None, "low", None),
        ("claude-haiku-4-5", None, None, None),
    ],
)
async def test_each_model_is_asked_to_answer_at_once_in_the_way_it_accepts(
    claude: Make, model: str, effort: str | None, sent: str | None, thinking: str | None
) -> None:
    settings = {"model": model} | ({"effort": effort} if effort else {})
    async with MessagesApi([Reply(document())]) as api:
        _, _, error = await gather(claude(api, **settings))
    asked = api.requests[0]
    assert error is None
    assert asked["output_config"].get("effort") == sent
    assert asked.get("thinking", {}).get("type") == thinking
    assert asked["output_config"]["format"] == {"type": "json_schema", "schema": SCHEMA}


@pytest.mark.parametrize(
    "spoken",
    [
        (),
        (Message("assistant", "Salut !"),),
        (Message("user", " "), Message("assistant", "Salut !"), Message("user", "Bonjour")),
    ],
)
def test_a_dialogue_always_begins_and_ends_with_the_rep(spoken: tuple[Message, ...]) -> None:
    sent = body(replace(make_request(), messages=spoken), ClaudeSettings(KEY))["messages"]
    assert sent[0]["role"] == sent[-1]["role"] == "user"
    assert all(message["content"].strip() for message in sent)


def test_pauses_grow_and_are_never_shorter_than_the_service_asks() -> None:
    pauses = [Patience().pause(attempt, 0.0) for attempt in range(4)]
    assert all(later == 2 * earlier for earlier, later in pairwise(pauses))
    assert Patience().pause(0, 5.0) == 5.0
