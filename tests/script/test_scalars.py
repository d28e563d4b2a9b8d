import math

import pytest

from voyaltis_flow.script.scalars import plain


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "off",
        "y",
        "N",
        "2026-11-24",
        "1:30",
        "12:30:45",
        "1_000",
        "S25",
        "+",
        "-",
        ".",
        "e5",
        "0b1",
        "TrUe",
    ],
)
def test_words_dates_and_times_are_text(written: str) -> None:
    assert plain(written) == written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("017", 17),
        ("0o17", 15),
        ("0xFF", 255),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("2e3", 2000.0),
        ("-.inf", -math.inf),
    ],
)
def test_core_scalars_have_their_values(written: str, value: object) -> None:
    assert plain(written) == value
    assert type(plain(written)) is type(value)


def test_a_number_too_long_to_be_one_stays_text() -> None:
    assert plain("9" * 5000) == "9" * 5000
    assert plain("0x" + "f" * 5000) == "0x" + "f" * 5000
