"""A flow that extends another: what is whose, and where it is told."""

from __future__ import annotations

from voyaltis_flow.script.document import Document, place_all
from voyaltis_flow.script.extending import extended, inherited
from voyaltis_flow.script.load import Read, open_document, typed
from voyaltis_flow.script.models import Flow

PARENT = """
version: 2
flow: parent
opening: {fr: Bonjour, en: Hello}
budget: {questions: 4, minutes: 3}
points:
  - {id: a, type: text, collect: A, questions: 1}
  - {id: b, type: text, collect: B}
report: {feedback: a}
"""


def child(text: str) -> Read[Flow]:
    return typed(Flow, extended(document(text), document(PARENT)))


def document(text: str) -> Document:
    return open_document("x.yaml", text, 10**6)


def test_a_child_says_only_what_is_its_own() -> None:
    flow = child("version: 2\nflow: child\nextends: parent\nbudget: {minutes: 2}\n").value
    assert flow is not None
    assert (flow.flow, flow.budget.questions, flow.budget.minutes) == ("child", 4, 2)
    assert [point.id for point in flow.points] == ["a", "b"]


def test_points_are_merged_by_their_id_in_the_parents_order() -> None:
    points = "points: [{id: c, type: text, collect: C}, {id: b, questions: 2}, {id: a, collect: AA}]"
    flow = child(f"version: 2\nflow: child\nextends: parent\nopening: {{fr: Salut}}\n{points}\n").value
    assert flow is not None
    assert [(point.id, point.questions) for point in flow.points] == [("a", 1), ("b", 2), ("c", None)]
    assert flow.points[0].collect.variants("fr") == ("AA",)
    assert flow.opening.variants("fr") == ("Salut",)
    assert flow.opening.variants("en") == ("Hello",)


def test_a_problem_of_a_merged_point_is_told_where_the_child_wrote_it() -> None:
    found = child("version: 2\nflow: child\nextends: parent\npoints:\n  - {id: b, questions: two}\n")
    (problem,) = place_all(found.document, found.found)
    assert (problem.code, problem.line, problem.column) == ("VF122", 5, 24)


def test_a_point_written_twice_in_a_child_is_still_there_twice() -> None:
    twice = "points: [{id: b, questions: 1}, {id: b, type: text, collect: x}, {id: c}, 5, {id: [1]}]"
    merged = extended(document(f"flow: child\nextends: parent\n{twice}"), document(PARENT))
    assert [point["id"] if isinstance(point, dict) else point for point in merged.data["points"]] == [
        "a",
        "b",
        "b",
        "c",
        5,
        [1],
    ]


def test_a_key_with_nothing_in_it_takes_out_what_the_parent_says() -> None:
    flow = child("version: 2\nflow: child\nextends: parent\nreport:\nbudget: {minutes: }\n").value
    assert flow is not None
    assert (flow.report.feedback, flow.budget.questions, flow.budget.minutes) == (None, 4, None)


def test_a_schema_is_one_value_and_extension_data_are_merged() -> None:
    parent = document(
        "flow: p\nmeta: {owner: a, team: b}\npoints: [{id: c, schema: {type: object, required: [n]}, meta: {x: 1}}]"
    )
    merged = extended(
        document("flow: c\nextends: p\nmeta: {owner: z}\npoints: [{id: c, schema: {type: string}, meta: {y: 2}}]"),
        parent,
    ).data
    assert merged["meta"] == {"owner": "z", "team": "b"}
    assert merged["points"] == [{"id": "c", "schema": {"type": "string"}, "meta": {"y": 2, "x": 1}}]


def test_a_version_is_each_files_own() -> None:
    found = child("flow: child\nextends: parent\n")
    assert [problem.message for problem in place_all(found.document, found.found)] == ["`version` is missing."]


def test_what_came_from_the_parent_is_known() -> None:
    merged = extended(document("flow: child\nextends: parent\nbudget: {minutes: 2}\n"), document(PARENT))
    theirs: list[tuple[str | int, ...]] = [("points", 1, "type"), ("budget", "questions"), ("opening",)]
    mine: list[tuple[str | int, ...]] = [("budget", "minutes"), ("flow",), ("extends",), ()]
    assert [inherited(merged, path) for path in theirs] == [True] * 3
    assert [inherited(merged, path) for path in mine] == [False] * 4
