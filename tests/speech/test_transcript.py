"""What of a recogniser's text was said, and which names may have been meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.speech.whisper.counts import counted
from voyaltis_flow.speech.whisper.likeness import likest
from voyaltis_flow.speech.whisper.transcript import believed, cleaned, goes_round

NAMES = ["SmartFridge", "Family Hub", "Jet 75", "S25", "The Frame 55", "Odyssey G8", "Buds FE"]


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("Deux S25. Merci d'avoir regardé cette vidéo !", "Deux S25."),
        ("Sous-titres réalisés par la communauté d'Amara.org", ""),
        ("Sous-titrage Société Radio-Canada", ""),
        ("Two S25. Thank you for watching!", "Two S25."),
        ("[Musique] Trois Family Hub.", "Trois Family Hub."),
        ("Merci beaucoup, c'est tout.", "Merci beaucoup, c'est tout."),
        ("Les clients ont regardé la télé.", "Les clients ont regardé la télé."),
    ],
)
def test_what_nobody_said_is_left_out(heard: str, said: str) -> None:
    assert cleaned(heard) == said


def test_a_text_that_goes_round_was_not_said() -> None:
    assert goes_round("4,5,4,5,5,6,5,7,5,8,5,9,5,10,5,1,5,2,5,3,5,0,5", 1.2)
    assert goes_round("Deux frigos. " * 12, 4.0)
    assert goes_round("Les clients ont adoré l'image et ils en ont tous parlé autour d'eux.", 0.4)


def test_a_list_of_sales_does_not_go_round() -> None:
    said = "Deux QuickDrive, un lave-linge Bespoke, trois sèche-linge, un WaterWall, deux Dual Cook et une hotte."
    assert not goes_round(said, 7.0)
    assert not goes_round("Oui, oui, oui.", 1.0)


def test_a_guess_into_silence_is_not_believed() -> None:
    assert not believed("Merci.", likelihood=-1.2, silence=0.9)
    assert believed("Merci.", likelihood=-0.4, silence=0.9)
    assert not believed("...", likelihood=-0.1, silence=0.0)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("trois famille hub et un", "Family Hub"),
        ("3 G75", "Jet 75"),
        ("inodyssée G huit", "Odyssey G8"),
        ("deux The Frame cinquante cinq", "The Frame 55"),
        ("un smart fridge", "SmartFridge"),
    ],
)
def test_a_name_is_found_however_it_was_written(heard: str, meant: str) -> None:
    assert meant in likest(heard, NAMES, 3)


@pytest.mark.parametrize(
    ("heard", "language", "said"),
    [
        ("2S25 et 3, The Frame 55.", "fr", "2S25 et 3 The Frame 55."),
        ("quatre S25, de Family Hub, un Jet 75", "fr", "quatre S25, deux Family Hub, un Jet 75"),
        ("De Family Hub et 4, S25", "fr", "deux Family Hub et 4 S25"),
        ("one Jet 75, to Family Hub and three S25", "en", "one Jet 75, two Family Hub and three S25"),
        ("The Frame 55, 3, Family Hub, 6", "fr", "The Frame 55, 3, Family Hub, 6"),
        ("l'écran de Family Hub", "fr", "l'écran de Family Hub"),
        ("à 5, le S25", "fr", "à 5, le S25"),
    ],
)
def test_a_number_before_a_name_is_read_as_one(heard: str, language: str, said: str) -> None:
    assert counted(heard, language, NAMES) == said


def test_the_same_name_in_other_words_takes_no_room() -> None:
    names = ["QuickDrive", "quick drive", "S25", "Galaxy S25", "Jet 75"]
    assert likest("deux quick drive", names, 3)[0] == "QuickDrive"
    assert "quick drive" not in likest("deux quick drive", names, 5)


def test_nothing_heard_leaves_the_first_names() -> None:
    assert likest("...", NAMES, 2) == NAMES[:2]
    assert likest("deux frigos", [], 3) == []


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=8, unique=True), st.integers(0, 5))
def test_as_many_names_as_wished_each_once(heard: str, names: list[str], most: int) -> None:
    found = likest(heard, names, most)
    assert len(found) == len(set(found)) <= min(most, len(names))
    assert set(found) <= set(names)
