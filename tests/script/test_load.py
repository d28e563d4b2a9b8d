from __future__ import annotations

import pytest

from voyaltis_flow.script.document import Document, place_all
from voyaltis_flow.script.load import Read, content_hash, extended, kind_of, open_document, read, typed
from voyaltis_flow.script.models import Flow, Text

PARENT = """
version: 1
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
    flow = child("version: 1\nflow: child\nextends: parent\nbudget: {minutes: 2}\n").value
    assert flow is not None
    assert (flow.flow, flow.budget.questions, flow.budget.minutes) == ("child", 4, 2)
    assert [point.id for point in flow.points] == ["a", "b"]


def test_points_are_merged_by_their_id_in_the_parents_order() -> None:
    points = "points: [{id: c, type: text, collect: C}, {id: b, questions: 2}, {id: a, collect: AA}]"
    flow = child(f"version: 1\nflow: child\nextends: parent\nopening: {{fr: Salut}}\n{points}\n").value
    assert flow is not None
    assert [(point.id, point.questions) for point in flow.points] == [("a", 1), ("b", 2), ("c", None)]
    assert flow.points[0].collect.variants("fr") == ("AA",)
    assert flow.opening.variants("fr") == ("Salut",)
    assert flow.opening.variants("en") == ("Hello",)


def test_a_problem_of_a_merged_point_is_told_where_the_child_wrote_it() -> None:
    found = child("version: 1\nflow: child\nextends: parent\npoints:\n  - {id: b, questions: two}\n")
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


def test_a_hash_does_not_depend_on_the_layout() -> None:
    flow = read(Flow, "x.yaml", PARENT).value
    same = read(
        Flow, "y.yaml", "# note\n" + PARENT.replace("{questions: 4, minutes: 3}", "\n  minutes: 3.0\n  'questions': 4")
    ).value
    other = read(Flow, "x.yaml", PARENT.replace("collect: B", "collect: C")).value
    assert flow
    assert same
    assert other
    assert content_hash(flow) == content_hash(same) != content_hash(other)
    assert content_hash(flow, None) != content_hash(flow)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("version: 1\nflow: x\nstyle: y\ncatalog: z\n", "flow"),
        ("style: x\nlines: {}", "style"),
        ("categories: []", "catalog"),
        (b"\xffproducts:\nproducts: []", "catalog"),
        ("  flow: x", None),
    ],
)
def test_the_kind_of_a_file_is_in_its_top_keys(content: bytes | str, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_a_text_falls_back_from_its_language() -> None:
    text = Text.model_validate({"fr": ["un", "deux"], "*": "any"})
    assert text.variants("fr") == ("un", "deux")
    assert text.variants("en") == ("any",)
    assert text.words() == ("un", "deux", "any")
    assert Text.model_validate({"fr": "un"}).variants("en") == ("un",)
    assert Text({}).variants("fr") == ()
