"""The content that ships: right by its own rules, and worded as people speak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voyaltis_flow.project import find_project, load_catalog, load_flow, load_style, validate
from voyaltis_flow.script.models import Style, Text
from voyaltis_flow.script.templates import template

ROOT = Path(__file__).parent.parent
STYLES = ("friendly_colleague", "professional_warm", "coach_motivating", "casual_relaxed")
FLOWS = ("event_debrief", "shop_visit")
TOLD = {
    "items": "2 Galaxy S25",
    "mention": "frigo",
    "choices": "SmartFridge Elite ou Family Hub",
    "product": "Galaxy S25",
    "question": "Alors.",
    "rep": {"name": "Thomas"},
    "event": {"name": "le Salon"},
}
"""What a text may be told; the second rendering of each is told nothing of it."""
UNSPOKEN = re.compile(r"  | ,|\(\)|^[,.;:]|[,:;]$|[,:;] *[.?!]|\{|\}")
FRENCH_MARKS = re.compile(r"(?<=[^\s?!])[?!;:]|«(?! )|(?<! )»")
ENGLISH_MARKS = re.compile(r"\s[?!;:,.]")
TU = re.compile(r"\b(tu|te|t'|toi|ton|ta|tes)\b", re.IGNORECASE)
VOUS = re.compile(r"\b(vous|votre|vos)\b", re.IGNORECASE)


def _variants(text: Text) -> Iterator[tuple[str, str]]:
    for language, variants in text.root.items():
        for variant in variants:
            yield language, variant


def _lines() -> Iterator[tuple[str, str, str, str]]:
    for name in STYLES:
        for line, text in load_style(name).value.lines:
            for language, variant in _variants(text):
                yield name, line, language, variant


def _flow_texts() -> Iterator[tuple[str, str, str, str]]:
    for name in FLOWS:
        flow = load_flow(name).value
        texts = {"opening": flow.opening, "closing": flow.closing, "notice": flow.notice}
        texts |= {point.id: point.ask for point in flow.points if isinstance(point.ask, Text)}
        for where, text in texts.items():
            for language, variant in _variants(text):
                yield name, where, language, variant


SPOKEN = [*_lines(), *_flow_texts()]


def _style(name: str) -> Style:
    return load_style(name).value


def test_all_of_it_validates_without_a_word() -> None:
    folders = [ROOT / "flows", ROOT / "styles", ROOT / "catalogs"]
    assert [problem for report in validate(folders, find_project(ROOT)) for problem in report.problems] == []


@pytest.mark.parametrize(("name", "where", "language", "text"), SPOKEN)
def test_a_text_reads_well_with_and_without_names(name: str, where: str, language: str, text: str) -> None:
    absent = {key: value for key, value in TOLD.items() if key in {"items", "mention", "product", "question"}}
    for told in (TOLD, absent):
        said = template(text).render(told)
        assert said
        assert not UNSPOKEN.search(said), said
        assert said[0].isupper() or said[0].isdigit() or "{{" in text[:4], said
        assert not (FRENCH_MARKS if language == "fr" else ENGLISH_MARKS).search(said), said


@pytest.mark.parametrize(("name", "where", "language", "text"), SPOKEN)
def test_a_text_asks_at_most_one_thing_and_is_short_for_the_ear(
    name: str, where: str, language: str, text: str
) -> None:
    said = template(text).render(TOLD)
    assert said.count("?") <= 1
    assert len(said.split()) <= 30
    assert said.count("!") <= 2


@pytest.mark.parametrize("name", STYLES)
def test_a_style_has_variety_in_both_languages(name: str) -> None:
    for line, text in _style(name).lines:
        for language in ("fr", "en"):
            variants = text.variants(language)
            assert len(set(variants)) == len(variants) >= (4 if line in ("acknowledge", "bridge") else 3)


@pytest.mark.parametrize("name", STYLES)
def test_a_style_says_tu_or_vous_and_never_both(name: str) -> None:
    other = TU if name == "professional_warm" else VOUS
    for line, text in _style(name).lines:
        for variant in text.variants("fr"):
            assert not other.search(variant), f"{line}: {variant}"


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_says_neither_so_that_any_style_can_ask(name: str) -> None:
    texts = [text for flow, _, language, text in _flow_texts() if flow == name and language == "fr"]
    for text in texts:
        assert not TU.search(text), text
        assert not VOUS.search(text), text


@pytest.mark.parametrize("name", STYLES)
def test_a_style_has_a_voice_in_both_languages(name: str) -> None:
    assert set(_style(name).voice) == {"fr", "en"}


def test_the_debrief_has_the_points_of_a_debrief() -> None:
    flow = load_flow("event_debrief").value
    types = {point.id: point.type for point in flow.points}
    assert types == {
        "sales": "quantities",
        "customer_feedback": "text",
        "emotional_context": "choice",
        "key_insights": "list",
    }
    assert flow.budget.questions == 5
    mood = flow.point("emotional_context")
    assert mood is not None
    assert [option.id for option in mood.options] == ["enthousiaste", "satisfait", "neutre", "déçu", "frustré"]
    assert (mood.default, mood.ask) == ("neutre", "never")


def test_in_the_showroom_a_category_is_a_product() -> None:
    catalog = load_catalog("showroom").value
    assert sorted(product.category for product in catalog.products) == sorted(kind.id for kind in catalog.categories)
