"""What is wrong with flows, styles and catalogs beyond their shape. A rule is a small function with a code."""

from voyaltis_flow.checks.books import check
from voyaltis_flow.checks.surroundings import Staged, Surroundings

__all__ = ["Staged", "Surroundings", "check"]
