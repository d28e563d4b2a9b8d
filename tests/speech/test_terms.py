"""Which names a recogniser is told: within the budget whatever the catalog, and what is spoken of first."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.engine.events import Asked, Evidence
from voyaltis_flow.engine.state import State
from voyaltis_flow.project import load_catalog
from voyaltis_flow.reading.model import OpenMention, Quote
from voyaltis_flow.script.models import Catalog, Category, Product, Text
from voyaltis_flow.speech.terms import MOST_TERMS, KeyTerms, tokens

ELECTRONICS = CatalogIndex([load_catalog("electronics").value])
TERMS = KeyTerms(ELECTRONICS)


def cost(terms: tuple[str, ...]) -> int:
    return sum(map(tokens, terms))


@given(st.integers(-5, 2000), st.lists(st.sampled_from(["ph-s25", "tv-frame-55", "nothing", "bg-ring"]), max_size=6))
def test_no_choice_exceeds_its_budget_or_says_a_name_twice(budget: int, products: list[str]) -> None:
    chosen = TERMS.choose(budget, products)
    assert cost(chosen) <= max(0, budget)
    assert len(set(chosen)) == len(chosen) <= MOST_TERMS


def test_what_the_conversation_is_about_comes_first() -> None:
    quote = Quote(0, "une télé")
    state = State(
        open=(OpenMention("sales", "une télé", 1.0, ("tv-frame-43", "tv-frame-55"), "tv", quote),),
        records=(Evidence("sales", "bg-ring", 1),),
        pending=Asked(about="quantity:ph-s25", point="sales"),
    )
    chosen = TERMS.about(state)(40)
    labels = [ELECTRONICS.label(product) for product in ("ph-s25", "tv-frame-43")]
    assert chosen[0] == labels[0]
    assert labels[1] in chosen


def test_a_small_budget_knows_something_of_every_category() -> None:
    chosen = TERMS.choose(200)
    known = {product.category for product in ELECTRONICS.products if ELECTRONICS.label(product.id) in chosen}
    assert len(known) > 20


def test_names_are_those_that_people_say() -> None:
    assert "S25" in TERMS.choose(500)


def test_tokens_are_rather_over_than_underestimated() -> None:
    assert tokens("S25") >= 3
    assert tokens("Aspirateur balai Bespoke Jet AI Ultra") >= 12
    assert tokens("é") >= 2


@pytest.mark.xdist_group("large")
def test_a_hundred_thousand_products_take_no_longer_to_choose_from() -> None:
    products = tuple(
        Product(id=f"p{n}", name=f"Modèle {n % 977} {n}", category=f"c{n % 300}", aliases=Text([f"modèle {n}"]))
        for n in range(100_000)
    )
    categories = tuple(Category(id=f"c{n}", label=Text(f"catégorie {n}")) for n in range(300))

    class Listed(CatalogIndex):
        """The labels alone: an index of all words takes ten seconds, and is not asked for."""

        def __init__(self) -> None:
            self._by_id = {product.id: product for product in products}

        @property
        def products(self) -> tuple[Product, ...]:
            return products

        def product(self, product_id: str) -> Product | None:
            return self._by_id.get(product_id)

        def label(self, product_id: str) -> str:
            return self._by_id[product_id].aliases.words()[0]

    assert Catalog(version=1, categories=categories, products=products[:3])
    terms = KeyTerms(Listed())
    began = time.process_time()
    for place in range(100):
        assert cost(terms.choose(480, [f"p{place}"])) <= 480
    assert time.process_time() - began < 0.5
