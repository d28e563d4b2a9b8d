from __future__ import annotations

from typing import Any

import pytest

from voyaltis_flow.checks import check
from voyaltis_flow.project import find_project, validate
from voyaltis_flow.script.models import Catalog
from voyaltis_flow.script.problems import Finding

CATEGORIES = [
    {"id": "phone", "label": "Téléphone", "words": ["téléphone", "smartphone"]},
    {"id": "tv", "label": "Télé", "words": {"fr": ["télé"], "en": ["television"]}},
]


def found(*products: dict[str, Any], **keys: Any) -> list[tuple[str, Finding]]:
    written = {"version": 1, "house_brands": ["Samsung"], "categories": CATEGORIES, "products": products, **keys}
    return [(each.code.name, each.finding) for each in check(Catalog.model_validate(written))]


def product(name: str, *aliases: str, category: str = "phone", **keys: Any) -> dict[str, Any]:
    return {"id": name.replace(" ", "-"), "name": name, "category": category, "aliases": list(aliases), **keys}


TV = product("The Frame 55", category="tv")


def codes(*products: dict[str, Any]) -> list[str]:
    return [code for code, _ in found(*products, TV)]


def test_names_alike_are_told_once_with_the_pair_and_the_score_at_the_later_one() -> None:
    ((code, finding),) = found(product("Nivo 3", "Nivo"), product("Niveau 3"), TV)
    assert (code, finding.path) == ("VF508", ("products", 1, "name"))
    assert finding.message == "“Niveau 3” sounds like “Nivo 3” (`Nivo-3`): 0.83 of 1, by sound and letters."


def test_an_alias_that_sounds_like_another_product_is_pointed_at() -> None:
    (((code, finding)),) = found(product("Summit 3", "Nivo"), product("Galaxy", "Niveau"), TV)
    assert (code, finding.path) == ("VF508", ("products", 1, "aliases", "*", 0))


def test_names_of_one_product_may_sound_alike() -> None:
    assert codes(product("EcoBubble", "eco bubble", "Ecobuble")) == []


@pytest.mark.parametrize(
    ("thief", "owner"),
    [
        (product("Samsung Galaxy S25 Ultra", "Galaxy S25"), product("Samsung Galaxy S25")),
        (product("The Serif", "Fold"), product("Galaxy Z Fold")),
        (product("The Serif", "téléphone Fold", category="tv"), product("Galaxy Z Fold")),
    ],
)
def test_an_alias_of_another_products_words_is_stolen(thief: dict[str, Any], owner: dict[str, Any]) -> None:
    assert codes(thief, owner) == codes(owner, thief) == ["VF509"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            product("Jet 75 aspirateur balai", "aspirateur balai"),
            product("Jet 95 aspirateur balai", "aspirateur balai"),
        ),
        (product("QLED Q60 55", "QLED 55"), product("Neo QLED QN90 55", "Neo QLED 55")),
        (product("Delaube brut", "Delaube brut", brand="Delaube"), product("Kervalan cidre brut", brand="Kervalan")),
        (product("SmartFridge", "smart fridge"), product("Smart Monitor")),
    ],
)
def test_words_that_are_ones_own_are_not_stolen(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert codes(one, other) == []


def test_a_categorys_word_is_for_all_of_it() -> None:
    assert codes(product("A1", "smartphone"), product("B2")) == ["VF510"]
    assert codes(product("A1", "smartphone")) == []
    assert codes(product("A1", "Television"), product("B2")) == ["VF510"]


def test_a_category_without_products_is_told_with_its_words() -> None:
    ((code, finding),) = found(product("A1"))
    assert (code, finding.path) == ("VF511", ("categories", 1, "id"))
    assert "`télé` and `television`" in finding.message


@pytest.mark.parametrize("name", ["pharma", "tools", "wine"])
def test_a_trades_real_catalog_has_no_problem(name: str, pytestconfig: pytest.Config) -> None:
    path = pytestconfig.rootpath / "tests" / "data" / "trades" / name / "catalog.yaml"
    assert [str(problem) for report in validate([path], find_project()) for problem in report.problems] == []
