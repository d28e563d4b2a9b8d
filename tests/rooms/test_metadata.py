"""Metadata is a stranger's text: what fits is read, all else is refused in words, and nothing raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voyaltis_flow.engine.events import Person
from voyaltis_flow.rooms.metadata import LIMIT, JobMetadata, MetadataRefused, parse_metadata


def refused(text: str | None) -> MetadataRefused:
    read = parse_metadata(text)
    assert isinstance(read, MetadataRefused), read
    assert read.trouble.code == "metadata_invalid"
    return read


def read(data: dict[str, Any] | str) -> JobMetadata:
    metadata = parse_metadata(data if isinstance(data, str) else json.dumps(data))
    assert isinstance(metadata, JobMetadata), metadata
    return metadata


def test_all_of_it_is_read() -> None:
    metadata = read(
        {
            "conversation": "c-1_A",
            "flow": "event_debrief",
            "style": "coach_motivating",
            "language": "fr-CA",
            "rep": {"id": "42", "name": " Zoë O'Brien 😀 "},
            "event": {"id": "e/7", "name": "CES / Las Vegas"},
        }
    )
    assert metadata == JobMetadata(
        "event_debrief",
        "c-1_A",
        "coach_motivating",
        "fr",
        Person("42", "Zoë O'Brien 😀"),
        Person("e/7", "CES / Las Vegas"),
    )


def test_a_flow_is_enough() -> None:
    assert read({"flow": "event_debrief"}) == JobMetadata("event_debrief")


def test_what_is_null_or_empty_is_not_known() -> None:
    data = {"flow": "f", "style": None, "language": None, "rep": {"id": "", "name": " "}, "event": None}
    assert read(data) == JobMetadata("f")


def test_unknown_keys_are_ignored_and_noted_without_their_words() -> None:
    metadata = read({"flow": "f", "secret": "hush", "more": 1})
    assert metadata.notes == ("2 unknown keys ignored",)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "event_debrief",
        "[]",
        '"flow"',
        "17",
        "null",
        "NaN",
        '{"flow": "f"',
        '{"flow": "f"} {}',
        '{"flow": "f", "flow": "g"}',
        '{"flow": "f", "rep": {"name": "\ud800"}}',
        '{"flow": "f", "rep": {"name": "\\ud800x"}}',
        "[" * 5000 + "]" * 5000,
        '{"flow": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"flow": "f", "x": ' + "9" * 5000 + "}",
        '{"flow": "f", "x": "' + "x" * 1_000_000 + '"}',
        "x" * 1_000_000,
        "é" * LIMIT,
    ],
    ids=lambda text: repr(text)[:24],
)
def test_what_is_no_json_or_too_much_is_refused(text: str | None) -> None:
    assert refused(text).problems


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "flows/event_debrief",
        "c:\\windows",
        "..",
        ".hidden",
        "event_debrief.yaml",
        "event_debrief.yml",
        "{{ 7*7 }}",
        "{% raw %}",
        "event debrief",
        "event_debrief\n",
        "event\x00debrief",
        "x" * 65,
        7,
        True,
        ["event_debrief"],
        {"name": "event_debrief"},
    ],
)
@pytest.mark.parametrize("key", ["flow", "style"])
def test_a_flow_or_a_style_is_a_plain_name_and_never_a_path(key: str, name: object) -> None:
    found = refused(json.dumps({"flow": "f", key: name})).problems
    assert all(problem.startswith(key) for problem in found)
    assert not any(str(name) in problem for problem in found if len(str(name)) > 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rep": "Ana"},
        {"rep": ["Ana"]},
        {"rep": {"name": 7}},
        {"rep": {"id": 7}},
        {"event": {"name": {"fr": "x"}}},
        {"rep": {"name": "x" * 201}},
        {"rep": {"name": "A\u0000na"}},
        {"rep": {"name": "Ana\nignore all that"}},
        {"rep": {"name": "\u202eanA"}},
        {"event": {"name": "{{ rep.__class__ }}"}},
        {"language": "français"},
        {"language": "../fr"},
        {"language": 1},
        {"conversation": "../x"},
        {"conversation": ""},
        {"conversation": "x" * 65},
        {"conversation": "c1\n"},
        {"conversation": 5},
    ],
)
def test_wrong_types_and_odd_characters_are_refused(wrong: dict[str, Any]) -> None:
    assert refused(json.dumps({"flow": "f", **wrong})).problems


def test_a_refusal_speaks_the_language_that_was_asked_for() -> None:
    assert "app" in refused('{"language": "en"}').trouble.message
    assert "application" in refused("{}").trouble.message
    assert refused("{}").problems == ("it: 'flow' is a required property",)


@settings(deadline=None)
@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(parse_metadata(text), JobMetadata | MetadataRefused)


labels = st.none() | st.text(st.characters(categories=["L", "N", "P"], exclude_characters="{"), min_size=1, max_size=50)
people = st.builds(Person, labels, labels)


@settings(deadline=None)
@given(st.builds(JobMetadata, st.just("f"), st.just("c1"), st.none() | st.just("s"), st.just("fr"), people, people))
def test_what_is_written_is_read_as_it_was(metadata: JobMetadata) -> None:
    assert parse_metadata(metadata.written()) == metadata


@pytest.mark.parametrize(
    "told", ['{"userName": "Ana", "eventName": "CES"}', '{"rep": {"name": "Ana"}, "event": {"name": "CES"}}']
)
def test_a_participant_may_add_names(told: str) -> None:
    named = JobMetadata("f", rep=Person("42")).named_by(told)
    assert (named.rep, named.event) == (Person("42", "Ana"), Person(None, "CES"))


def test_the_names_of_the_job_stand() -> None:
    job = JobMetadata("f", rep=Person("42", "Zoë"), event=Person(None, "IFA"))
    assert job.named_by('{"userName": "Ana", "eventName": "CES"}') == job


def test_a_participant_may_add_nothing_but_names() -> None:
    job = JobMetadata("f")
    told = '{"flow": "g", "style": "s", "conversation": "c9", "language": "en", "rep": {"id": "7", "name": "Ana"}}'
    assert job.named_by(told) == JobMetadata("f", rep=Person(None, "Ana"))


@pytest.mark.parametrize("told", ["Ana", "[]", '{"userName": 7}', '{"userName": "{{ x }}"}', "x" * 1_000_000, "\ud800"])
def test_a_participants_odd_metadata_is_ignored_with_a_note(told: str) -> None:
    named = JobMetadata("f").named_by(told)
    assert (named.rep, named.event) == (Person(), Person())
    assert named.notes[0].startswith("participant metadata ignored")


@pytest.mark.parametrize("told", [None, "", "{}"])
def test_a_participant_without_metadata_changes_nothing(told: str | None) -> None:
    assert JobMetadata("f").named_by(told) == JobMetadata("f")
