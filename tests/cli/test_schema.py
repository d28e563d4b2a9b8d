from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from voyaltis_cli.main import main

POINTS = ["sales", "customer_feedback", "emotional_context", "key_insights"]


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    monkeypatch.setattr(sys, "argv", ["voyaltis-flow", "schema", *args])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.mark.parametrize("name", ["event_debrief", "flow:event_debrief"])
def test_a_flow_has_the_schema_of_its_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(monkeypatch, name) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == POINTS


def test_the_wire_schema_is_what_claude_is_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--wire", "event_debrief") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["extractedData"]["required"] == POINTS


@pytest.mark.parametrize("kind", ["flow", "style", "catalog", "scenarios"])
def test_the_language_has_schemas(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run(monkeypatch, f"language:{kind}") == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("args", [["nothing"], ["language:nothing"], ["--wire", "report"], ["--wire", "language:flow"]])
def test_what_there_is_not_exits_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    assert run(monkeypatch, *args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err


def test_a_flow_with_errors_exits_1_and_tells_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text("version: 2\nflow: x\n")
    assert run(monkeypatch, str(tmp_path / "x.yaml")) == 1
    assert "VF121 `opening` is missing" in capsys.readouterr().err
