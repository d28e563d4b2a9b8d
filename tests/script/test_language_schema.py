"""The schemas that editors are given: whole, true to what the language takes, and the ones that ship.

`UPDATE_SCHEMAS=1 pytest tests/script/test_language_schema.py` writes the shipped ones anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import voyaltis_flow.script
from voyaltis_flow.project.validation import kind_at
from voyaltis_flow.script.language_schema import LANGUAGE, language_schema
from voyaltis_flow.script.load import MODELS, Kind, open_document
from voyaltis_flow.script.shape import shape

ROOT = Path(__file__).parents[2]
SHIPPED = Path(voyaltis_flow.script.__file__).parent / "schemas"
SCHEMAS = {kind: language_schema(model) for kind, model in LANGUAGE.items()}
VALIDATORS = {kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}
SHIPPED_CONTENT = [
    path for folder in ("flows", "styles", "catalogs") for path in sorted((ROOT / folder).glob("*.yaml"))
]
CONTENT: list[tuple[Kind, Path]] = [(kind, path) for path in SHIPPED_CONTENT if (kind := kind_at(path))]
ODD = [None, True, 0, -1, 7, 2.5, "x", "", "déçu", "not a name!", [], ["x"], [5], {}, {"fr": "x"}, {"fr": ["x", "y"]}]

SMALL: dict[Kind, Any] = {
    "flow": {
        "version": 2,
        "flow": "small",
        "catalog": "shop",
        "languages": ["fr"],
        "budget": {"questions": 3, "minutes": 2},
        "opening": {"fr": ["Bonjour", "Salut"], "en": "Hello"},
        "points": [
            {"id": "sales", "type": "quantities", "collect": "Sales", "ask": "never", "counts_when": "sold"},
            {
                "id": "mood",
                "type": "choice",
                "collect": ["x"],
                "options": ["déçu", {"id": "ravi", "words": {"fr": "content"}}],
            },
        ],
        "report": {"sales": "sales"},
    },
    "style": {
        "version": 1,
        "style": "small",
        "prompt": "x",
        "lines": dict.fromkeys(
            (
                *("acknowledge", "did_not_hear", "still_there", "which", "how_many", "confirm", "off_topic"),
                *("repeat", "recap", "resumed", "closing"),
            ),
            "x",
        ),
        "voice": {"fr": {"id": "a", "settings": {"speed": 1.5}}},
    },
    "scenarios": {
        "version": 1,
        "scenarios": "small",
        "scripted": [
            {
                "name": "a",
                "today": "2026-03-02",
                "steps": ["x", {"says": "y", "expect": {"spent": 2, "reply": "z", "recorded": {"sales": None}}}],
                "expect": {"spent": [1, 3], "not_recorded": {"sales": ["s25"]}},
            }
        ],
        "simulated": [
            {"name": "b", "temperaments": ["terse"], "facts": {"sales": {"products": 2, "number": [1, 2.5]}}}
        ],
        "goals": [{"noise": 0, "right": 0.9}],
    },
    "catalog": {
        "version": 1,
        "categories": [{"id": "tv", "label": "TV", "words": ["télé"]}],
        "products": [
            {"id": "a", "name": "A", "category": "tv", "aliases": {"fr": "a"}, "active": {"from": "2026-01-01"}}
        ],
    },
}


def properties(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for part in schema:
            yield from properties(part, where)
    elif isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            if "if" not in schema or "extends" in schema["properties"]:
                yield f"{where}.{name}", part
        for keyword, part in schema.items():
            if keyword not in ("examples", "default", "else", "if"):
                yield from properties(part, schema.get("title", where))


KEYS = [(kind, where, part) for kind, schema in SCHEMAS.items() for where, part in properties(schema)]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_shipped_schema_is_the_one_that_the_models_make(kind: str) -> None:
    path = SHIPPED / f"{kind}.schema.json"
    made = json.dumps(SCHEMAS[kind], ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("UPDATE_SCHEMAS"):
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made


@pytest.mark.parametrize(("kind", "where", "part"), KEYS, ids=[f"{kind}:{where}" for kind, where, _ in KEYS])
def test_every_key_has_a_description_and_examples_that_it_takes(kind: str, where: str, part: dict[str, Any]) -> None:
    assert part.get("description")
    assert part.get("examples")
    alone = Draft202012Validator({"$defs": SCHEMAS[kind]["$defs"], **part})
    partial = {"Lines"} & {str(part.get("$ref", "")).rpartition("/")[2]}
    for example in part["examples"]:
        faults = [
            fault.message for fault in alone.iter_errors(example) if not (partial and fault.validator == "required")
        ]
        assert faults == []


@pytest.mark.parametrize(("kind", "path"), CONTENT, ids=[path.stem for _, path in CONTENT])
def test_shipped_content_fits(kind: Kind, path: Path) -> None:
    data = open_document(path.name, path.read_text("utf-8"), 10**7).data
    assert [fault.message for fault in VALIDATORS[kind].iter_errors(data)] == []


def test_a_flow_that_extends_may_leave_out_what_the_other_says() -> None:
    child = {"version": 2, "flow": "short", "extends": "small", "points": [{"id": "mood", "ask": "never"}]}
    alone = {key: value for key, value in child.items() if key != "extends"}
    assert VALIDATORS["flow"].is_valid(child)
    missing = {fault.message for fault in VALIDATORS["flow"].iter_errors(alone)}
    assert missing >= {f"'{key}' is a required property" for key in ("opening", "type", "collect")}


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in inside:
        yield (*path, step)
        yield from places(part, (*path, step))


@pytest.mark.parametrize("kind", SMALL)
@settings(deadline=None)
@given(data=st.data())
def test_a_schema_takes_what_the_language_takes(kind: Kind, data: st.DataObject) -> None:
    written = deepcopy(SMALL[kind])
    for _ in range(data.draw(st.integers(0, 2))):
        *above, step = data.draw(st.sampled_from(list(places(written)) or [()])) or [None]
        around = written
        for each in above:
            around = around[each]
        change = data.draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace" and step is not None:
            around[step] = deepcopy(data.draw(st.sampled_from(ODD)))
        elif change == "remove" and step is not None:
            del around[step]
        elif isinstance(around, dict):
            around["odd"] = 1
    read = shape(MODELS[kind], open_document("x.yaml", json.dumps(written), 10**6))
    assert VALIDATORS[kind].is_valid(written) == (read.value is not None), read.found
