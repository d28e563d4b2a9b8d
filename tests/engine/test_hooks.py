"""A flow's own Python: it may refuse and it may read, and nothing that it does ends a conversation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Refused
from voyaltis_flow.engine.hooks import Hook, PointHooks, Said
from voyaltis_flow.project import load_style
from voyaltis_flow.script.models import Catalog, Flow

POINTS = [
    {"id": "sales", "type": "quantities", "collect": "Sales", "ask": "What got sold?", "required": True},
    {"id": "order", "type": "text", "collect": "The order", "ask": "Which order?", "required": True},
    {"id": "notes", "type": "list", "collect": "Notes", "ask": "Anything else?"},
    {
        "id": "contact",
        "type": "schema",
        "schema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        "collect": "Who to call",
        "ask": "Who can we call?",
    },
]
CATALOG = {"version": 1, "products": [{"id": "s25", "name": "Galaxy S25", "category": "phone", "aliases": ["S25"]}]}


def hook(function: Callable[..., Any]) -> Hook:
    return Hook("orders:hook", function)


def held(hooks: dict[str, PointHooks], *says: tuple[str, str], claims: Any = None) -> Conversation:
    """A conversation in which the rep answered so: (what was asked, what was said)."""
    flow = Flow.model_validate(
        {"version": 1, "flow": "f", "languages": ["en"], "opening": "Hi! What got sold?", "points": POINTS}
    )
    catalog = Catalog.model_validate(CATALOG)
    script = CompiledScript.compile(flow, load_style("friendly_colleague").value, [catalog], hooks)
    conversation = Conversation(script, "c1")
    for asked, words in says:
        turn = conversation.hear(words, 0.0, asked)
        if claims:
            nothing = dict.fromkeys(point["id"] for point in POINTS)
            reply = {"nextMessage": "Okay.", "asksAbout": None, "extractedData": nothing | claims}
            turn.feed(json.dumps(reply | {"isComplete": False, "reasoning": ""}))
        turn.finish()
        events = conversation.commit(turn, at=0.0)
        refusals.extend(event for event in events if isinstance(event, Refused))
    return conversation


refusals: list[Refused] = []


@pytest.fixture(autouse=True)
def _none_before() -> None:
    refusals.clear()


@pytest.mark.parametrize("verdict", [None, True])
def test_a_check_that_takes_a_value_changes_nothing(verdict: Any) -> None:
    report = held({"order": PointHooks(check=hook(lambda *_: verdict))}, ("order", "It's A-17.")).report()
    assert report["points"]["order"] == "It's A-17"
    assert refusals == []


@pytest.mark.parametrize(("verdict", "reason"), [("no such\norder", "no such order"), (False, "does not take it")])
def test_a_value_that_a_check_does_not_take_is_refused_with_its_reason_and_asked_again(
    verdict: Any, reason: str
) -> None:
    conversation = held({"order": PointHooks(check=hook(lambda *_: verdict))}, ("order", "It's A-17."))
    assert conversation.report()["points"]["order"] is None
    assert {"point": "order", "reason": "refused"} in conversation.report()["gaps"]
    assert "order" in conversation.progress()["open"]
    [refused] = refusals
    assert (refused.point, refused.code, refused.claim) == ("order", "hook_refused", "It's A-17")
    assert reason in refused.reason


def test_a_check_is_told_the_value_and_the_words_for_it() -> None:
    told: list[tuple[Any, Said]] = []
    checks = {"sales": PointHooks(check=hook(lambda value, said: told.append((value, said))))}
    held(checks, ("sales", "I sold two S25."))
    assert told == [(2, Said("sales", "s25", "two S25", 0, "en"))]


def test_what_one_check_refuses_leaves_the_rest_of_the_turn() -> None:
    checks = {"notes": PointHooks(check=hook(lambda value, said: "no names" if "Smith" in value else None))}
    report = held(checks, ("notes", "We ran out of S25. Mrs Smith was angry."), ("sales", "I sold two S25.")).report()
    assert report["points"]["notes"] == ["We ran out of S25"]
    assert report["points"]["sales"] == {"s25": 2}


def test_a_read_makes_the_value_of_the_words_and_the_words_stay_its_evidence() -> None:
    reads = {"order": PointHooks(read=hook(lambda said: said.words.split()[-1].strip(".").upper()))}
    report = held(reads, ("order", "That was a-17.")).report()
    assert report["points"]["order"] == "A-17"
    [evidence] = report["evidence"]
    assert (evidence["value"], evidence["quotes"]) == ("A-17", [{"turn": 0, "text": "That was a-17"}])


def test_a_read_with_a_schema_is_a_type_of_ones_own_without_a_model() -> None:
    reads = {"contact": PointHooks(read=hook(lambda said: {"name": said.words.split()[-1]}))}
    assert held(reads, ("contact", "You can call Martha")).report()["points"]["contact"] == {"name": "Martha"}


def test_a_model_points_at_the_words_and_the_read_makes_the_value() -> None:
    reads = {"contact": PointHooks(read=hook(lambda said: {"name": said.words.split()[-1]}))}
    claims = {"contact": {"value": {"name": "Napoleon"}, "quote": "call Martha"}}
    report = held(reads, ("notes", "You can call Martha"), claims=claims).report()
    assert report["points"]["contact"] == {"name": "Martha"}


def test_words_without_a_value_are_no_answer_and_no_fault() -> None:
    conversation = held({"order": PointHooks(read=hook(lambda said: None))}, ("order", "Well, some order."))
    assert conversation.report()["points"]["order"] is None
    assert "order" in conversation.progress()["open"]
    assert refusals == []


def test_a_model_s_claim_is_checked_as_well() -> None:
    checks = {"sales": PointHooks(check=hook(lambda value, said: "too many" if value > 1 else None))}
    claims = {"sales": [{"mention": "S25", "quantity": 2, "op": "set", "quote": "two S25"}]}
    assert held(checks, ("sales", "I sold two S25."), claims=claims).report()["points"]["sales"] == {}


def raises(*_: Any) -> Any:
    raise ValueError("boom\nat home")


def deep(*_: Any) -> Any:
    return deep()


async def later(*_: Any) -> str:
    return "soon"


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError


JUNK: list[Callable[..., Any]] = [
    raises,
    deep,
    lambda: None,
    lambda *_: sys.exit(3),
    lambda *_: 42,
    lambda *_: object(),
    lambda *_: Unshowable(),
    lambda *_: float("nan"),
    lambda *_: {"name": {1, 2}},
    lambda *_: {"name": 3},
    later,
]


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("kind", ["check", "read"])
@pytest.mark.parametrize("function", JUNK)
def test_whatever_a_hook_does_the_conversation_goes_on_and_the_point_is_told(
    kind: str, function: Callable[..., Any]
) -> None:
    working = PointHooks(read=hook(lambda said: {"name": said.words}))
    hooks = {"contact": replace(working, **{kind: hook(function)})}
    conversation = held(hooks, ("contact", "Call Martha."), ("sales", "I sold two S25."))
    assert conversation.report()["points"] == {"sales": {"s25": 2}, "order": None, "notes": [], "contact": None}
    [refused] = refusals
    assert (refused.point, refused.code) == ("contact", "hook_failed")
    assert refused.reason.startswith("orders:hook ")
    json.dumps(conversation.report())


def test_what_a_read_returns_must_fit_the_type_of_its_point() -> None:
    held({"order": PointHooks(read=hook(lambda said: 17))}, ("order", "It's A-17."))
    assert "orders:hook returned 17" in refusals[0].reason
