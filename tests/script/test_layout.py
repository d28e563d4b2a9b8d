"""Laying out changes how a text looks, never what it says; doing it twice is doing it once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voyaltis_flow.script.document import Document
from voyaltis_flow.script.layout import laid_out
from voyaltis_flow.script.parser import parse

ROOT = Path(__file__).parents[2]
SHIPPED = [path for folder in ("flows", "styles", "catalogs") for path in sorted((ROOT / folder).glob("*.yaml"))]

MESSY = """\


# A flow.
version:   2\t
flow: messy


budget:   {questions: 3,minutes : 2 ,  dollars: 0.1}   # all of it
opening:
      fr:   "Bonjour
           à tous"
      en: >-
            Hello
              there

            all   \n      # the end of the opening
points:
# the first
- id:   sales
  type: quantities
  collect: |
     what

       was sold


  # its question
  ask: [ "a" ,'b',
    c ]
-   id: mood
    type: choice
    options:
    -   - odd
    -     {id: x}
# - id: taken_out
    # a remark about what follows
report: { sales: sales }   \n\n\n"""
TIDY = """\
# A flow.
version: 2
flow: messy

budget: {questions: 3, minutes: 2, dollars: 0.1}   # all of it
opening:
  fr: "Bonjour
       à tous"
  en: >-
        Hello
          there

        all   \n  # the end of the opening
points:
  # the first
  - id: sales
    type: quantities
    collect: |
       what

         was sold

    # its question
    ask: ["a", 'b',
      c]
  - id: mood
    type: choice
    options:
      - - odd
      - {id: x}
# - id: taken_out
      # a remark about what follows
report: {sales: sales}
"""


def document(text: str) -> Document:
    return parse(Document("x.yaml", text))


def test_an_untidy_text_becomes_a_tidy_one() -> None:
    assert laid_out(document(MESSY)) == TIDY
    assert laid_out(document(TIDY)) == TIDY


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_is_laid_out(path: Path) -> None:
    text = path.read_text("utf-8")
    assert laid_out(document(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "a: |\n  x",
        "a: |+\n  x\n\n\n",
        "a: |-\n  x\n\n\n",
        "a: >2\n    x\n   y\n",
        "a: |\n  x\n      \n",
        "a: |\n  x\n # c\nb: 1\n",
        'a: "b \\\n    c\\  \n    d   \n  e"\n',
        "a: b\n   c\n\n   d\n",
        "a:\n     b\n   c\n",
        "a:\n- b\n-\n    c: d\n-\n  - e\n",
        "- - - a\n    - b\n  - c\n",
        "a: &x {b: c}\nd: *x\ne: {<<: *x, f: g}\n",
        "a: &x\n    b: c\nd:\n    <<: *x\n",
        "a: !!str\n    b\n",
        "? a\n:  b\n?   c\n:   - d\n",
        "a: {b: , c: }\nd: [ ]\ne: { }\n",
        "a: [{b: c}, [d,\n e], # f\n # g\n h]\n",
        "---\na: b\n",
        "a: b # c\n# d\n",
        "# only a comment above\n\n\na: 'it''s'\n",
        "a: {\n  b: c,\n\n\n  d: e\n}\n",
        "a: b\u2028 c\n",
        "a: x\r\nb:\r  c: |\r\n    y\r\n",
        'a: ["{{ b }}",\n        "c"]\n',
        "a:\n  b: x\n\n\n\n  # c\n\n\n  d: y\n",
        "'a' :   \"b\"\n",
        "a: http://x:1/y#z\n",
        "a: x  # \t \n",
        "a:\n  - b: |\n     c\n    d: e\n",
    ],
)
def test_what_it_says_stays_and_twice_is_once(text: str) -> None:
    before = document(text)
    assert before.mistakes == ()
    laid = laid_out(before)
    assert repr(document(laid).data) == repr(before.data)
    assert laid_out(document(laid)) == laid


words = st.text(st.sampled_from("abé :#-'\"{}[],&*!|>%@\n\t\\1"), max_size=30) | st.sampled_from(
    ["no", "1", "~", "a b"]
)
data = st.recursive(
    words | st.integers(-5, 99) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=15,
)


def untidied(text: str, chance: random.Random) -> str:
    """The same with comments, empty lines and blanks strewn in, where that is not seen to change what it says."""
    lines = []
    for written in text.split("\n"):
        line = written
        if chance.random() < 0.2:
            lines.append(chance.choice(["", "", " " * chance.randrange(9) + "# a comment", "  "]))
        at = line.find(": ")
        if chance.random() < 0.3 and at > 0:
            line = line[:at] + ":" + " " * chance.randrange(1, 5) + line[at + 2 :]
        if chance.random() < 0.2:
            line += chance.choice(["  ", "   # said", "\t"])
        lines.append(line)
    return "\n".join(lines)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.text("abc_", min_size=1, max_size=4), data, min_size=1, max_size=5),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.integers(2, 7),
    st.sampled_from([10, 40, 1000]),
    st.randoms(use_true_random=False),
)
def test_whatever_is_laid_out_says_the_same(
    said: dict[str, Any], flow: bool | None, quotes: str | None, indent: int, width: int, chance: random.Random
) -> None:
    text = yaml.safe_dump(
        said, default_flow_style=flow, default_style=quotes, indent=indent, width=width, allow_unicode=True
    )
    strewn = untidied(text, chance)
    before = document(strewn)
    assume(not before.mistakes and isinstance(before.data, dict))
    laid = laid_out(before)
    assert repr(document(laid).data) == repr(before.data)
    assert laid_out(document(laid)) == laid
    assert [line.count("# a comment") for line in strewn.split("\n")].count(1) == laid.count("# a comment")
