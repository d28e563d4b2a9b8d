"""The report and the progress."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.engine.scene import POINTS, begin, make_script, opened, play, reply, sale, say
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import EndReason, UsageCharged
from voyaltis_flow.reading.model import Refusal

SCHEMA = json.loads((files("voyaltis_flow.engine") / "schemas" / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

FIELDS = (
    "version conversation flow style language rep event started ended ended_because sales insights feedback points "
    "evidence unresolved outside_catalog gaps transcript usage timing"
)


def valid(conversation: Conversation) -> dict[str, Any]:
    """The report, which must be valid."""
    report = json.loads(json.dumps(conversation.report(), allow_nan=False))
    VALIDATOR.validate(report)
    return dict(report)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_report_has_exactly_the_fields_of_the_contract() -> None:
    assert list(valid(opened())) == FIELDS.split()


def test_a_report_is_valid_before_anything_happened() -> None:
    report = valid(begin())
    assert (report["started"], report["transcript"]) == (None, [])


def test_a_full_report_says_what_was_said() -> None:
    conversation = opened()
    say(conversation, "2 s25; 3 tv; 4 xbox; ? a56; 1 tv65~")
    conversation.charge(UsageCharged(responder="claude", model="m", input_tokens=5, cost=0.25))
    say(conversation, "fb they loved it; in lidl is cheap")
    conversation.end("hung_up", 61.0)
    report = valid(conversation)
    assert report["sales"] == {"s25": 2}
    assert report["feedback"] == "they loved it"
    assert report["insights"] == ["lidl is cheap"]
    assert report["points"]["mood"] == "flat"
    assert [entry["derivation"] for entry in report["evidence"]] == ["said", "said", "said", "assumed"]
    assert report["evidence"][0] == {
        "point": "sales",
        "key": "s25",
        "value": 2,
        "quotes": [{"turn": 0, "text": "2 s25"}],
        "derivation": "said",
        "match": "name",
        "score": 1.0,
        "confirmed": False,
    }
    assert [(entry["mention"], entry["quantity"], entry["candidates"]) for entry in report["unresolved"]] == [
        ("a56", None, ["a56"]),
        ("1 tv65~", 1, ["tv65"]),
    ]
    assert report["outside_catalog"] == [{"mention": "xbox", "quantity": 4, "turn": 0}]
    assert report["gaps"] == [{"point": "sales", "reason": "unresolved"}]
    assert (report["ended_because"], report["ended"]) == ("hung_up", "1970-01-01T00:01:01.000Z")
    assert (report["usage"]["cost"], report["usage"]["input_tokens"], report["timing"]["turns"]) == (0.25, 5, 2)


def test_every_quote_stands_in_its_turn() -> None:
    conversation = opened()
    say(conversation, "2 s25", "+1 s25; fb good")
    report = valid(conversation)
    turns = {line["turn"]: line["text"] for line in report["transcript"] if line["speaker"] == "rep"}
    quotes = [quote for entry in report["evidence"] for quote in entry["quotes"]]
    assert len(quotes) == 3
    assert all(quote["text"] in turns[quote["turn"]] for quote in quotes)


@pytest.mark.parametrize(
    ("texts", "because", "reasons"),
    [
        ((), "hung_up", {"sales": "asked_not_answered", "feedback": "ended_early"}),
        (("hm", "hm"), "hung_up", {"sales": "asked_not_answered", "feedback": "asked_not_answered"}),
        (("2 s25",), "hung_up", {"feedback": "asked_not_answered", "insights": "ended_early"}),
        (("!dont_know",), "hung_up", {"sales": "unknown_to_rep", "feedback": "asked_not_answered"}),
        (("2 s25", "!declined"), "hung_up", {"feedback": "declined", "insights": "asked_not_answered"}),
        (("2 s25", "!dont_know"), "hung_up", {"feedback": "unknown_to_rep", "insights": "asked_not_answered"}),
        (("3 tv",), "hung_up", {"sales": "unresolved", "feedback": "ended_early"}),
    ],
)
def test_every_gap_has_its_reason(texts: tuple[str, ...], because: EndReason, reasons: dict[str, str]) -> None:
    conversation = opened()
    say(conversation, *texts)
    conversation.end(because, 9.0)
    assert {gap["point"]: gap["reason"] for gap in valid(conversation)["gaps"]} == reasons


def test_what_the_budget_never_reached_says_so() -> None:
    conversation = opened(make_script(budget={"questions": 1}))
    say(conversation, "2 s25")
    assert {gap["point"]: gap["reason"] for gap in valid(conversation)["gaps"]} == {
        "feedback": "not_asked_budget",
        "insights": "not_asked_budget",
    }


def test_what_a_model_made_up_is_a_refused_gap() -> None:
    conversation = opened()
    turn = conversation.hear("hm", 1.0)
    play(turn, reply("Ok.", None, sales=[sale("s25", 9)]))
    conversation.commit(turn, at=1.0)
    assert valid(conversation)["gaps"][0] == {"point": "sales", "reason": "refused"}


def test_every_reason_is_in_the_schema() -> None:
    ends = SCHEMA["properties"]["ended_because"]["enum"]
    assert set(ends) == {*EndReason.__args__, None}


def test_progress_tells_what_the_app_shows() -> None:
    conversation = opened()
    say(conversation, "2 s25", at=60.0)
    progress = conversation.progress(90.0)
    assert list(progress) == ["conversation", "turn", "points", "evidence", "open", "asked", "budget"]
    assert progress["points"] == {"sales": {"s25": 2}}
    assert (progress["open"], progress["asked"], progress["turn"]) == (["feedback", "insights"], "feedback", 1)
    assert progress["budget"] == {"questions": {"spent": 2, "of": 5}, "minutes": {"spent": 1.5, "of": 5.0}}


@pytest.mark.parametrize(
    ("point", "key", "value", "expected"),
    [
        ("sales", "s25", 7, {"s25": 7}),
        ("sales", "s25", None, {}),
        ("sales", "a56", 1, {"s25": 2, "a56": 1}),
        ("feedback", None, "great", "great"),
        ("mood", "", "happy", "happy"),
        ("insights", None, ["x", "y"], ["x", "y"]),
        ("insights", None, None, []),
    ],
)
def test_the_app_corrects_values(point: str, key: str | None, value: Any, expected: Any) -> None:
    conversation = opened()
    say(conversation, "2 s25; in lidl")
    assert not isinstance(conversation.correct(point, key, value, 5.0), Refusal)
    assert valid(conversation)["points"][point] == expected


@pytest.mark.parametrize(
    ("point", "key", "value", "words"),
    [
        ("party", None, 1, "there is no point"),
        ("sales", "unicorn", 1, "no product"),
        ("sales", None, 1, "no product"),
        ("sales", "s25", "seven", "does not fit"),
        ("sales", "s25", -1, "does not fit"),
        ("sales", "s25", float("inf"), "does not fit"),
        ("feedback", "s25", "x", "takes no key"),
        ("mood", None, "angry", "does not fit"),
        ("insights", None, [1], "does not fit"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused_in_words(
    point: str, key: str | None, value: Any, words: str
) -> None:
    conversation = opened()
    state = conversation.state
    refusal = conversation.correct(point, key, value, 5.0)
    assert isinstance(refusal, Refusal)
    assert words in refusal.reason
    assert conversation.state is state


def test_a_corrected_value_is_confirmed() -> None:
    conversation = opened()
    say(conversation, "2 s25~")
    conversation.correct("sales", "s25", 3, 5.0)
    entry = valid(conversation)["evidence"][0]
    assert (entry["value"], entry["confirmed"], entry["derivation"], entry["quotes"]) == (3, True, "corrected", [])


def test_whatever_point_a_part_of_the_report_names_it_is_valid() -> None:
    points = [*POINTS, {"id": "outs", "type": "products", "collect": "outs", "default": ["s25"]}]
    for view in ({"sales": "feedback", "feedback": "sales", "insights": "mood"}, {"sales": "outs", "feedback": "outs"}):
        conversation = opened(make_script(points=points, report=view))
        say(conversation, "2 s25; fb good; in x")
        report = valid(conversation)
        assert report["sales"] == {}
        assert report["points"]["outs"] == ["s25"]


TYPED: dict[str, tuple[dict[str, Any], Any]] = {
    "products": ({"type": "products"}, True),
    "amounts": ({"type": "amounts"}, 2.5),
    "number": ({"type": "number", "minimum": 0}, 3),
    "yes_no": ({"type": "yes_no"}, True),
    "date": ({"type": "date"}, "2026-11-24"),
    "schema": ({"type": "schema", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}, {"a": "x"}),
}


@pytest.mark.parametrize("kind", TYPED)
def test_points_of_every_type_are_corrected_and_reported(kind: str) -> None:
    written, value = TYPED[kind]
    points = [*POINTS, {"id": "more", "collect": "more", **written}]
    conversation = opened(make_script(points=points))
    key = "s25" if kind in ("products", "amounts") else None
    assert not isinstance(conversation.correct("more", key, value, 5.0), Refusal)
    expected = {"products": ["s25"], "amounts": {"s25": 2.5}}.get(kind, value)
    assert valid(conversation)["points"]["more"] == expected
