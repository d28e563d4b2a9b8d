"""Events and state as JSON, and the state as the fold of the events."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from tests.engine.scene import make_script, opened, play, reply, sale
from voyaltis_flow.engine import events as happened
from voyaltis_flow.engine.events import Event, Evidence, Person, decode, decode_all, encode
from voyaltis_flow.engine.state import State, decode_state, encode_state, replay
from voyaltis_flow.reading.model import Missing, OpenMention, Outside, Quote

QUOTE = Quote(2, "deux S25 « é » 😀")
EVIDENCE = Evidence("sales", "s25", 2, (QUOTE,), "corrected", "sound", 0.5, True, True)
MENTION = OpenMention("sales", "télé", 2.0, ("a", "b"), "tv", QUOTE)
MISSING = Missing("sales", "s25", "S25", QUOTE)

SATURATED: list[Event] = [
    happened.Opened(
        at=1.5,
        conversation="c1",
        flow="f",
        flow_hash="h",
        style="s",
        language="fr",
        rep=Person("r", "Léa"),
        event=Person("e", "Salon"),
        today="2026-11-24",
    ),
    happened.Resumed(at=2.5),
    happened.Heard(at=3.5, turn=2, text="deux", asked="sales"),
    happened.Understood(
        turn=2,
        language="fr",
        signals=("no", "yes"),
        answers="sales",
        open=(MENTION,),
        missing=(MISSING,),
        focus={"sales": {"candidates": ["a"], "n": 1.5, "x": None}},
    ),
    happened.LanguageChanged(language="en"),
    happened.Recorded(turn=2, evidence=EVIDENCE, item=True),
    happened.Removed(turn=2, point="sales", key="s25", quotes=(QUOTE,)),
    happened.Confirmed(turn=2, point="sales", key="s25"),
    happened.OutsideCatalog(turn=2, outside=Outside("sales", "xbox", 2.0, QUOTE)),
    happened.GaveUp(turn=2, about="which:tv", reason="declined"),
    happened.Refused(turn=2, point="sales", claim={"quote": "x", "n": [1, None]}, code="c", reason="r"),
    happened.Differed(turn=2, point="sales", claim={"quote": "x"}, reason="r"),
    happened.Spoken(at=4.5, text="Oui ?", lines=("bridge",), interrupted=True),
    happened.Asked(about="which:tv", point="sales", subject="télé", text="Oui ?", cost=0),
    happened.Repeated(turn=2),
    happened.Silence(at=5.5),
    happened.FellBack(turn=2, failure="cut", responder="rules"),
    happened.UsageCharged(
        responder="claude",
        model="m",
        input_tokens=1,
        cached_tokens=2,
        cache_write_tokens=3,
        output_tokens=4,
        cost=0.5,
        first_token_ms=6.5,
    ),
    happened.Ended(at=6.5, because="rep_stopped"),
]


def test_every_kind_of_event_is_here() -> None:
    assert {type(event) for event in SATURATED} == set(get_args(Event))


@pytest.mark.parametrize("event", SATURATED, ids=lambda event: event.kind)
def test_an_event_survives_json_with_every_field_set(event: Event) -> None:
    assert decode(encode(event)) == event
    assert json.loads(encode(event))["kind"] == event.kind
    for field in fields(event):
        default = field.default
        assert getattr(event, field.name) != default or field.name == "kind", f"{field.name} is not saturated"


def test_the_state_after_all_of_them_survives_json_with_every_field_set() -> None:
    state = replay(SATURATED)
    assert decode_state(encode_state(state)) == state
    more = replay(
        [
            happened.Recorded(turn=2, evidence=EVIDENCE),
            happened.Understood(turn=3, language="fr", signals=("empty", "stop"), focus={"turn": 3}),
            happened.Silence(at=7.0),
            happened.Asked(about="sales", point="sales"),
        ],
        state,
    )
    assert [field.name for field in fields(more) if getattr(more, field.name) == getattr(State(), field.name)] == []
    assert decode_state(encode_state(more)) == more


def test_a_line_that_is_no_event_is_a_value_error() -> None:
    for line in ("{}", "[]", '{"kind": "party"}', "oops", '{"kind": "ended"}'):
        with pytest.raises(ValueError, match="validation error"):
            decode(line)


def test_replaying_the_journal_gives_the_same_state() -> None:
    conversation = opened(make_script(budget={"questions": 20}))
    for text in ("2 s25; 3 tv; 2 xbox", "? a56", "", "!declined", "1 s25~", "!yes", "fb good; in x"):
        turn = conversation.hear(text, 1.0)
        play(turn, reply("Nice.", "feedback", sales=[sale("a56", 9)]))
        before = conversation.state
        events = conversation.commit(turn, at=2.0)
        assert replay(decode_all([encode(event) for event in events]), before) == conversation.state
    assert decode_state(encode_state(conversation.state)) == conversation.state


def test_nothing_that_can_change_is_held() -> None:
    def frozen(value: Any) -> bool:
        if is_dataclass(value):
            return all(frozen(getattr(value, field.name)) for field in fields(value))
        return not isinstance(value, list | set)

    assert frozen(replay(SATURATED[:1] + SATURATED[5:9]))
