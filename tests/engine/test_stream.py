"""A reply while it is being written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scene import reply, sale
from voyaltis_flow.engine.stream import MAX_REPLY, ReplyParser

WRITTEN = reply(
    "C'est noté. Et ?", "sales", sales=[sale("s25", 2), sale("a56", 1)], feedback={"value": "é", "quote": "😀"}
)
ESCAPED = json.dumps(json.loads(WRITTEN))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def parsed(*chunks: str | bytes) -> ReplyParser:
    parser = ReplyParser()
    for chunk in chunks:
        parser.feed(chunk)
    return parser


def test_a_whole_reply_is_complete() -> None:
    parser = parsed(WRITTEN)
    assert (parser.complete, parser.closed, parser.broken) == (True, True, False)
    assert parser.text == "C'est noté. Et ?"
    assert parser.get("extractedData")["sales"][0]["quantity"] == 2


def test_a_field_is_closed_with_its_last_character() -> None:
    assert not parsed('{"nextMessage": "Oui.').has("nextMessage")
    assert parsed('{"nextMessage": "Oui."').has("nextMessage")
    assert not parsed('{"nextMessage": "Oui.", "asksAbout": nul').has("asksAbout")
    assert parsed('{"nextMessage": "Oui.", "asksAbout": null').has("asksAbout")
    assert not parsed('{"extractedData": {"sales": []').has("extractedData")
    assert parsed('{"extractedData": {"sales": []}, "isComplete": true').has("extractedData")


@pytest.mark.parametrize("written", [WRITTEN, ESCAPED])
def test_no_prefix_of_a_reply_is_broken(written: str) -> None:
    encoded = written.encode()
    for length in range(len(encoded) + 1):
        assert not parsed(encoded[:length]).broken


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), st.booleans())
def test_no_prefix_of_any_object_is_broken(value: dict[str, object], ascii_only: bool) -> None:
    encoded = json.dumps(value, ensure_ascii=ascii_only).encode()
    for length in range(len(encoded) + 1):
        parser = parsed(encoded[:length])
        assert not parser.broken
        assert parser.closed == (length == len(encoded))


@pytest.mark.parametrize(
    "written", [WRITTEN, ESCAPED, WRITTEN[:150] + "<<<" + WRITTEN[150:], "[1, 2]", "no JSON", '{"a": 1, "a": 2}']
)
@given(data=st.data())
def test_chunks_make_no_difference(written: str, data: st.DataObject) -> None:
    encoded = written.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=12)))
    chunks = [encoded[start:end] for start, end in zip([0, *cuts], [*cuts, len(encoded)], strict=True)]
    one, many = parsed(encoded), parsed(*chunks)
    assert (one.broken, one.closed, one.fields, one.text) == (many.broken, many.closed, many.fields, many.text)
    assert one.salvaged() == many.salvaged()


def test_what_was_closed_of_a_cut_reply_is_salvaged() -> None:
    cut = WRITTEN[: WRITTEN.index('"a56"')]
    assert parsed(cut).salvaged() == {"sales": [sale("s25", 2)]}
    after_data = WRITTEN[: WRITTEN.index(', "isComplete"')]
    assert parsed(after_data).salvaged() == json.loads(WRITTEN)["extractedData"]
    assert parsed(WRITTEN[:20]).salvaged() is None


def test_a_cut_number_is_not_trusted() -> None:
    assert parsed('{"extractedData": {"n": {"value": 12').salvaged() is None


def test_braces_in_words_close_nothing() -> None:
    assert parsed('{"extractedData": {"sales": [], "feedback": {"value": "a } ] b').salvaged() == {"sales": []}


def test_prose_around_the_object_is_ignored() -> None:
    assert parsed("Sure!\n```json\n", WRITTEN, "\n```").complete
    assert parsed(f"```json\n{WRITTEN}\n```").complete
    assert parsed(WRITTEN + "}}").complete


def test_what_breaks_keeps_what_came_before() -> None:
    parser = parsed('{"nextMessage": "Oui.", "asksAbout": oops}')
    assert parser.broken
    assert parser.get("nextMessage") == "Oui."


def test_a_reply_without_end_is_cut_in_bounded_time() -> None:
    parser = ReplyParser()
    parser.feed('{"nextMessage": "')
    for _ in range(3 * MAX_REPLY // 1000):
        parser.feed("a" * 1000)
    assert parser.broken
    assert len(parser.text) < MAX_REPLY
