"""What goes over the wire fits its schemas, and what comes over it is checked."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import load_script
from voyaltis_flow.rooms import protocol
from voyaltis_flow.rooms.protocol import Announcement, CallRefusedError, Correction
from voyaltis_flow.rooms.troubles import TroubleCode, trouble
from voyaltis_flow.rooms.untrusted import SchemaName, misfits, schema

DOCS = (Path(__file__).parents[2] / "docs" / "rooms.md").read_text("utf-8")
LINES = ["Deux S25, trois frigos et une télé.", "Le grand frigo.", "Les clients ont adoré.", "C'est tout, merci."]


@pytest.fixture(scope="module")
def script() -> CompiledScript:
    loaded = load_script("event_debrief")
    return CompiledScript.compile(loaded.flow, loaded.style, loaded.catalogs)


@pytest.mark.parametrize("name", get_args(SchemaName))
def test_the_schemas_that_ship_are_schemas(name: SchemaName) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_progress_and_report_fit_their_schemas_at_every_turn(script: CompiledScript) -> None:
    conversation = Conversation(script, "c1", language="fr", rep=Person("7", "Ana"))
    turn = conversation.open(100.0)
    for number, line in enumerate([*LINES, None], 1):
        turn.finish()
        conversation.commit(turn, at=100.0 + 10 * number)
        progress = json.loads(protocol.progress_text(conversation.progress(101.0 + 10 * number)))
        assert misfits("progress", progress) == ()
        assert progress["turn"] == number - 1
        report = protocol.report_bytes(conversation.report())
        assert misfits("report", json.loads(report)) == ()
        if line is None or conversation.ended:
            break
        turn = conversation.hear(line, 105.0 + 10 * number)
    assert progress["points"]["sales"]
    assert progress["evidence"]


def test_a_report_is_announced_by_the_hash_of_its_bytes() -> None:
    report = protocol.report_bytes({"feedback": "très bien 😀"})
    assert json.loads(report) == {"feedback": "très bien 😀"}
    announced = Announcement.of("c1", report)
    assert announced.attributes == {"conversation": "c1", "sha256": sha256(report).hexdigest()}
    assert Announcement.read(announced.payload) == announced
    assert misfits("announcement", json.loads(announced.payload)) == ()


CORRECTIONS = [Correction("sales", "ph-s25", 3), Correction("feedback", None, "très bien"), Correction("x", "y", None)]


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_a_correction_is_read_as_it_was_written(correction: Correction) -> None:
    assert Correction.read(correction.payload) == correction


def test_a_correction_may_leave_out_its_key() -> None:
    assert Correction.read('{"point": "feedback", "value": null}') == Correction("feedback", None, None)


@pytest.mark.parametrize("payload", ["", "{}", " {} "])
def test_the_end_says_nothing_more(payload: str) -> None:
    protocol.read_end(payload)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        "7",
        '{"value": 1}',
        '{"point": "sales"}',
        '{"point": 7, "value": 1}',
        '{"point": "", "value": 1}',
        '{"point": "sales", "value": 1, "secret": 2}',
        '{"point": "sales", "key": 3, "value": 1}',
        '{"point": "sales", "value": NaN}',
        '{"point": "\\ud800", "value": 1}',
        "[" * 9000,
        "x" * 1_000_000,
    ],
    ids=lambda payload: payload[:40],
)
def test_a_call_that_does_not_fit_is_refused_in_words(payload: str) -> None:
    with pytest.raises(CallRefusedError) as refused:
        Correction.read(payload)
    assert str(refused.value).startswith("The payload")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("payload", ['{"because": "bored"}', "[]", "x", "null"])
def test_an_end_that_says_more_is_refused(payload: str) -> None:
    with pytest.raises(CallRefusedError):
        protocol.read_end(payload)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_payload_is_read_or_refused(payload: str) -> None:
    for read in (Correction.read, Announcement.read, protocol.read_end):
        with suppress(CallRefusedError):
            assert read(payload) is None or payload


@pytest.mark.parametrize("code", get_args(TroubleCode))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_trouble_has_words_in_both_languages(code: TroubleCode, language: str) -> None:
    other = "en" if language == "fr" else "fr"
    told = trouble(code, language)
    assert told.message != trouble(code, other).message
    assert misfits("error", json.loads(protocol.error_text(told))) == ()


def test_a_language_without_words_hears_french() -> None:
    assert trouble("nobody_came", "de") == trouble("nobody_came") == trouble("nobody_came", "fr")


def test_the_list_of_codes_is_closed() -> None:
    assert schema("error")["properties"]["code"]["enum"] == list(get_args(TroubleCode))
    assert misfits("error", {"code": "tired", "message": "x"}) == ("code is none of the known words",)


def _names() -> set[str]:
    constants = {protocol.PROGRESS, protocol.REPORT, protocol.ERROR, protocol.END, protocol.CORRECT}
    return constants | set(get_args(TroubleCode)) | {f"{name}.schema.json" for name in get_args(SchemaName)}


def _keys(name: SchemaName) -> set[str]:
    return {f"`{key}`" for key in _properties(schema(name))}


def _properties(part: Any) -> set[str]:
    """The keys that a schema names, at any depth."""
    if not isinstance(part, dict):
        return set()
    own = set(part.get("properties", {}))
    return own.union(*(_properties(value) for value in part.values()))


def test_the_page_for_authors_of_apps_leaves_nothing_out() -> None:
    keys = set().union(*(_keys(name) for name in get_args(SchemaName) if name != "report"))
    assert sorted(name for name in _names() | keys if name not in DOCS) == []
