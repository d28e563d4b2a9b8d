"""The figures by which resolving is judged, for the shipped catalog and for trades that it was not made for."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.catalog.scoring import figures
from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.script.models import Catalog

DATA = Path(__file__).parents[1] / "data"
TRADES = sorted(path.name for path in (DATA / "trades").iterdir() if (path / "mentions.jsonl").is_file())


def test_mentions_of_the_shipped_catalog_resolve_rightly(electronics: CatalogIndex) -> None:
    got = figures(electronics, DATA / "mentions.dev.jsonl")
    assert got.wrong <= 0.003, got
    assert got.accuracy >= 0.96, got
    assert got.with_confirmations >= 0.97, got


@pytest.mark.parametrize("trade", TRADES)
def test_mentions_of_another_trade_resolve_as_rightly(trade: str) -> None:
    catalog = Catalog.model_validate(yaml.safe_load((DATA / "trades" / trade / "catalog.yaml").read_text("utf-8")))
    got = figures(CatalogIndex([catalog]), DATA / "trades" / trade / "mentions.jsonl")
    assert not got["wrong"], got
    assert got.accuracy >= 0.95, got
