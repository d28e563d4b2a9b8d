"""Names in what was written otherwise: what is proposed to whoever has the sound, and what never is."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.speech.whisper.misheard import LEAST_ALIKE, MOST, Swap, made, swaps

NAMES = ["S25", "S25 Ultra", "Book 4", "Jet 75", "Fold", "Fit 3", "Odyssey G8", "Music Frame", "Buds FE", "A16"]


def proposed(text: str, language: str = "fr") -> dict[str, str]:
    """The likest name for each stretch of a text."""
    found: dict[str, str] = {}
    for swap in swaps(text, language, NAMES):
        found.setdefault(text[swap.start : swap.end], swap.name)
    return found


@pytest.mark.parametrize(
    ("text", "stretch", "name"),
    [
        ("Debout 4.", "Debout 4", "deux Book 4"),
        ("Trois G75, beaucoup de gens", "G75", "Jet 75"),
        ("j'ai closé deux folles sur un deal", "folles", "Fold"),
        ("un musique frame pour le bar", "musique frame", "Music Frame"),
        ("10 et 25 Ultra", "25 Ultra", "S25 Ultra"),
        ("mais 3F3", "3F3", "trois Fit 3"),
        ("je lui ai vendu un assez", "assez", "A16"),
    ],
)
def test_words_that_sound_like_a_name_are_proposed(text: str, stretch: str, name: str) -> None:
    assert proposed(text)[stretch] == name


def test_a_name_that_stands_there_is_left_alone() -> None:
    assert not proposed("deux S25 Ultra, 5S25 et un Odyssey G8")


def test_a_number_that_counts_a_name_is_part_of_no_other() -> None:
    assert not proposed("j'ai vendu deux S25 et 3 Music Frame")
    assert not proposed("j'ai vendu deux S25 et trois Music Frame")


@pytest.mark.parametrize(
    ("text", "language", "swapped"),
    [
        ("on a fait si Galaxy Fold", "fr", "on a fait six Galaxy Fold"),
        ("Saint Music Frame", "fr", "Cinq Music Frame"),
        ("I sold for Music Frame", "en", "I sold four Music Frame"),
    ],
)
def test_a_word_that_sounds_like_a_number_right_before_a_name_may_count_it(
    text: str, language: str, swapped: str
) -> None:
    assert swapped in [swap.made(text) for swap in swaps(text, language, NAMES)]


def test_a_word_that_sounds_like_a_number_elsewhere_is_that_word() -> None:
    assert not proposed("si tu veux, Music Frame ce sont si, Music Frame")


def test_another_model_is_not_the_one_that_we_sell() -> None:
    assert "Odyssey G8" not in proposed("deux Odyssey G7").values()
    assert "S25" not in proposed("deux S24").values()


def test_a_number_alone_is_no_name() -> None:
    assert not proposed("trois. 5. Six.")


def test_words_are_not_torn_apart() -> None:
    for stretch in proposed("l'Odyssey G7, 3Buefe, j'ai fait eu trois Book 5"):
        assert not re.search(r"\bj$|^ai\b|G$", stretch)


def test_a_pause_parts_names() -> None:
    assert "Music. Frame" not in proposed("Music. Frame")


def test_the_more_alike_the_less_the_sound_has_to_say() -> None:
    assert Swap(0, 1, "S25", 100.0).worth > Swap(0, 1, "S25", LEAST_ALIKE).worth > 0


def test_of_two_swaps_over_the_same_words_the_first_is_made() -> None:
    swapped = made(
        "deux folles et 3F3", [Swap(5, 11, "Fold", 90.0), Swap(0, 11, "un Fold", 80.0), Swap(15, 18, "Fit 3", 90.0)]
    )
    assert swapped == "deux Fold et Fit 3"


@given(st.text(max_size=120), st.lists(st.text(max_size=12), max_size=8), st.sampled_from(["fr", "en"]))
def test_whatever_is_written_swaps_are_few_and_within_the_text(text: str, names: list[str], language: str) -> None:
    found = swaps(text, language, names)
    assert len(found) <= MOST
    for swap in found:
        assert 0 <= swap.start < swap.end <= len(text)
        assert swap.name in made(text, [swap])


def test_a_long_text_and_many_names_take_bounded_time() -> None:
    names = [f"Modèle {chr(97 + n % 26)}{n}" for n in range(1500)]
    text = "on a vendu des modèles à tout le monde, et puis encore deux ou trois autres, " * 5
    swaps(text, "fr", names)
    began = time.process_time()
    swaps(text, "fr", names)
    assert time.process_time() - began < 1.0
