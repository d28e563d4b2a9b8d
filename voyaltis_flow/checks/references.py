"""Rules over what a flow refers to by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import lacking
from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.problems import Finding, Path, did_you_mean, there_are

REFERENCE_RULES: RuleBook[Flow] = RuleBook()


@REFERENCE_RULES.rule("VF201", "A style that there is not")
def unknown_style(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    if flow.style is not None:
        yield from _unknown(("style",), "style", flow.style, known.styles)


@REFERENCE_RULES.rule("VF202", "A catalog that there is not")
def unknown_catalog(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, name in enumerate(flow.catalog):
        yield from _unknown(("catalog", index), "catalog", name, known.catalogs)


@REFERENCE_RULES.rule("VF206", "A part of the report that no point fills", reads=("points.id",))
def report_of_nothing(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    points = [point.id for point in flow.points]
    for part, point_id in flow.report:
        if point_id is not None:
            yield from _unknown(("report", part), "point", point_id, points)


@REFERENCE_RULES.rule("VF209", "A language that is not spoken")
def unknown_language(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, language in enumerate(flow.languages):
        if known.languages is not None and language not in known.languages:
            message = f"The language `{language}` is not understood yet."
            yield Finding(("languages", index), message, there_are(sorted(known.languages)))


@REFERENCE_RULES.rule("VF210", "A word list that there is not")
def unknown_word_list(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        for key, place, name in _named_lists(point):
            yield from _unknown(("points", index, key, place), "word list", name, known.word_lists)


@REFERENCE_RULES.rule("VF214", "A language that the style does not speak", "warning", reads=("style", "languages"))
def language_beyond_style(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    lines = [line for _, line in known.style.lines] if known.style else []
    for index, language in enumerate(flow.languages):
        if any(lacking(line, [language]) for line in lines):
            message = f"The style `{flow.style}` does not say all its lines in `{language}`."
            path: Path = ("languages", index) if "languages" in flow.model_fields_set else ("style",)
            yield Finding(path, message, "Name another style, or add the language to its lines.")


def _named_lists(point: Point) -> Iterator[tuple[str, int, str]]:
    for key, lists in (("counts_when", point.counts_when), ("listens_for", point.listens_for)):
        for place, entry in enumerate(lists):
            if isinstance(entry, str):
                yield key, place, entry


def _unknown(path: Path, what: str, name: str, names: Collection[str] | None) -> Iterator[Finding]:
    if names is not None and name not in names:
        others = there_are(sorted(names)) if names else f"There is no {what} yet."
        yield Finding(path, f"No {what} is named `{name}`.", did_you_mean(name, names, others))
