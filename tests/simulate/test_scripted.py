"""A script says what a conversation must come to; what it does not come to is told with its place."""

from __future__ import annotations

import asyncio
from textwrap import indent

import pytest

from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.simulate.scripted import Outcome, play
from voyaltis_flow.simulate.suite import Stage, Suite


def held(suite: Suite) -> Outcome:
    stage = Stage(suite)
    return asyncio.run(play(suite.scenarios.scripted[0], stage.script(), Rules()))


def script(steps: str, end: str = "{}") -> str:
    return f"scripted:\n  - name: one\n    expect: {end}\n    steps:\n{indent(steps, '      ')}\n"


def told(outcome: Outcome) -> list[str]:
    return [str(failure.unmet) for failure in outcome.failures]


def test_what_is_as_expected_is_no_failure(written):
    steps = """\
- expect: {asked: opening, spent: 1, reply: [bonjour, vendu], ended: not_yet}
- says: J'ai vendu deux S25 et un Family Hub.
  expect: {recorded: {sales: {ph-s25: 2, fr-family-hub: 1}}, asked: feedback, spent: 2}
- Les clients ont adoré l'écran.
"""
    end = "{recorded: {feedback: adoré}, spent: [1, 2], ended: complete, asked: nothing, report: {gaps: []}}"
    outcome = held(written(script(steps, end)))
    assert outcome.failures == ()
    assert [line.speaker for line in outcome.lines] == ["agent", "rep", "agent", "rep", "agent"]


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("recorded: {sales: {ph-s25: 3}}", "recorded sales: expected {'ph-s25': 3}, got {'ph-s25': 2}"),
        ("recorded: {sales: {}}", "recorded sales: expected nothing, got {'ph-s25': 2}"),
        ("recorded: {feedback: cher}", "recorded feedback: expected cher, got nothing"),
        ("not_recorded: {sales: ph-s25}", "not_recorded sales: expected no ph-s25, got {'ph-s25': 2}"),
        ("asked: sales", "asked: expected sales, got feedback"),
        ("asked: nothing", "asked: expected nothing, got feedback"),
        ("spent: [3, 5]", "spent: expected [3, 5], got 2"),
        ("ended: complete", "ended: expected complete, got not_yet"),
        ("report: {points: {sales: {ph-s25: 9}}}", "report points sales ph-s25: expected 9, got 2"),
        (
            "report: {gaps: []}",
            "report gaps: expected nothing, got [{'point': 'feedback', 'reason': 'asked_not_answered'}]",
        ),
        ("report: {language: en}", "report language: expected en, got fr"),
    ],
)
def test_what_is_not_as_expected_is_told_with_what_was_there(written, expected, message):
    outcome = held(written(script(f"- says: J'ai vendu deux S25.\n  expect: {{{expected}}}")))
    assert told(outcome) == [message]


def test_words_of_the_reply_are_expected(written):
    (failure,) = held(written(script("- says: Deux S25.\n  expect: {reply: [2 S25, merci]}"))).failures
    assert failure.unmet.expected == "merci"


def test_a_failure_stands_where_it_was_written_and_after_the_line_that_it_is_about(written):
    suite = written(script("- Deux S25.\n- says: Non, trois.\n  expect:\n    asked: sales"))
    (failure,) = held(suite).failures
    assert suite.place(("scripted", 0, *failure.unmet.path)).endswith("stand.scenarios.yaml:10")
    assert failure.line == 5


def test_a_rep_can_be_silent_hang_up_be_cut_off_and_correct_in_the_app(written):
    steps = """\
- does: stays_silent
- Deux S25.
- {does: is_cut_off, expect: {recorded: {sales: {ph-s25: 2}}, asked: feedback, spent: 2}}
- {corrects: {point: sales, key: ph-s25, value: 4}, expect: {recorded: {sales: {ph-s25: 4}}}}
- does: hangs_up
"""
    outcome = held(written(script(steps, "{ended: hung_up, recorded: {sales: {ph-s25: 4}}}")))
    assert outcome.failures == ()
    assert [line.text for line in outcome.lines if line.speaker == "event"] == [
        "silence",
        "the agent was lost, another goes on",
        "corrected in the app: sales ph-s25 = 4",
        "hung up",
    ]


def test_a_correction_that_the_app_refuses_and_words_after_the_end_are_failures(written):
    steps = "- {corrects: {point: sales, key: ufo, value: 1}}\n- does: hangs_up\n- Deux S25.\n"
    found = told(held(written(script(steps))))
    assert found[0].startswith("corrects: expected 1, got the catalog has no product 'ufo'")
    assert found[1] == "says: expected Deux S25., got the conversation is over"


def test_the_minutes_pass_as_the_scenario_says(written):
    suite = written(script("- Deux S25.", "{ended: not_yet}"))
    slow = suite.scenarios.scripted[0].model_copy(update={"seconds_a_turn": 3600.0})
    flow = suite.flow.model_copy(update={"budget": suite.flow.budget.model_copy(update={"minutes": 5.0})})
    stage = Stage(Suite(suite.scenarios, suite.document, flow, suite.style, suite.styles, suite.catalogs))
    outcome = asyncio.run(play(slow, stage.script(), Rules()))
    assert told(outcome) == ["ended: expected not_yet, got budget"]
