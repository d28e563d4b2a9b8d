"""Rules over the options of a choice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from voyaltis_flow.checks.alike import alike_names
from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import repeats, variants
from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.script.models import ANY_LANGUAGE, Flow, Option
from voyaltis_flow.script.problems import Finding, Path

CHOICE_RULES: RuleBook[Flow] = RuleBook()


class _Said(NamedTuple):
    """What is said for an option, and where that stands."""

    option: int
    path: Path
    text: str


@CHOICE_RULES.rule("VF302", "A choice without options", beside=("type", "options"))
def no_options(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.type == "choice" and not point.options:
            yield Finding(("points", index, "type"), f"`{point.id}` is a choice of nothing.", "List its `options:`.")


@CHOICE_RULES.rule("VF303", "Two options of one name")
def equal_options(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        for place in repeats([option.id for option in point.options]):
            message = f"An option above is named `{point.options[place].id}` as well."
            yield Finding(("points", index, "options", place, "id"), message, "Keep one of them.")


@CHOICE_RULES.rule("VF327", "Two options that sound alike", "warning", reads=("languages",))
def options_alike(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        found: dict[tuple[int, int], tuple[_Said, _Said]] = {}
        for language in sorted({*flow.languages} & {*available_languages()}):
            for one, other in _alike(_said(point.options, ("points", index, "options"), language), language):
                found.setdefault((one.option, other.option), (one, other))
        for one, other in found.values():
            first, second = point.options[one.option].id, point.options[other.option].id
            if first != second:
                yield Finding(other.path, _told(one, other, first, second), "Keep words that only one of them has.")


def _told(one: _Said, other: _Said, first: str, second: str) -> str:
    if one.text.casefold() == other.text.casefold():
        return f"“{other.text}” is said for `{first}` and for `{second}`."
    return f"“{other.text}” (`{second}`) and “{one.text}” (`{first}`) sound alike."


def _said(options: tuple[Option, ...], path: Path, language: str) -> Mapping[str, list[_Said]]:
    """By what is said, in lower case: the options that it is said for, each once."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for place, option in enumerate(options):
        for where, words in _words_of(option, (*path, place), language):
            if all(other.option != place for other in said[words.casefold()]):
                said[words.casefold()].append(_Said(place, where, words))
    return said


def _words_of(option: Option, path: Path, language: str) -> Iterator[tuple[Path, str]]:
    yield (*path, "id"), option.id.replace("_", " ")
    for key, text in (("label", option.label), ("words", option.words)):
        for place, words in variants((*path, key), text) if text else ():
            if place[-2] in (language, ANY_LANGUAGE):
                yield place, words


def _alike(said: Mapping[str, list[_Said]], language: str) -> Iterator[tuple[_Said, _Said]]:
    """What is said for two options, and what sounds like something said for another; the earlier option first."""
    for options in said.values():
        yield from combinations(options, 2)
    for alike in alike_names(said, language):
        one, other = sorted((said[alike.one][0], said[alike.other][0]))
        if one.option != other.option:
            yield one, other
