from __future__ import annotations

import pytest

from voyaltis_flow.script.load import content_hash, kind_of, read
from voyaltis_flow.script.models import Flow, Text

FLOW = """
version: 2
flow: parent
opening: {fr: Bonjour, en: Hello}
budget: {questions: 4, minutes: 3}
points:
  - {id: a, type: text, collect: A, questions: 1}
  - {id: b, type: text, collect: B}
report: {feedback: a}
"""


def test_a_hash_does_not_depend_on_the_layout() -> None:
    flow = read(Flow, "x.yaml", FLOW).value
    same = read(
        Flow, "y.yaml", "# note\n" + FLOW.replace("{questions: 4, minutes: 3}", "\n  minutes: 3.0\n  'questions': 4")
    ).value
    other = read(Flow, "x.yaml", FLOW.replace("collect: B", "collect: C")).value
    assert flow
    assert same
    assert other
    assert content_hash(flow) == content_hash(same) != content_hash(other)
    assert content_hash(flow, None) != content_hash(flow)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("version: 2\nflow: x\nstyle: y\ncatalog: z\n", "flow"),
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
