"""Many conversations: the same for any number of processes, summed up, held against goals and baselines."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.engine.request import Plan, Request
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.protocols import ResponderError
from voyaltis_flow.script.scenarios import Goal
from voyaltis_flow.simulate.chaos import Chaos
from voyaltis_flow.simulate.facts import Item
from voyaltis_flow.simulate.figures import Baseline, BaselineError, Share, Tally, short_of_goal
from voyaltis_flow.simulate.recorded import RecordedError, read_recorded, retold
from voyaltis_flow.simulate.reports import as_html, as_json, as_junit
from voyaltis_flow.simulate.runs import Conditions, held
from voyaltis_flow.simulate.scoring import Said, scored, words_of
from voyaltis_flow.simulate.verdict import baseline_of, verdicts

SIMULATED = """\
goals: [{right: 0.9, made_up: 0.02, questions: 3}]
simulated:
  - name: a day
    facts:
      sales: {products: [1, 3]}
      feedback: {sayings: {fr: ["les clients ont adoré l'écran", "les clients trouvent ça cher"]}}
"""
SCRIPT = """\
scripted:
  - name: one
    steps:
      - {says: Deux S25., expect: {recorded: {sales: {ph-s25: 3}}}}
"""


def run(suite, processes=1, **set_to):
    conditions = Conditions(**{"runs": 30, **set_to})
    return verdicts([suite], held([suite], conditions, processes), conditions, None), conditions


def test_the_same_comes_out_of_one_process_and_of_three(written) -> None:
    suite = written(SIMULATED)
    told = {as_json(*run(suite, processes, noise=0.2, chaos=0.3)) for processes in (1, 3)}
    assert len(told) == 1


def test_another_seed_is_other_reps(written) -> None:
    suite = written(SIMULATED)
    assert as_json(*run(suite, runs=5)) != as_json(*run(suite, runs=5, seed=2)).replace('"seed": 2', '"seed": 1')


def test_a_product_that_works_reaches_its_goals_in_every_style(written) -> None:
    ((verdict,), _) = run(written(SIMULATED))
    assert (verdict.failed, verdict.short) == (False, [])
    assert verdict.all.conversations == 30
    assert verdict.compared == 6
    assert verdict.unlike == []


def test_a_product_that_is_broken_fails(written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voyaltis_flow.reading.reader.find_numbers", lambda *_: ())
    ((verdict,), _) = run(written(SIMULATED))
    assert any(line.startswith("right:") for line in verdict.short)


def test_replies_that_fail_or_lie_make_nothing_up(written) -> None:
    ((verdict,), _) = run(written(SIMULATED), chaos=1.0)
    assert verdict.all.made_up.of_them == 0
    assert verdict.all.over_budget == 0


def _request() -> Request:
    properties = {
        "sales": {
            "type": "array",
            "items": {"properties": {"mention": {"type": "string"}, "quantity": {"type": "integer"}, "quote": {}}},
        },
        "mood": {"anyOf": [{"type": "null"}, {"properties": {"value": {"enum": ["good"]}, "quote": {}}}]},
    }
    schema = {"properties": {"extractedData": {"properties": properties}}}
    return Request("c", 0, "fr", "", "", (), schema, Plan(("Oui.", "Et ?"), "sales", {}, False, "Et ?"))


def test_chaos_times_out_cuts_and_lies_and_is_the_same_for_a_seed() -> None:
    async def reply(seed: int, level: float = 1.0) -> str:
        try:
            return "".join([str(item) async for item in Chaos(Rules(), level, str(seed), ["S25"]).respond(_request())])
        except ResponderError as error:
            return error.failure

    whole = asyncio.run(reply(0, 0.0))
    replies = [asyncio.run(reply(seed)) for seed in range(40)]
    assert replies == [asyncio.run(reply(seed)) for seed in range(40)]
    assert "timeout" in replies
    assert any(whole.startswith(text) and text != whole for text in replies)
    lies = [json.loads(text) for text in replies if '"a lie"' in text]
    assert lies[0]["extractedData"]["sales"][0]["mention"] == "S25"
    assert json.loads(whole)["reasoning"] == "rules"


# --- scoring

TOLD = [Item("sales", "ph-s25", 2), Item("sales", "ph-a56", 1), Item("feedback", None, "ils adorent", "ils adorent")]


def _verdicts(
    written, points, told=TOLD, heard="ils adorent vraiment l'écran il a plu"
) -> list[tuple[str, str | None]]:
    flow = written(SIMULATED).flow
    report = {"points": points, "evidence": []}
    return [(value.verdict, value.key) for value in scored(flow, Said(told, words_of(heard)), report)]


def test_each_value_is_right_wrong_missing_or_made_up(written) -> None:
    points = {"sales": {"ph-s25": 3, "fr-family-hub": 1}, "feedback": "Ils adorent vraiment"}
    assert _verdicts(written, points) == [
        ("wrong", "ph-s25"),
        ("missing", "ph-a56"),
        ("made_up", "fr-family-hub"),
        ("right", None),
    ]


def test_a_text_nobody_said_is_made_up_and_one_about_something_else_is_beside_the_matter(written) -> None:
    assert _verdicts(written, {"sales": {}, "feedback": "Il a plu"}, told=[]) == [("beside", None)]
    assert _verdicts(written, {"sales": {}, "feedback": "Magnifique service"}, told=[]) == [("made_up", None)]


# --- figures


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_lies_below_its_share_and_above_nothing(of_them: int, more: int) -> None:
    share = Share(of_them, of_them + more)
    assert 0.0 <= share.lowest <= share.value


def test_the_interval_is_wilsons() -> None:
    assert Share(97, 100).lowest == pytest.approx(0.9155, abs=1e-4)
    assert Share(1, 1).lowest == pytest.approx(0.2065, abs=1e-4)
    assert Share(0, 0).value == 1.0


def _tally(right: int, wrong: int, made_up: int = 0, spent: int = 3) -> Tally:
    tally = Tally(budget=5, told=right + wrong)
    tally.verdicts.update({"right": right, "wrong": wrong, "made_up": made_up})
    tally.questions[spent] += 10
    return tally


def test_the_goal_for_a_noise_is_that_of_the_least_level_that_is_not_below_it() -> None:
    goals = [
        Goal(noise=0.2, right=0.5),
        Goal(noise=0.0, right=0.97, made_up=0.0, questions=2),
        Goal(noise=0.1, right=0.9),
    ]
    assert [line.split(":")[0] for line in short_of_goal(_tally(95, 5, 1), goals, 0.0)] == [
        "right",
        "made up",
        "questions at the median",
    ]
    assert list(short_of_goal(_tally(95, 5), goals, 0.05)) == []
    assert len(list(short_of_goal(_tally(80, 20), goals, 0.1))) == 1
    assert list(short_of_goal(_tally(10, 90), goals, 0.9)) == []
    assert "more than the budget's 5" in next(short_of_goal(_tally(100, 0, 0, 6), [Goal()], 0.0))


def test_a_figure_below_the_baselines_interval_is_told_and_chance_is_not(tmp_path: Path) -> None:
    before = Baseline({"noise": 0.0}, {"stand": _tally(970, 30).shares()})
    before.write(tmp_path / "b.json")
    read = Baseline.read(tmp_path / "b.json")
    assert read == before
    assert list(read.fallen("stand", _tally(965, 35).shares())) == []
    (line,) = read.fallen("stand", _tally(940, 60).shares())
    assert line.startswith("right: 0.9400 (940 of 1000), below 0.9575")
    assert len(list(read.fallen("stand", _tally(970, 30, 100).shares()))) == 1
    assert list(read.fallen("another", _tally(1, 99).shares())) == []


def test_a_baseline_of_other_conditions_or_no_baseline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match=r"taken with noise 0\.1, and this run has noise 0\.0"):
        Baseline({"noise": 0.1}, {}).check({"noise": 0.0})
    with pytest.raises(BaselineError, match="taken with seed 1, and this run has seed 2"):
        Baseline({}, {}, {"runs": 3, "seed": 1}).check({"runs": 3, "seed": 2}, exact=True)
    for text in ("{}", "[]", "no", '{"conditions": {}, "flows": {"a": 1}}'):
        (tmp_path / "b.json").write_text(text)
        with pytest.raises(BaselineError, match="is no baseline"):
            Baseline.read(tmp_path / "b.json")


def test_exactly_is_to_the_letter(written, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = written(SIMULATED)
    conditions = Conditions(runs=6)
    before = baseline_of(run(suite, runs=6)[0], conditions)
    results = held([suite], conditions, 1)
    assert verdicts([suite], results, conditions, before, exact=True)[0].short == []
    monkeypatch.setattr("voyaltis_flow.engine.wording.Wording.closing", lambda _: "Adieu.")
    (verdict,) = verdicts([suite], held([suite], conditions, 1), conditions, before, exact=True)
    assert verdict.short[0].startswith("6 conversations went otherwise than in the baseline: run 0, ")
    assert verdicts([suite], held([suite], conditions, 1), conditions, before)[0].short == []


# --- what is written


def test_a_failure_is_told_in_every_report(written) -> None:
    found, conditions = run(written(SCRIPT + SIMULATED), runs=4)
    data = json.loads(as_json(found, conditions))
    assert data["failed"]
    (failure,) = data["flows"][0]["scripted"][0]["failures"]
    assert failure["at"].endswith("stand.scenarios.yaml:6")
    assert failure["told"] == "recorded sales: expected {'ph-s25': 3}, got {'ph-s25': 2}"
    suite = ElementTree.fromstring(as_junit(found)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert "rep    Deux S25." in str(suite.findtext("testcase/failure"))
    page = as_html(found, conditions)
    assert "expected {&#39;ph-s25&#39;: 3}" in page
    assert "<script" not in page


# --- recorded debriefs


def test_recorded_debriefs_are_scored_as_simulated_ones(debrief, tmp_path: Path) -> None:
    gold = {"sales": {"ph-s25": 2, "ph-a56": 1}, "emotional_context": "neutre", "unknown": []}
    quotes = {"customer_feedback": [{"quote": "ils adorent l'écran"}], "key_insights": []}
    turns = [
        {"asked": "opening", "says": "Deux S25 et un A36."},
        {"asked": "customer_feedback", "says": "Ils adorent l'écran."},
    ]
    line = {"id": "a", "lang": "fr", "turns": turns, "gold": {**gold, **quotes}}
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    tally = retold(debrief.script(), read_recorded(tmp_path)).tally
    assert dict(tally.verdicts) == {"right": 2, "missing": 1, "made_up": 1}


def test_a_bad_line_of_recorded_debriefs_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"turns": [], "gold": {}}\n{"turns": [{"says": 1}], "gold": {}}\n')
    with pytest.raises(RecordedError, match=r"a\.jsonl:2: no recorded debrief"):
        read_recorded(tmp_path / "a.jsonl")
