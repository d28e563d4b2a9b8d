"""Sentences of a growing text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.engine.sentences import split, whole

PIECES = [
    "Bonjour",
    " ",
    ".",
    "…",
    " ?",
    "!",
    "S25",
    "3.5",
    "M. Dupont",
    "»",
    '"',
    "\n",
    "<b>",
    "et",
    "Oui",
    "env.",
    "1.",
]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("C'est noté. Et les clients ?", ["C'est noté.", "Et les clients ?"]),
        ("Deux S25. Trois autres.", ["Deux S25.", "Trois autres."]),
        ("C'est 3.5 pour l'écran. Bien.", ["C'est 3.5 pour l'écran.", "Bien."]),
        ("M. Dupont a dit oui. Bien.", ["M. Dupont a dit oui.", "Bien."]),
        ("Le Dr. House et Mme. Arnaud. Ok.", ["Le Dr. House et Mme. Arnaud.", "Ok."]),
        ("Euh… oui, d'accord… Et après ?", ["Euh… oui, d'accord…", "Et après ?"]),
        ("Vraiment ?! Super !", ["Vraiment ?!", "Super !"]),
        ("Ah bon ? ! Oui.", ["Ah bon ? !", "Oui."]),
        ("Il a dit « génial ! » Et toi ?", ["Il a dit « génial ! »", "Et toi ?"]),
        ('He said "great." And you?', ['He said "great."', "And you?"]),
        ("Deux choses:\nUne. Deux.", ["Deux choses:", "Une.", "Deux."]),
        ("p.ex. Samsung. Bien, e.g. Galaxy. Oui.", ["p.ex. Samsung.", "Bien, e.g. Galaxy.", "Oui."]),
        ("1. Le S25. 2. Le A56.", ["1. Le S25.", "2. Le A56."]),
        ("J'en ai vendu 12. Et toi ?", ["J'en ai vendu 12.", "Et toi ?"]),
        ('<a href="x? Y">lien</a> Oui. Non.', ['<a href="x? Y">lien</a> Oui.', "Non."]),
        ("", []),
        ("…", ["…"]),
    ],
)
def test_sentences_end_where_a_speaker_would_pause(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_a_sentence_is_not_whole_before_the_next_one_begins() -> None:
    assert whole("C'est noté.") is None
    assert whole("C'est noté. ") is None
    assert whole("C'est noté. E") == len("C'est noté.")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_is_whole_once_stays_whole(text: str) -> None:
    for length in range(len(text)):
        end = whole(text[:length])
        if end is not None:
            assert whole(text) == end


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())
