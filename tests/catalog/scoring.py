"""How right resolutions are: labelled mentions, and what became of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution


class Figures(Counter[str]):
    """Mentions by outcome: ok, confirmed (right, and asked to be), wrong (silently), and the ways to be neither."""

    @property
    def accuracy(self) -> float:
        return self["ok"] / self.total()

    @property
    def with_confirmations(self) -> float:
        return (self["ok"] + self["confirmed"]) / self.total()

    @property
    def wrong(self) -> float:
        return self["wrong"] / self.total()


def figures(index: CatalogIndex, gold: Path) -> Figures:
    """The outcomes of a file of `{text, lang, expect: {kind, id?, category?}}`."""
    lines = map(json.loads, gold.read_text(encoding="utf-8").splitlines())
    return Figures(outcome(line["expect"], index.resolve(line["text"], line["lang"])) for line in lines)


def outcome(want: Mapping[str, Any], got: Resolution) -> str:
    if isinstance(got, Match):
        right = want["kind"] == "product" and want["id"] == got.product
        return ("confirmed" if right else "bad question") if got.confirm else "ok" if right else "wrong"
    if isinstance(got, Ambiguous):
        fits = want["kind"] == "ambiguous" and want.get("category") in (None, got.category)
        return "ok" if fits else "asked"
    return "ok" if want["kind"] == "none" else "missed"
