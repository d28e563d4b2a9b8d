"""Words that sound alike have like codes, across the languages they are read in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.language.sounds import broad, letter_heard, skeleton, sound, sounds, spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bar", "barre"),
        ("son", "sont"),
        ("laver", "lavé"),
        ("vin", "vingt"),
        ("famili", "familie"),
        ("vécel", "vaisselle"),
    ],
)
def test_french_homophones_have_one_code(one: str, other: str) -> None:
    assert sound(one, "fr") == sound(other, "fr")


@pytest.mark.parametrize(
    ("heard", "english"),
    [
        ("ouateur", "water"),
        ("eub", "hub"),
        ("crispe", "crisp"),
        ("couic", "quick"),
        ("famili", "family"),
        ("ouatche", "watch"),
    ],
)
def test_what_french_ears_write_of_an_english_word_sounds_like_it(heard: str, english: str) -> None:
    assert broad(sound(heard, "fr")) == broad(sound(english, "en"))


@pytest.mark.parametrize(("heard", "english"), [("bispoque", "bespoke"), ("freme", "frame"), ("jette", "jet")])
def test_a_skeleton_survives_misheard_vowels(heard: str, english: str) -> None:
    assert skeleton(sound(heard, "fr")) == skeleton(sound(english, "en"))


@pytest.mark.parametrize(
    ("word", "language", "letter"),
    [
        ("esse", "fr", "s"),
        ("à", "fr", "a"),
        ("zède", "fr", "z"),
        ("cul", "fr", "q"),
        ("ess", "en", "s"),
        ("frigo", "fr", None),
    ],
)
def test_a_letter_is_known_by_its_name(word: str, language: str, letter: str | None) -> None:
    assert letter_heard(word, language) == letter


def test_a_word_may_be_spelled_out() -> None:
    assert "Ef9" in spelled("fe", "fr")


def test_a_word_may_be_said_in_two_ways() -> None:
    assert set(sounds("plus", "fr")) == {"ply", "plys"}


@given(word=st.text(max_size=30), language=st.sampled_from(available_languages()))
def test_any_text_has_a_code(word: str, language: str) -> None:
    code = sound(word.lower(), language)
    assert len(skeleton(code)) <= len(code)
