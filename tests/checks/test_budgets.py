"""What is proved of a budget is what the engine does: the same flows are held and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scene import make_flow, make_script, opened, say
from voyaltis_flow.checks import RATES, check, worst_case
from voyaltis_flow.checks.worst_case import AGENT_WORDS, ANSWER_WORDS, REP_WORDS
from voyaltis_flow.project import load_flow
from voyaltis_flow.script.models import Flow


def point(name: str, **keys: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "collect": name, "ask": [f"What of {name}?"], **keys}


def never_reached(flow: Flow) -> list[str]:
    return [str(flow.points[found.finding.path[1]].id) for found in check(flow) if found.code.name == "VF323"]


POINTS = st.lists(
    st.fixed_dictionaries(
        {"required": st.booleans()},
        optional={"questions": st.integers(0, 2), "ask": st.just("never"), "when": st.just("nothing")},
    ),
    min_size=1,
    max_size=6,
)


@given(POINTS, st.integers(0, 6), st.sampled_from(["Hello.", "Hello, how was it?"]))
def test_a_rep_who_answers_what_is_asked_is_never_asked_what_is_not_reached(
    keys: list[dict[str, Any]], questions: int, opening: str
) -> None:
    points = [point(f"p{place}", **entry) for place, entry in enumerate(keys)]
    points = [{**entry, "when": "p0"} if entry.get("when") and place else entry for place, entry in enumerate(points)]
    points[0].pop("when", None)
    flow = make_flow(points=points, budget={"questions": questions}, opening=opening, report={})
    conversation = opened(make_script(points=points, budget={"questions": questions}, opening=opening, report={}))
    while not conversation.ended:
        say(conversation, "ok")
    asked = {entry.point for entry in conversation.state.asked}
    assert asked.isdisjoint(never_reached(flow))
    assert conversation.state.spent <= worst_case(flow).questions


@pytest.mark.parametrize(
    ("budget", "points", "lost"),
    [
        (3, [point("a"), point("b"), point("c")], []),
        (2, [point("a"), point("b"), point("c")], ["c"]),
        (2, [point("a"), point("b"), point("c", required=True)], ["b"]),
        (2, [point("a"), point("b", when="a"), point("c")], []),
        (2, [point("a"), point("b", ask="never"), point("c")], []),
        (2, [point("a"), point("b", questions=0), point("c")], []),
        (0, [point("a")], ["a"]),
    ],
)
def test_the_points_behind_the_last_question_are_named(
    budget: int, points: list[dict[str, Any]], lost: list[str]
) -> None:
    flow = make_flow(points=points, budget={"questions": budget}, opening="So?", report={})
    assert never_reached(flow) == lost


def test_the_most_questions_are_those_that_points_can_spend() -> None:
    few = make_flow(points=[point("a"), point("b", required=True)], budget={"questions": 9}, report={})
    many = make_flow(points=[point("a", type="quantities")], budget={"questions": 9}, report={})
    assert (worst_case(few).questions, worst_case(many).questions) == (3, 9)


def test_longer_words_and_more_questions_take_longer() -> None:
    def minutes(**changed: Any) -> float:
        return worst_case(make_flow(points=[point("a", required=True)], report={}, **changed)).minutes

    assert minutes() < minutes(closing="Thanks. " * 40)
    assert minutes(budget={"questions": 1}) < minutes(budget={"questions": 2})
    assert minutes() == minutes(closing={"fr": "Au revoir", "en": "Thanks {{ rep.name }}. {% if x %}{% endif %}Bye!"})


def test_too_few_minutes_name_the_rates_of_speech() -> None:
    flow = make_flow(points=[point("a", required=True)], budget={"questions": 5, "minutes": 0.5}, report={})
    (found,) = [found.finding for found in check(flow) if found.code.name == "VF324"]
    assert RATES in found.message


def test_the_docs_name_the_same_rates(pytestconfig: pytest.Config) -> None:
    told = Path(pytestconfig.rootpath, "docs", "language.md").read_text("utf-8")
    assert f"the agent says {AGENT_WORDS} words a minute, the rep {REP_WORDS}, and {ANSWER_WORDS} to an answer" in told


@pytest.mark.parametrize("name", ["event_debrief", "shop_visit"])
def test_the_flows_that_ship_fit_their_minutes(name: str) -> None:
    flow = load_flow(name).value
    assert flow.budget.minutes
    assert worst_case(flow).minutes < flow.budget.minutes
