"""A flow of another kind, read by the same code: facings, stock-outs, prices, a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.project import load_catalog, load_flow
from voyaltis_flow.reading.model import Claim, Context, Fact, Refusal
from voyaltis_flow.reading.reader import Reader

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def shop() -> Reader:
    flow = load_flow("shop_visit").value
    return Reader(flow, CatalogIndex([load_catalog(name).value for name in flow.catalog]))


def said(reader: Reader, asked: str, says: str, language: str = "fr") -> dict[tuple[str, str | None], Any]:
    reading = reader.read(says, Context(asked=asked, language=language, today=TODAY))
    return {(fact.point, fact.key): fact.value for fact in reading.facts}


CASES = {
    "a measure of the flow's own stands between number and product": (
        "opening",
        "Quatre facings de jus d'orange et deux jus de pomme.",
        {("facings", "jus-orange"): 4, ("facings", "jus-pomme"): 2},
    ),
    "products are named without a number": (
        "stock_outs",
        "Jus de pomme et thé pêche en rupture.",
        {("stock_outs", "jus-pomme"): True, ("stock_outs", "the-peche"): True},
    ),
    "what is denied is not missing": ("stock_outs", "Pas de rupture sur le thé pêche.", {}),
    "to the cent": ("prices", "Le jus d'orange à 1,68 euro.", {("prices", "jus-orange"): 1.68}),
    "a corrected product stands for the other": (
        "stock_outs",
        "Rupture sur le thé pêche, non pardon, le thé citron.",
        {("stock_outs", "the-citron"): True},
    ),
    "an amount goes with the product before it": (
        "prices",
        "Le jus d'orange à 1,49 euro, le jus de pomme à deux euros cinquante.",
        {("prices", "jus-orange"): 1.49, ("prices", "jus-pomme"): 2.5},
    ),
    "asked for prices, the unit may be left out": (
        "prices",
        "Le jus d'orange à 2,50.",
        {("prices", "jus-orange"): 2.5},
    ),
    "a price answers no other question": ("delivery_days", "Le jus d'orange à deux euros cinquante.", None),
    "a number in its unit": ("delivery_days", "Dans trois jours.", {("delivery_days", None): 3}),
    "a day is read against today": ("next_visit", "Mardi prochain.", {("next_visit", None): "2026-12-01"}),
    "no is an answer": ("promotion", "Non, rien cette semaine.", {("promotion", None): False}),
}


@pytest.mark.parametrize(("asked", "says", "facts"), CASES.values(), ids=CASES.keys())
def test_a_shop_visit(shop: Reader, asked: str, says: str, facts: dict[tuple[str, str | None], Any] | None) -> None:
    found = said(shop, asked, says)
    if facts is None:
        assert (asked, None) not in found
    else:
        assert found == facts


def test_that_there_are_none_answers_the_question(shop: Reader) -> None:
    context = Context(asked="stock_outs", language="fr", today=TODAY)
    assert shop.read("Pas de rupture.", context).answered
    assert not shop.read("Pas de promo.", context).answered


CLAIMS = {
    "a product that the words deny": ("stock_outs", "Pas de rupture sur le thé pêche.", "thé pêche", None, Refusal),
    "a product that is missing": ("stock_outs", "Le thé pêche est en rupture.", "thé pêche", None, Fact),
    "the price of another": (
        "prices",
        "Le jus d'orange à 1,49 euro, le jus de pomme à 2,50 euros.",
        "jus d'orange",
        2.5,
        Refusal,
    ),
    "its own price": (
        "prices",
        "Le jus d'orange à 1,49 euro, le jus de pomme à 2,50 euros.",
        "jus d'orange",
        1.49,
        Fact,
    ),
}


@pytest.mark.parametrize(("point", "says", "mention", "amount", "verdict"), CLAIMS.values(), ids=CLAIMS.keys())
def test_a_claim_about_a_product_must_follow_from_the_words(
    shop: Reader, point: str, says: str, mention: str, amount: float | None, verdict: type
) -> None:
    context = Context(asked=point, language="fr", today=TODAY)
    claim = Claim(point, None, says, mention, amount)
    assert isinstance(shop.bear_out(claim, says, context, shop.read(says, context)), verdict)
