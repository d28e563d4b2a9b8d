"""Numbers are found where they stand, in words and digits, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.spell import SPELLERS
from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.language.numbers import find_numbers
from voyaltis_flow.language.tokens import tokenize


def numbers(text: str, language: str = "fr") -> list[tuple[str, float, str]]:
    tokens = tokenize(text)
    found = find_numbers(tokens, language)
    return [(text[tokens[n.first].start : tokens[n.last - 1].end], round(n.value, 3), n.kind) for n in found]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1 199", 1199),
        ("1\u202f199", 1199),
        ("1.199,50", 1199.5),
        ("3,5", 3.5),
        ("120", 120),
        ("soixante et onze", 71),
        ("quatre-vingt-dix-neuf", 99),
        ("deux cents", 200),
        ("mille deux cents", 1200),
        ("douze cents", 1200),
        ("trois cent soixante", 360),
        ("septante-cinq", 75),
        ("huitante", 80),
        ("nonante-neuf", 99),
        ("deux et demi", 2.5),
        ("2 mille", 2000),
        ("cent mille", 100_000),
    ],
)
def test_a_french_cardinal_is_one_number(said: str, value: float) -> None:
    assert numbers(said) == [(said, value, "cardinal")]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("fifty-six", 56),
        ("a hundred and forty", 140),
        ("twelve hundred", 1200),
        ("a thousand and one", 1001),
        ("1,199.50", 1199.5),
        ("one and a half", 1.5),
    ],
)
def test_an_english_cardinal_is_one_number(said: str, value: float) -> None:
    assert numbers(said, "en") == [(said, value, "cardinal")]


@pytest.mark.parametrize(
    ("said", "language", "found"),
    [
        ("deux douzaines", "fr", ("deux douzaines", 24, "collective")),
        ("une dizaine", "fr", ("une dizaine", 10, "collective")),
        ("une bonne quinzaine", "fr", ("une bonne quinzaine", 15, "collective")),
        ("une demi-douzaine", "fr", ("une demi-douzaine", 6, "collective")),
        ("une douzaine et demie", "fr", ("une douzaine et demie", 18, "collective")),
        ("half a dozen", "en", ("half a dozen", 6, "collective")),
        ("a couple of", "en", ("a couple", 2, "collective")),
        ("la moitié", "fr", ("moitié", 0.5, "fraction")),
        ("un tiers", "fr", ("un tiers", 0.333, "fraction")),
        ("trois quarts", "fr", ("trois quarts", 0.75, "fraction")),
        ("a third of them", "en", ("a third", 0.333, "fraction")),
        ("third", "en", ("third", 3, "ordinal")),
        ("troisième", "fr", ("troisième", 3, "ordinal")),
        ("3e", "fr", ("3e", 3, "ordinal")),
        ("2ème", "fr", ("2ème", 2, "ordinal")),
        ("vingt et unième", "fr", ("vingt et unième", 21, "ordinal")),
        ("aucune", "fr", ("aucune", 0, "none")),
        ("none", "en", ("none", 0, "none")),
        ("une", "fr", ("une", 1, "article")),
        ("an", "en", ("an", 1, "article")),
    ],
)
def test_what_is_counted_says_its_kind(said: str, language: str, found: tuple[str, float, str]) -> None:
    assert numbers(said, language) == [found]


def test_a_comma_parts_two_numbers() -> None:
    assert [value for _, value, _ in numbers("deux, trois")] == [2, 3]


def test_numbers_that_do_not_add_stay_apart() -> None:
    assert [value for _, value, _ in numbers("deux 55 pouces, vingt douze")] == [2, 55, 20, 12]


def test_percent_holds_no_hundred() -> None:
    assert [value for _, value, _ in numbers("dix pour cent")] == [10]


def test_digits_of_a_code_do_not_join_what_follows() -> None:
    assert [value for _, value, _ in numbers("le S25 256 Go, 2S25")] == [25, 256, 2, 25]


def test_a_plural_collective_alone_says_no_number() -> None:
    assert numbers("des dizaines") == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_number_up_to_ten_thousand_reads_back(language: str) -> None:
    for value in range(1, 10_000):
        spelled = SPELLERS[language](value)
        read = find_numbers(tokenize(spelled), language)
        assert [number.value for number in read] == [value], spelled


def test_zero_reads_back() -> None:
    assert numbers("zéro") == [("zéro", 0, "none")]


PIECES = [
    "un",
    "deux",
    "cent",
    "vingt",
    "et",
    "quatre",
    "a",
    "hundred",
    "half",
    "dozen",
    " ",
    "-",
    ",",
    ".",
    "1",
    "999",
]


@given(text=st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_gives_ordered_numbers_that_do_not_overlap(text: str) -> None:
    tokens = tokenize(text)
    for language in available_languages():
        at = 0
        for number in find_numbers(tokens, language):
            assert at <= number.first < number.last <= len(tokens)
            at = number.last
