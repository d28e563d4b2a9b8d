from __future__ import annotations

import re
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.script.document import LARGE, SMALL, Document, Mark, decode
from voyaltis_flow.script.load import open_document
from voyaltis_flow.script.parser import MAX_DEPTH, parse

NUMBER_OF_1_2 = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0[ox][\da-fA-F]+")
"""PyYAML writes with quotes what YAML 1.1 takes for a number, and leaves bare what only 1.2 does ("0E0")."""
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff")
).filter(lambda text: not NUMBER_OF_1_2.fullmatch(text))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)


def read(content: bytes | str, limit: int = SMALL) -> Document:
    return parse(decode("x.yaml", content, limit))


def codes(content: bytes | str) -> list[str]:
    return [problem.code for problem in open_document("x.yaml", content, SMALL).problems]


def place(content: str, *path: str | int) -> tuple[int, int]:
    document = read(content)
    mark = document.reach(path)
    assert mark is not None
    return document.place(mark.start)


@given(st.dictionaries(TEXTS, DATA))
def test_what_another_program_wrote_is_read_as_it_was_meant(data: dict[str, Any]) -> None:
    assert read(yaml.safe_dump(data, allow_unicode=True)).data == data


@given(st.dictionaries(TEXTS, DATA))
def test_every_mark_points_at_what_it_marks(data: dict[str, Any]) -> None:
    document = read(yaml.safe_dump(data, allow_unicode=True, width=10**9))

    def look(value: Any, mark: Mark) -> None:
        if isinstance(value, str):
            assert yaml.load(document.text[mark.start : mark.end], Loader=yaml.BaseLoader) == value
        for key, inner in (mark.inside or {}).items():
            look(value[key], inner)

    assert document.mark is not None
    look(document.data, document.mark)


@given(st.text() | st.text(alphabet="ab:-[]{}#&*!|>'\"%@` \t\n<?,é😀"))
def test_no_text_raises(content: str) -> None:
    document = open_document("x.yaml", content, SMALL)
    assert isinstance(document.data, dict) or document.problems
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1


@given(st.binary())
def test_no_bytes_raise(content: bytes) -> None:
    document = open_document("x.yaml", content, SMALL)
    assert isinstance(document.data, dict) or document.problems


def test_columns_count_code_points() -> None:
    assert place("é😀: {a😀: b😀, c: d}\n", "é😀", "c") == (1, 17)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_editors_end_them(end: str) -> None:
    assert place(f"a: 1{end}b: 2{end}", "b") == (2, 4)


def test_a_byte_order_mark_takes_no_column() -> None:
    assert read("\ufeffa: b".encode()).data == {"a": "b"}
    assert place("\ufeffa: b", "a") == (1, 4)


def test_invalid_utf8_is_told_at_its_place() -> None:
    (problem,) = read(b"a: 1\nb: caf\xe9\n").problems
    assert (problem.code, problem.line, problem.column) == ("VF101", 2, 7)


@pytest.mark.parametrize("odd", ["\x00", "\x07", "\x1b", "\x7f", "\x9f"])
def test_control_characters_are_told_at_their_place(odd: str) -> None:
    (problem,) = read(f"a: 1\nb: {odd}x").problems
    assert (problem.code, problem.line, problem.column) == ("VF102", 2, 4)


@pytest.mark.parametrize("content", ["", " \n", "# only a comment\n", "---\n", "null"])
def test_an_empty_file_is_one_problem(content: str) -> None:
    assert codes(content) == ["VF104"]


@pytest.mark.parametrize("content", ["- a", "text", "5"])
def test_what_is_no_mapping_is_one_problem(content: str) -> None:
    assert codes(content) == ["VF106"]


def test_too_large_a_file_is_refused_before_it_is_parsed() -> None:
    began = perf_counter()
    document = read(b"a: [" * (LARGE // 4 + 1), LARGE)
    assert [problem.code for problem in document.problems] == ["VF103"]
    assert perf_counter() - began < 0.5
    assert codes("a: " + "x" * SMALL) == ["VF103"]


@pytest.mark.parametrize("content", ["a: " + "[" * 100_000, "a: " + "{a: " * 100_000, "- " * 100_000, "? " * 50_000])
def test_deep_nesting_is_one_problem(content: str) -> None:
    assert codes(content) == ["VF109"]


def test_what_is_deep_but_bearable_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert codes("a: " + "[" * depth + "]" * depth) == []


def test_a_bomb_is_one_problem_and_takes_no_time() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    ]
    began = perf_counter()
    assert codes("\n".join(lines)) == ["VF110"]
    assert perf_counter() - began < 0.5


def test_an_alias_stands_for_what_it_names() -> None:
    document = read("a: &x {b: 1}\nc: *x\nd: &t text\n*t : 3\n")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}, "d": "text", "text": 3}
    assert place("a: &x {b: 1}\nc: *x\n", "c", "b") == (1, 11)


def test_merged_keys_yield_to_those_that_stand_there() -> None:
    document = read("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {x: 9, z: 4}]}\n")
    assert document.data["b"] == {"x": 1, "y": 3}
    assert document.data["c"] == {"x": 1, "y": 2, "z": 4}
    assert not document.problems


def test_reading_on_after_an_odd_key() -> None:
    document = read("a: {[x]: 1, b: 2}\n")
    assert document.data == {"a": {"b": 2}}
    assert [problem.code for problem in document.problems] == ["VF114"]
