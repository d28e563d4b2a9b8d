"""Later words narrow down candidates, and words that say nothing of them leave them be."""

from __future__ import annotations

import pytest

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.language.tokens import tokenize

FRAMES = ("tv-frame-43", "tv-frame-55", "tv-frame-65")
WATCHES = ("wt-watch8", "wt-watch8-classic", "wt-watch-ultra")
COOLERS = ("cl-windfree-avant", "cl-windfree-elite")
PHONES = ("ph-s25", "ph-s25-plus", "ph-s25-ultra", "ph-s25-edge")


@pytest.mark.parametrize(
    ("candidates", "words", "left"),
    [
        (FRAMES, "en 55", ("tv-frame-55",)),
        (FRAMES, "la 65", ("tv-frame-65",)),
        (FRAMES, "la soixante-cinq pouces", ("tv-frame-65",)),
        (FRAMES, "deux en 55", ("tv-frame-55",)),
        (FRAMES, "la 43 ou la 55", ("tv-frame-43", "tv-frame-55")),
        (WATCHES, "la Classic", ("wt-watch8-classic",)),
        (WATCHES, "la classique", ("wt-watch8-classic",)),
        (COOLERS, "Elite", ("cl-windfree-elite",)),
        (PHONES, "le Plus", ("ph-s25-plus",)),
        (PHONES, "S25", ("ph-s25",)),
    ],
)
def test_a_facet_narrows(
    electronics: CatalogIndex, candidates: tuple[str, ...], words: str, left: tuple[str, ...]
) -> None:
    assert electronics.narrow(candidates, tokenize(words), "fr") == left


@pytest.mark.parametrize("words", ["la bleue", "la plus petite", "j'en ai fait douze", "", "je sais plus"])
def test_words_that_say_nothing_leave_all(electronics: CatalogIndex, words: str) -> None:
    assert electronics.narrow(FRAMES, tokenize(words), "fr") == FRAMES


def test_one_or_the_other_leaves_both(electronics: CatalogIndex) -> None:
    assert electronics.narrow(COOLERS, tokenize("Avant ou Elite"), "fr") == COOLERS


@pytest.mark.parametrize("words", ["en 98 pouces", "la 98"])
def test_a_size_that_no_candidate_has_leaves_none(electronics: CatalogIndex, words: str) -> None:
    assert electronics.narrow(FRAMES, tokenize(words), "fr") == ()


def test_products_that_the_catalog_has_not_are_left_out(electronics: CatalogIndex) -> None:
    assert electronics.narrow(("nothing", *COOLERS), tokenize("Elite"), "fr") == ("cl-windfree-elite",)
