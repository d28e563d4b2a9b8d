"""Rules over scenarios: each finds its mistake, where it stands, and nothing in what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.project import find_project, validate

FLOWS = {
    "stand": """\
version: 2
flow: stand
languages: [fr]
catalog: shop
opening: "Bonjour ! Quoi ?"
points:
  - {id: sales, type: quantities, collect: Ventes, ask: "Quoi ?"}
  - {id: mood, type: choice, options: [good, bad], collect: Humeur}
  - {id: opinion, type: text, listens_for: customer_opinion, collect: Avis}
  - {id: days, type: number, counts_when: {fr: [livré]}, collect: Jours}
""",
    "shelf": """\
version: 2
flow: shelf
languages: [fr]
catalog: shop
opening: "Bonjour ! Quoi ?"
points:
  - {id: facings, type: quantities, counts_when: {fr: [vendu, en rayon]}, collect: Facings, ask: "Quoi ?"}
""",
}
CATALOG = """\
version: 1
catalog: shop
categories: [{id: phone, label: Smartphone}]
products: [{id: s25, name: S25, category: phone}]
"""
RIGHT = """\
scripted:
  - name: one
    language: fr
    style: friendly_colleague
    steps:
      - "Merci."
      - {corrects: {point: sales, key: s25, value: 2}, expect: {recorded: {sales: {s25: 2}}, ended: not_yet}}
simulated:
  - name: two
    facts:
      sales: {sayings: {fr: "[J'ai vendu|] {items}."}}
      mood: {options: {good: {fr: content}, bad: {fr: déçu}}}
      opinion: {sayings: {fr: "ils aiment {product}"}}
      days: {sayings: {fr: "livré dans {number} jours"}}
    distractors: {fr: "Hier, {number} {product}."}
"""
WRONG = {
    "VF602": ('- "Merci."', '- "J\'ai vendu deux S25."', "\"J'ai vendu deux"),
    "VF603": ("point: sales", "point: sails", "sails"),
    "VF604": ("- {corrects:", "- {says: Oui, corrects:", "corrects"),
    "VF605": ("livré dans {number}", "livré dans {days}", "days}"),
    "VF606": ("good: {fr: content}, ", "god: {fr: content}, ", "mood"),
    "VF607": ("{s25: 2}}, ended", "{s26: 2}}, ended", "s26"),
    "VF608": ("language: fr", "language: en", "en\n"),
    "VF609": ("ended: not_yet", "ended: done", "done"),
}
"""By code: what is right, what takes its place, and where the problem stands."""


def problems(tmp_path: Path, scenarios: str, name: str = "stand") -> list[tuple[str, int, int]]:
    for folder in ("flows", "catalogs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "voyaltis.yaml").write_text("")
    (tmp_path / "catalogs" / "shop.yaml").write_text(CATALOG)
    for flow, text in FLOWS.items():
        (tmp_path / "flows" / f"{flow}.yaml").write_text(text, encoding="utf-8")
    file = tmp_path / "flows" / "stand.scenarios.yaml"
    file.write_text(f"version: 1\nscenarios: {name}\n{scenarios}", encoding="utf-8")
    reports = validate([file], find_project(tmp_path))
    return [(problem.code, problem.line, problem.column) for report in reports for problem in report.problems]


def test_what_is_right_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, RIGHT) == []


def test_a_flow_that_is_gone_is_told_where_it_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, RIGHT, "stant") == [("VF601", 2, 12)]


@pytest.mark.parametrize(("code", "change"), WRONG.items(), ids=WRONG.keys())
def test_a_mistake_is_found_where_it_stands(tmp_path: Path, code: str, change: tuple[str, str, str]) -> None:
    right, wrong, shown = change
    assert RIGHT.count(right) == 1
    changed = RIGHT.replace(right, wrong)
    before = f"version: 1\nscenarios: stand\n{changed}".partition(shown)[0]
    place = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert problems(tmp_path, changed) == [(code, *place)]


def test_an_unpaired_bracket_is_found(tmp_path: Path) -> None:
    assert [code for code, *_ in problems(tmp_path, RIGHT.replace("[J'ai vendu|]", "[J'ai vendu|"))] == ["VF605"]


def test_a_flow_that_extends_another_may_take_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong, _ = WRONG["VF602"]
    monkeypatch.setitem(FLOWS, "shelf", FLOWS["shelf"].replace("languages: [fr]", "extends: stand"))
    assert problems(tmp_path, RIGHT.replace(right, wrong)) == []


@pytest.mark.parametrize(
    "fact", ["value: 3", "value: {s25: two}", "value: {s25: -2}", "number: [-4, 2]", "categories: [nope]"]
)
def test_facts_that_can_not_be_told_of_a_point_are_found(tmp_path: Path, fact: str) -> None:
    told = problems(tmp_path, RIGHT.replace("sales: {sayings", f"sales: {{{fact}, sayings"))
    assert [code for code, *_ in told] == ["VF606"]


def test_a_product_that_is_never_recorded_since_there_is_none_is_found(tmp_path: Path) -> None:
    changed = RIGHT.replace("ended: not_yet", "not_recorded: {sales: s26}, ended: not_yet")
    assert [code for code, *_ in problems(tmp_path, changed)] == ["VF607"]


@pytest.mark.parametrize("asked", ["which:nope", "nopoint", "quantity:nope"])
def test_what_is_never_asked_is_found(tmp_path: Path, asked: str) -> None:
    changed = RIGHT.replace("ended: not_yet", f'asked: "{asked}", ended: not_yet')
    assert [code for code, *_ in problems(tmp_path, changed)] == ["VF610"]
