"""Mentions are found in running text, each with its extent, and everyday words are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Match
from voyaltis_flow.language.tokens import tokenize


def spots(index: CatalogIndex, text: str, language: str = "fr") -> list[tuple[str, str]]:
    """Each mention as said, and what it is: a product, a category ("several" when there are several), or why none."""
    tokens, found = tokenize(text), []
    for spot in index.spot(tokens, language):
        said = text[tokens[spot.first].start : tokens[spot.last - 1].end]
        what = spot.resolution
        is_ = (
            what.product
            if isinstance(what, Match)
            else (what.category or "several")
            if isinstance(what, Ambiguous)
            else what.why
        )
        found.append((said, is_))
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("deux S25 et trois frigos", [("S25", "ph-s25"), ("frigos", "refrigerateur")]),
        ("l'A56, du S25, un peu de Fold", [("A56", "ph-a56"), ("S25", "ph-s25"), ("Fold", "ph-zfold7")]),
        ("deux frigos américains", [("frigos américains", "fr-americain-rs68")]),
        ("Buds 3 Pro", [("Buds 3 Pro", "bd-buds3-pro")]),
        ("S25, S25 Ultra et A56", [("S25", "ph-s25"), ("S25 Ultra", "ph-s25-ultra"), ("A56", "ph-a56")]),
        ("A36 et A56", [("A36", "ph-a36"), ("A56", "ph-a56")]),
        (
            "un S vingt-cinq et un Jet soixante-quinze",
            [("S vingt-cinq", "ph-s25"), ("Jet soixante-quinze", "as-jet75")],
        ),
        ("trois cent soixante Book", [("trois cent soixante Book", "pc-book5-360")]),
        ("trois The Frame en 55", [("The Frame en 55", "tv-frame-55")]),
        ("une garantie trois ans", [("garantie trois ans", "sv-garantie-3")]),
    ],
)
def test_names_are_found_without_their_quantity(
    electronics: CatalogIndex, text: str, found: list[tuple[str, str]]
) -> None:
    assert spots(electronics, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S25 et Ultra", ["S25", "Ultra"]),
        ("un S25. L'Ultra aussi", ["S25", "Ultra"]),
        ("le S25 plus deux Flip", ["S25", "Flip"]),
        ("le S25 plus et un Flip", ["S25 plus", "Flip"]),
    ],
)
def test_a_facet_beyond_a_pause_or_an_and_does_not_extend_a_mention(
    electronics: CatalogIndex, text: str, found: list[str]
) -> None:
    assert [said for said, _ in spots(electronics, text)] == found


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [
        ("une enceinte JBL", "enceinte JBL", "competitor"),
        ("un iPhone 16 Pro hier", "iPhone 16 Pro", "competitor"),
        ("une Watch 7", "Watch 7", "near_name"),
        ("le Galaxy S24 Ultra", "Galaxy S24 Ultra", "near_name"),
        ("un S25 FE", "S25 FE", "near_name"),
        ("une télé 32 pouces", "télé 32 pouces", "near_name"),
        ("un frigo Liebherr", "frigo Liebherr", "near_name"),
        ("le Fold cinq", "Fold cinq", "near_name"),
    ],
)
def test_what_is_near_and_not_ours_is_a_spot_of_its_own(
    electronics: CatalogIndex, text: str, said: str, why: str
) -> None:
    assert spots(electronics, text) == [(said, why)]


def test_a_foreign_unit_is_an_attribute(electronics: CatalogIndex) -> None:
    assert spots(electronics, "une Watch Classic en 46 millimètres") == [("Watch Classic", "wt-watch8-classic")]


def test_a_number_that_counts_something_else_is_no_model(electronics: CatalogIndex) -> None:
    assert spots(electronics, "j'ai montré la Watch trois fois") == [("Watch", "montre")]


@pytest.mark.parametrize(
    ("text", "said", "product"),
    [
        ("une jette soixante quinze", "jette soixante quinze", "as-jet75"),
        ("une bisse poque jet et", "bisse poque jet", "as-bespoke-jet"),
        ("deux fri staïle", "fri staïle", "vp-freestyle"),
        ("la famili eub est partie", "famili eub", "fr-family-hub"),
        ("deux ère crispe", "ère crispe", "nd-aircrisp"),
        ("deux a seize", "a seize", "ph-a16"),
        ("une cave à 20", "cave à 20", "nd-cave-36"),
    ],
)
def test_a_misheard_name_is_found(electronics: CatalogIndex, text: str, said: str, product: str) -> None:
    assert spots(electronics, text) == [(said, product)]


@pytest.mark.parametrize(
    "text",
    [
        "il y en a seize, on a montré avant midi, avec du son dans l'air, et un petit jeu",
        "le directeur était content du conseil, il montre beaucoup de choses à son équipe",
        "les clients reviennent samedi, ils trouvent que c'est trop cher en ce moment",
        "j'en ai fait deux, plus trois hier, ça fait cinq en tout sur les dix prévus",
    ],
)
def test_everyday_words_are_no_mentions(electronics: CatalogIndex, text: str) -> None:
    assert spots(electronics, text) == []


@pytest.mark.parametrize("text", ["1,5,360", "un virgule cinq,360", "1.5.360", "un million,5"])
def test_numbers_run_together_are_no_fault(electronics: CatalogIndex, text: str) -> None:
    assert isinstance(spots(electronics, f"Book {text}, Fit 3"), list)


def test_english_four_is_a_number(electronics: CatalogIndex) -> None:
    assert spots(electronics, "sold four ovens", "en") == [("ovens", "four")]


def test_a_long_text_takes_bounded_time(electronics: CatalogIndex) -> None:
    for piece in ("deux S25 et une Watch, ", "zblorg frimousk tapioquet ", "cent mille deux cent ", "S25"):
        tokens = tokenize(piece * (20_000 // len(piece)))
        started = time.process_time()
        electronics.spot(tokens, "fr")
        assert time.process_time() - started < 3, piece


@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "S25",
                "Ultra",
                "la",
                "Watch",
                "8",
                "deux",
                "frigo",
                "LG",
                ",",
                ".",
                "et",
                "en",
                "55",
                "pouces",
                "plus",
                "fri",
                "staïle",
                "Galaxy",
                "pour",
                "-",
            ]
        ),
        max_size=25,
    )
)
def test_spots_are_in_order_and_apart(electronics: CatalogIndex, words: list[str]) -> None:
    tokens = tokenize(" ".join(words))
    at = 0
    for spot in electronics.spot(tokens, "fr"):
        assert at <= spot.first < spot.last <= len(tokens)
        at = spot.last
