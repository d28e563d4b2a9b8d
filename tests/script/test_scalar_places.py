"""Whichever way a text is written in YAML, a character of it is found where it stands."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.script.load import open_document
from voyaltis_flow.script.problems import Code, Coded, Finding
from voyaltis_flow.script.scalar_places import ScalarPlaces

WORDS = st.lists(st.text("abcé{}%'\"\\:😀", min_size=1, max_size=12), min_size=1, max_size=12)
HERE = Code("VF999", "A test")


@given(WORDS, st.sampled_from(["'", '"', "|", ">", None]), st.integers(20, 60), st.data())
def test_any_character_is_found_in_any_way_of_writing(
    words: list[str], style: str | None, width: int, data: st.DataObject
) -> None:
    value = " ".join(words)
    written = yaml.dump({"text": value}, default_style=style, width=width, allow_unicode=data.draw(st.booleans()))
    document = open_document("x.yaml", written, 10_000)
    assert document.data == {"text": value}
    at = data.draw(st.integers(0, len(value) - 1).filter(lambda at: not value[at].isspace()))
    found = document.text[document.offset(Finding(("text",), "", at=at)) :]
    assert found[0] in (value[at], "\\") or found.startswith("''")


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("text: one {{ x }}", (1, 14)),
        ('text: "one {{ x }}"', (1, 15)),
        ("text: 'it''s {{ x }}'", (1, 17)),
        (r'text: "\u00e9\t{{ x }}"', (1, 19)),
        ("text: &anchor 'one {{ x }}'", (1, 23)),
        ("text: |\n  one\n  {{ x }}\n", (3, 6)),
        ("text: >-  # folded\n\n   one\n   two\n   {{ x }}\n", (5, 7)),
        ("text: one\n  two {{ x }}", (2, 10)),
        ('text: "one \\\n  {{ x }}"', (2, 6)),
    ],
)
def test_a_word_is_found_behind_quotes_escapes_and_folds(written: str, place: tuple[int, int]) -> None:
    document = open_document("x.yaml", written, 1000)
    problem = document.problem(Coded(HERE, Finding(("text",), "", at=document.data["text"].index("x }}"))))
    assert (problem.line, problem.column) == place


def test_a_value_that_was_written_elsewhere_is_told_where_it_is_named() -> None:
    assert ScalarPlaces("event_debrief", "Hello {{ x }}").offset(9) == 0
