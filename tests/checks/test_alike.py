from __future__ import annotations

from itertools import combinations
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.checks.alike import ALIKE, alike_names

SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in ("a", "é", "i", "o", "ou", "an")]
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nivo 3", "Niveau 3"),
        ("Velora Visio", "Velora Vizio"),
        ("Optima", "Optimal"),
        ("Aqua Pur", "Aquapur"),
        ("Nordika Plus", "Nordica Plus"),
        ("Merlot 2020", "Marlot 2020"),
        ("Aurelia", "Orélia"),
        ("déçu", "dessus"),
    ],
)
def test_what_sounds_alike_is_found_whatever_the_order(one: str, other: str) -> None:
    (found,) = alike_names([one, "Something else", other], "fr")
    assert {found.one, found.other} == {one, other}
    assert ALIKE <= found.score <= 1
    (turned,) = alike_names([other, one], "fr")
    assert turned.score == found.score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Galaxy S24", "Galaxy S25"),
        ("OLED 55", "QLED 55"),
        ("Bandol rouge", "Bandol rosé"),
        ("Cognac VS", "Cognac VSOP"),
        ("KBH 2-26", "KBH 2-28"),
        ("Nivo 3", "Niveau 4"),
        ("Crème de jour", "Crème de nuit"),
        ("Cargo", "Largo"),
        ("satisfait", "insatisfait"),
        ("content", "mécontent"),
    ],
)
def test_what_a_number_a_code_or_a_word_tells_apart_is_not(one: str, other: str) -> None:
    assert list(alike_names([one, other], "fr")) == []


def test_a_sound_depends_on_the_language() -> None:
    assert list(alike_names(["Nivo", "Niveau"], "fr"))
    assert not list(alike_names(["Nivo", "Niveau"], "en"))


@given(st.lists(st.text(max_size=30), max_size=12), st.sampled_from(["fr", "en"]))
def test_any_names_can_be_compared(names: list[str], language: str) -> None:
    for found in alike_names(names, language):
        assert found.one in names
        assert found.other in names
        assert ALIKE <= found.score <= 1


@given(st.lists(NAMES, unique=True, max_size=10))
def test_two_that_are_alike_by_themselves_are_found_among_many(names: list[str]) -> None:
    alone = {frozenset(pair) for pair in combinations(names, 2) if list(alike_names(pair, "fr"))}
    among = {frozenset((found.one, found.other)) for found in alike_names(names, "fr")}
    assert among == alone


def test_a_crowd_that_sounds_the_same_takes_no_time() -> None:
    names = [f"Batavo{vowels} {number % 5}" for number, vowels in enumerate(_endings(20_000))]
    began = process_time()
    assert sum(1 for _ in alike_names(names, "fr")) > 10_000
    assert process_time() - began < 10


def _endings(count: int) -> list[str]:
    vowels = "aeiouy"
    return ["".join(vowels[number // 6**place % 6] for place in range(6)) for number in range(count)]
