"""The first generation's points, as the overview counts them."""

from __future__ import annotations

import pytest

from voyaltis_flow.catalog.points import PointsScorer
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Unknown
from voyaltis_flow.project import load_catalog


@pytest.fixture(scope="module")
def showroom() -> PointsScorer:
    return PointsScorer([load_catalog("showroom").value])


@pytest.fixture(scope="module")
def electronics() -> PointsScorer:
    return PointsScorer([load_catalog("electronics").value])


def test_the_worked_example_of_the_overview(showroom: PointsScorer) -> None:
    found = showroom.resolve("frigo")
    assert isinstance(found, Match)
    assert found.product == "smartfridge-elite"
    assert showroom.points("frigo", found.product) == 20 + 15
    assert found.reason.startswith("35 points")


def test_a_mention_that_contains_a_keyword_has_more_points_the_more_of_it_that_is(electronics: PointsScorer) -> None:
    assert (
        10
        < electronics.points("le family hub noir mat", "fr-family-hub")
        < electronics.points("le family hub", "fr-family-hub")
        < 20
    )


def test_a_keyword_that_contains_the_mention_has_six(electronics: PointsScorer) -> None:
    assert electronics.points("recorder", "fr-family-hub") == 0
    assert electronics.points("combiné", "fr-bespoke-combi") == 6


def test_brand_and_range_add_to_a_keyword_and_never_make_one(electronics: PointsScorer) -> None:
    plain = electronics.points("s25", "ph-s25")
    assert electronics.points("samsung galaxy s25", "ph-s25") == 20 + 3 + 5
    assert plain == 20
    assert isinstance(electronics.resolve("samsungs"), Unknown)


def test_a_tie_is_ambiguous(electronics: PointsScorer) -> None:
    assert isinstance(electronics.resolve("frigo"), Ambiguous)
