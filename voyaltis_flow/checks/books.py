"""The rule books, by what they are about, and the one call that applies them."""

from __future__ import annotations

from collections.abc import Iterator

from voyaltis_flow.checks.catalogs import CATALOG_RULES
from voyaltis_flow.checks.flows import FLOW_RULES
from voyaltis_flow.checks.points import POINT_RULES
from voyaltis_flow.checks.references import REFERENCE_RULES
from voyaltis_flow.checks.scenarios import SCENARIO_RULES
from voyaltis_flow.checks.schemas import SCHEMA_RULES
from voyaltis_flow.checks.styles import STYLE_RULES
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.templates import TEMPLATE_RULES, flow_texts, style_texts
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.problems import Coded
from voyaltis_flow.script.scenarios import Scenarios

NOTHING_KNOWN = Surroundings()


def check(part: Flow | Style | Catalog | Scenarios, known: Surroundings = NOTHING_KNOWN) -> Iterator[Coded]:
    """All that the rules find in a flow, a style, a catalog or scenarios."""
    match part:
        case Flow():
            for book in (FLOW_RULES, POINT_RULES, SCHEMA_RULES, REFERENCE_RULES):
                yield from book.apply(part, known)
            yield from TEMPLATE_RULES.apply(flow_texts(part), known)
        case Style():
            yield from STYLE_RULES.apply(part, known)
            yield from TEMPLATE_RULES.apply(style_texts(part), known)
        case Catalog():
            yield from CATALOG_RULES.apply(part, known)
        case Scenarios():
            yield from SCENARIO_RULES.apply(part, known)
