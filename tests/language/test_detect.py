"""A turn's language is guessed only where its words leave little doubt."""

import pytest

from voyaltis_flow.language.detect import detect

BOTH = ("fr", "en")


@pytest.mark.parametrize("default", BOTH)
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("J'ai vendu deux S25 et trois frigos ce matin, les clients étaient contents", "fr"),
        ("ouais franchement une super journée", "fr"),
        ("les gens trouvent que c'est trop cher", "fr"),
        ("I sold two S25s and three fridges this morning, customers were happy", "en"),
        ("they really liked the new one", "en"),
        ("people said it was too expensive", "en"),
    ],
)
def test_plain_sentences_are_recognised_whatever_was_spoken_before(text: str, language: str, default: str) -> None:
    assert detect(text, default, BOTH) == language


@pytest.mark.parametrize("default", BOTH)
@pytest.mark.parametrize("text", ["", "ok", "12", "Galaxy Watch Ultra", "S25", "non", "The Frame 55", "Jet Bot", "👍"])
def test_short_or_neutral_text_stays_with_the_default(text: str, default: str) -> None:
    assert detect(text, default, BOTH) == default


def test_english_product_names_do_not_turn_a_french_sentence() -> None:
    assert detect("deux Galaxy Watch Ultra et un Smart Monitor", "fr", BOTH) == "fr"


def test_a_language_not_spoken_here_is_never_guessed() -> None:
    assert detect("I sold two of them this morning", "fr", ("fr",)) == "fr"
