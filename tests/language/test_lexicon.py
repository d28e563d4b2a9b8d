"""A language is a folder of data: each has the same parts, and words are words."""

from __future__ import annotations

import pytest

from voyaltis_flow.language.lexicon import available_languages, common_rank, language_data

FRENCH = "fr"


@pytest.mark.parametrize("language", available_languages())
@pytest.mark.parametrize("part", ["numbers", "mentions"])
def test_each_language_has_the_same_parts(language: str, part: str) -> None:
    assert {*language_data(language, part)} - {"not_after"} == {*language_data(FRENCH, part)} - {"not_after"}


@pytest.mark.parametrize("language", available_languages())
def test_each_language_names_every_letter(language: str) -> None:
    assert "".join(sorted(language_data(language, "sounds")["letters"])) == "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("language", available_languages())
def test_units_and_colours_have_the_names_that_all_languages_share(language: str) -> None:
    for shared in ("units", "colours"):
        assert {*language_data(language, "mentions")[shared]} == {*language_data(FRENCH, "mentions")[shared]}


@pytest.mark.parametrize("language", available_languages())
def test_no_and_yes_are_words(language: str) -> None:
    listed = [word for name in ("empty", "fillers") for word in language_data(language, "mentions")[name]]
    assert all(isinstance(word, str) for word in listed)


def test_common_words_are_ranked() -> None:
    assert common_rank("de", "fr") == 0
    assert common_rank("the", "en") == 0
    assert (common_rank("frigo", "fr") or 0) > (common_rank("maison", "fr") or 0) > 0
    assert common_rank("viewfinity", "fr") is None


def test_a_language_without_a_folder_says_which_there_are() -> None:
    with pytest.raises(LookupError, match="en, fr"):
        language_data("tlh", "numbers")
