from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.simulate.suite import Stage, Suite, load_suite

FLOW = """\
version: 2
flow: stand
languages: [fr]
catalog: shop
style: friendly_colleague
budget: {questions: 3}
opening: "Bonjour ! Qu'est-ce qui a été vendu ?"
points:
  - {id: sales, type: quantities, required: true, collect: Ventes, ask: "Qu'est-ce qui a été vendu ?"}
  - {id: feedback, type: text, collect: Avis, listens_for: customer_opinion, ask: "Et les clients ?"}
"""


CATALOG = """\
version: 1
catalog: shop
categories:
  - {id: phone, label: Smartphone, words: [smartphone, téléphone]}
  - {id: fridge, label: Réfrigérateur, words: [frigo]}
products:
  - {id: ph-s25, name: Galaxy S25, category: phone, aliases: [S25]}
  - {id: ph-a56, name: Galaxy A56, category: phone, aliases: [A56]}
  - {id: fr-family-hub, name: Family Hub, category: fridge}
  - {id: fr-american, name: Frigo américain RS68, category: fridge, aliases: [RS68]}
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a small flow with these scenarios, and gives the suite."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").mkdir()
    (tmp_path / "catalogs").mkdir()
    (tmp_path / "catalogs" / "shop.yaml").write_text(CATALOG, encoding="utf-8")
    (tmp_path / "flows" / "stand.yaml").write_text(FLOW, encoding="utf-8")

    def write(scenarios: str) -> Suite:
        file = tmp_path / "flows" / "stand.scenarios.yaml"
        file.write_text(f"version: 1\nscenarios: stand\n{scenarios}", encoding="utf-8")
        return load_suite("stand")

    return write


@pytest.fixture(scope="session")
def debrief() -> Stage:
    """The shipped debrief with its scenarios."""
    return Stage(load_suite("event_debrief"))
