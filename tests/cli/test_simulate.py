"""`simulate`: what a CI job sees of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FLOW = """\
version: 2
flow: stand
languages: [fr]
catalog: shop
opening: "Bonjour ! Qu'est-ce qui a été vendu ?"
points:
  - {id: sales, type: quantities, required: true, collect: Ventes, ask: "Qu'est-ce qui a été vendu ?"}
"""
CATALOG = """\
version: 1
catalog: shop
categories: [{id: phone, label: Smartphone}]
products:
  - {id: s25, name: Galaxy S25, category: phone, aliases: [S25]}
  - {id: a56, name: Galaxy A56, category: phone, aliases: [A56]}
"""
SCENARIOS = """\
version: 1
scenarios: stand
scripted:
  - name: two phones
    steps:
      - {says: Deux S25., expect: {recorded: {sales: {s25: 2}}, ended: complete}}
simulated:
  - {name: a day, facts: {sales: {products: [1, 2]}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder, name, text in (
        ("flows", "stand.yaml", FLOW),
        ("flows", "stand.scenarios.yaml", SCENARIOS),
        ("catalogs", "shop.yaml", CATALOG),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_scenarios_that_hold_end_with_0_and_their_figures(flow: Run, project: Path) -> None:
    done = flow("simulate", "--runs", "10")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("stand\n  scripted: 1 of 1 as expected\n")
    assert "right, of what was told" in done.stdout
    assert "11 conversations in" in done.stderr


def test_a_scenario_that_fails_is_told_with_its_conversation_and_ends_with_1(flow: Run, project: Path) -> None:
    file = project / "flows" / "stand.scenarios.yaml"
    file.write_text(SCENARIOS.replace("{s25: 2}", "{s25: 3}"), encoding="utf-8")
    done = flow("simulate", "stand", "--runs", "0", "--junit", "j.xml", "--json", "j.json", "--html", "j.html")
    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert told[1] == "  FAILED  two phones"
    assert "    rep    Deux S25." in told
    place = "flows/stand.scenarios.yaml:6"
    assert f"  ▶ {place}: recorded sales: expected {{'s25': 3}}, got {{'s25': 2}}" in told
    assert all(place in (project / name).read_text("utf-8") for name in ("j.xml", "j.json", "j.html"))


def test_a_flow_is_named_by_its_path_too_and_so_are_its_scenarios(flow: Run, project: Path) -> None:
    for name in ("flows/stand.yaml", "flows/stand.scenarios.yaml"):
        assert flow("simulate", name, "--runs", "1").stdout.startswith("stand\n")


def test_a_baseline_is_written_held_and_fallen_below(flow: Run, project: Path) -> None:
    options = ("simulate", "--runs", "40", "--baseline", "base.json")
    assert flow(*options, "--update-baseline").returncode == 0
    assert flow(*options).returncode == 0
    assert flow(*options, "--seed", "2").returncode == 0
    other = flow(*options, "--noise", "0.1")
    assert (other.returncode, "taken with noise 0.0" in other.stderr) == (2, True)
    data = json.loads((project / "base.json").read_text("utf-8"))
    data["flows"]["stand"]["questions_left"] = [1000, 1000]
    (project / "base.json").write_text(json.dumps(data))
    fallen = flow(*options)
    assert fallen.returncode == 1
    assert "FAILED  questions_left: " in fallen.stdout


def test_it_is_the_same_to_the_byte_for_any_number_of_processes(flow: Run, project: Path) -> None:
    for processes in ("1", "2"):
        told = ("--json", f"{processes}.json", "--html", f"{processes}.html", "--junit", f"{processes}.xml")
        flow("simulate", "--runs", "60", "--noise", "0.3", "--processes", processes, *told)
    for kind in ("json", "html", "xml"):
        assert (project / f"1.{kind}").read_bytes() == (project / f"2.{kind}").read_bytes()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("nothing",), "No flow is named `nothing`"),
        (("event_debrief", "--responder", "parrot"), "unknown responder 'parrot'"),
        (("--update-baseline",), "--update-baseline goes with --baseline FILE"),
        (("--baseline", "stand.json"), "stand.json: No such file or directory"),
        (("--html", "no/folder/x.html"), "--html no/folder/x.html"),
        (("--noise", "2"), "Invalid value for '--noise'"),
        (("--recorded", "flows/stand.yaml"), "no recorded debrief such as"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(flow: Run, project: Path, options: tuple[str, ...], told: str) -> None:
    done = flow("simulate", "--runs", "1", *options)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())


def test_a_flow_without_scenarios_and_scenarios_with_mistakes_are_told(flow: Run, project: Path) -> None:
    file = project / "flows" / "stand.scenarios.yaml"
    file.write_text(SCENARIOS.replace("sales: {s25: 2}", "sails: {s25: 2}"), encoding="utf-8")
    wrong = flow("simulate", "stand")
    assert (wrong.returncode, "stand.scenarios.yaml:6:" in wrong.stderr) == (1, True)
    file.unlink()
    gone = flow("simulate", "stand")
    assert (gone.returncode, "has no scenarios: put them beside it" in gone.stderr) == (2, True)


def test_a_recording_speaks_in_place_of_the_rules(flow: Run, project: Path) -> None:
    (project / "tape.jsonl").write_text("")
    done = flow("simulate", "--runs", "2", "--responder", "replay:tape.jsonl")
    assert done.returncode == 0, done.stdout


def test_the_hooks_of_a_flow_are_held_where_they_may_run_in_every_style(flow: Run, tmp_path: Path) -> None:
    refused = SCENARIOS.partition("simulated:")[0].replace("{sales: {s25: 2}}, ended: complete", "{sales: {}}")
    in_another_style = "two phones, warmly\n    style: coach_motivating"
    warmer = refused.partition("scripted:\n")[2].replace("two phones", in_another_style)
    for folder, name, text in (
        ("flows", "stand", FLOW.replace("type: quantities,", 'type: quantities, hooks: "limits:few",')),
        ("flows", "stand.scenarios", refused + warmer),
        ("catalogs", "shop", CATALOG),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "limits.py").write_text("def few(value, said):\n    return False\n", encoding="utf-8")
    assert "VF220" in flow("simulate", "stand", "--runs", "0").stderr
    held = flow("simulate", "stand", "--runs", "0", "--allow-hooks")
    assert held.returncode == 0, held.stdout + held.stderr
    assert "2 of 2 as expected" in held.stdout


def test_a_project_whose_flows_have_no_scenarios_is_told_how_to_begin_some(flow: Run, project: Path) -> None:
    (project / "flows" / "stand.scenarios.yaml").unlink()
    done = flow("simulate")
    assert done.returncode == 2
    assert "voyaltis-flow new scenario FLOW" in done.stderr
