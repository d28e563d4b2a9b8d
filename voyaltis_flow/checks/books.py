"""The rule books, by what they are about, and the one call that applies them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from voyaltis_flow.checks.budgets import BUDGET_RULES
from voyaltis_flow.checks.catalogs import CATALOG_RULES
from voyaltis_flow.checks.choices import CHOICE_RULES
from voyaltis_flow.checks.conditions import CONDITION_RULES
from voyaltis_flow.checks.flows import FLOW_RULES
from voyaltis_flow.checks.names import NAME_RULES, Names
from voyaltis_flow.checks.notices import NOTICE_RULES
from voyaltis_flow.checks.points import POINT_RULES
from voyaltis_flow.checks.references import REFERENCE_RULES
from voyaltis_flow.checks.scenarios import SCENARIO_RULES
from voyaltis_flow.checks.schemas import SCHEMA_RULES
from voyaltis_flow.checks.styles import STYLE_RULES
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.templates import TEMPLATE_RULES, flow_texts, style_texts
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import Coded, Severity
from voyaltis_flow.script.scenarios import Scenarios

NOTHING_KNOWN = Surroundings()
BOOKS_OF_FLOWS = (
    *(FLOW_RULES, POINT_RULES, CHOICE_RULES, SCHEMA_RULES, REFERENCE_RULES),
    *(BUDGET_RULES, CONDITION_RULES, NOTICE_RULES),
)


def check(
    part: Flow | Style | Catalog | Scenarios,
    known: Surroundings = NOTHING_KNOWN,
    wanted: Collection[Severity] = get_args(Severity),
) -> Iterator[Coded]:
    """All that the rules of these severities find in a flow, a style, a catalog or scenarios."""
    match part:
        case Flow():
            for book in BOOKS_OF_FLOWS:
                yield from book.apply(part, known, wanted)
            yield from TEMPLATE_RULES.apply(flow_texts(part), known, wanted)
        case Style():
            yield from STYLE_RULES.apply(part, known, wanted)
            yield from TEMPLATE_RULES.apply(style_texts(part), known, wanted)
        case Catalog():
            yield from CATALOG_RULES.apply(part, known, wanted)
            yield from NAME_RULES.apply(Names(part), known, wanted)
        case Scenarios():
            yield from SCENARIO_RULES.apply(part, known, wanted)
