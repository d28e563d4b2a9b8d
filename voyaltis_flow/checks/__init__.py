"""What is wrong with flows, styles and catalogs beyond their shape. A rule is a small function with a code."""

from voyaltis_flow.checks.books import check
from voyaltis_flow.checks.surroundings import Staged, Surroundings
from voyaltis_flow.checks.worst_case import RATES, WorstCase, worst_case

__all__ = ["RATES", "Staged", "Surroundings", "WorstCase", "check", "worst_case"]
