"""What a mention is, rule by rule, over a catalog of a trade of its own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Unknown
from voyaltis_flow.script.models import Catalog

BICYCLES = {
    "version": 1,
    "house_brands": ["Velora"],
    "competitors": ["Shimano", "Decathlon"],
    "categories": [
        {"id": "velo", "label": "Vélo", "words": ["vélo", "bicyclette", "bike"]},
        {"id": "trottinette", "label": "Trottinette", "words": ["trottinette", "trottinette électrique", "scooter"]},
        {"id": "casque", "label": "Casque", "words": ["casque", "helmet"]},
        {"id": "antivol", "label": "Antivol", "words": ["antivol", "lock"]},
        {"id": "huile", "label": "Huile", "words": ["huile"]},
    ],
    "products": [
        {
            "id": "gravel",
            "name": "Velora Gravel R7",
            "category": "velo",
            "brand": "Velora",
            "aliases": ["R7", "Gravel"],
        },
        {
            "id": "gravel-pro",
            "name": "Velora Gravel R7 Pro",
            "category": "velo",
            "brand": "Velora",
            "aliases": ["R7 Pro"],
        },
        {
            "id": "cargo",
            "name": "Velora Cargo familial",
            "category": "velo",
            "brand": "Velora",
            "aliases": ["vélo cargo"],
        },
        {
            "id": "city-26",
            "name": "Velora City 26 pouces",
            "category": "velo",
            "brand": "Velora",
            "aliases": ["City 26"],
        },
        {
            "id": "city-28",
            "name": "Velora City 28 pouces",
            "category": "velo",
            "brand": "Velora",
            "aliases": ["City 28"],
        },
        {
            "id": "glide",
            "name": "Velora Glide 350",
            "category": "trottinette",
            "brand": "Velora",
            "aliases": ["Glide 350"],
        },
        {"id": "bowl-noir", "name": "Velora Bowl noir", "category": "casque", "brand": "Velora"},
        {"id": "bowl-rouge", "name": "Velora Bowl rouge", "category": "casque", "brand": "Velora"},
        {"id": "folding", "name": "Velora Antivol pliant Foldgrip", "category": "antivol", "brand": "Velora"},
        {"id": "huile-1", "name": "Velora Huile 100 ml", "category": "huile", "brand": "Velora"},
        {"id": "huile-2", "name": "Velora Huile 250 ml", "category": "huile", "brand": "Velora"},
    ],
}


@pytest.fixture(scope="module")
def bicycles() -> CatalogIndex:
    return CatalogIndex([Catalog.model_validate(BICYCLES)])


@pytest.mark.parametrize(
    ("mention", "product"),
    [
        ("Velora Gravel R7 Pro", "gravel-pro"),
        ("le R7", "gravel"),
        ("Gravel", "gravel"),
        ("R sept", "gravel"),
        ("erre 7 pro", "gravel-pro"),
        ("deux vélos cargos", "cargo"),
        ("un antivol", "folding"),
        ("une trottinette électrique", "glide"),
        ("un City en 28 pouces", "city-28"),
        ("City vingt-six", "city-26"),
        ("vélo 26 pouces", "city-26"),
        ("un R7 bleu", "gravel"),
        ("un R7 de 9 kilos", "gravel"),
        ("casque rouge", "bowl-rouge"),
        ("the red helmet", "bowl-rouge"),
        ("une caisse de R7 Pro", "gravel-pro"),
        ("euh le fameux Gravel quoi", "gravel"),
        ("le cargot familiale", "cargo"),
        ("un antivole foldgrippe", "folding"),
    ],
)
def test_a_mention_that_fits_one_product_is_that_product(bicycles: CatalogIndex, mention: str, product: str) -> None:
    found = bicycles.resolve(mention)
    assert isinstance(found, Match), found
    assert (found.product, found.confirm) == (product, False)


def test_a_piece_of_a_name_that_was_only_heard_asks_to_be_confirmed(bicycles: CatalogIndex) -> None:
    found = bicycles.resolve("un foldegripe")
    assert isinstance(found, Match)
    assert (found.product, found.confirm, found.how) == ("folding", True, "sound")


@pytest.mark.parametrize(
    ("mention", "category"),
    [
        ("un vélo", "velo"),
        ("deux bikes", "velo"),
        ("un City", "velo"),
        ("la gamme R7", "velo"),
        ("un casque", "casque"),
        ("un Velora", None),
    ],
)
def test_a_mention_that_fits_several_is_ambiguous(bicycles: CatalogIndex, mention: str, category: str | None) -> None:
    found = bicycles.resolve(mention)
    assert isinstance(found, Ambiguous), found
    assert found.category == category


@pytest.mark.parametrize(
    ("mention", "why"),
    [
        ("un vélo Decathlon", "competitor"),
        ("un chimano", "competitor"),
        ("R8", "no_match"),
        ("Gravel R9", "near_name"),
        ("un City 24 pouces", "near_name"),
        ("un casque vert", "near_name"),
        ("une huile de 500 ml", "near_name"),
        ("un vélo Peugeot", "near_name"),
        ("un panier pour le R7", "accessory"),
        ("une lampe", "no_match"),
        ("le directeur du magasin", "no_match"),
        ("", "no_match"),
        ("🚲", "no_match"),
    ],
)
def test_what_the_catalog_has_not_is_none(bicycles: CatalogIndex, mention: str, why: str) -> None:
    found = bicycles.resolve(mention)
    assert isinstance(found, Unknown), found
    assert found.why == why


def test_a_reason_names_what_each_word_was_taken_for(bicycles: CatalogIndex) -> None:
    assert bicycles.resolve("vélo cargot").reason == '"vélo" is a word for velo, "cargot" sounds like "cargo"'


def test_a_word_for_word_name_scores_one(bicycles: CatalogIndex) -> None:
    found = bicycles.resolve("R7 Pro")
    assert found.score == 1
    assert isinstance(found, Match)
    assert found.how == "name"


def test_several_catalogs_are_one(bicycles: CatalogIndex) -> None:
    more = Catalog.model_validate(
        {
            "version": 1,
            "categories": [{"id": "the", "label": "Thé"}],
            "products": [{"id": "t", "name": "Sencha", "category": "the"}],
        }
    )
    both = CatalogIndex([Catalog.model_validate(BICYCLES), more])
    assert both.resolve("Sencha").product == "t"  # type: ignore[union-attr]
    assert both.resolve("R7").product == "gravel"  # type: ignore[union-attr]


def test_an_empty_catalog_knows_nothing() -> None:
    assert isinstance(CatalogIndex([]).resolve("un vélo"), Unknown)


@settings(max_examples=150, deadline=None)
@given(mention=st.text(max_size=60), language=st.sampled_from(["fr", "en", "xx", None]))
def test_whatever_is_said_never_raises(bicycles: CatalogIndex, mention: str, language: str | None) -> None:
    bicycles.resolve(mention, language)
