"""Products and categories are called as one says them."""

from __future__ import annotations

import pytest

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.script.models import Catalog


@pytest.mark.parametrize(
    ("product", "label"),
    [("ph-s25", "S25"), ("tv-frame-55", "The Frame 55"), ("fr-family-hub", "Family Hub"), ("as-jet75", "Jet 75")],
)
def test_a_product_is_called_what_people_call_it(electronics: CatalogIndex, product: str, label: str) -> None:
    assert electronics.label(product) == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Acme Galaxy S25", "Galaxy S25"),
        ("Acme The Frame 55 pouces", "The Frame 55 pouces"),
        ("Acme Neo QN90D 55 pouces", "Neo 55 pouces"),
        ("Acme HW-Q990D", "HW-Q990D"),
        ("Acme", "Acme"),
    ],
)
def test_without_an_alias_it_is_its_name_without_brand_and_code(name: str, label: str) -> None:
    product = {"id": "p", "name": name, "category": "c", "brand": "Acme"}
    catalog = {"version": 1, "categories": [{"id": "c", "label": "C"}], "products": [product]}
    assert CatalogIndex([Catalog.model_validate(catalog)]).label("p") == label


def test_a_code_stays_where_it_alone_tells_two_apart() -> None:
    products = [{"id": code, "name": f"Bar {code}", "category": "c"} for code in ("Q990D", "Q700D")]
    catalog = {"version": 1, "categories": [{"id": "c", "label": "C"}], "products": products}
    index = CatalogIndex([Catalog.model_validate(catalog)])
    assert [index.label(code) for code in ("Q990D", "Q700D")] == ["Bar Q990D", "Bar Q700D"]


def test_what_is_not_there_is_called_by_its_id(electronics: CatalogIndex) -> None:
    assert electronics.label("unheard-of") == "unheard-of"


def test_a_category_is_said_within_a_sentence(electronics: CatalogIndex) -> None:
    assert electronics.category_label("televiseur", "fr") == "téléviseur"
    assert electronics.category_label("unheard-of", "fr") == "unheard-of"


def test_a_category_lists_its_products(electronics: CatalogIndex) -> None:
    assert electronics.in_category("enceinte") == ("en-music-frame",)
    assert electronics.in_category("unheard-of") == ()
