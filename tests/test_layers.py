"""The direction of imports, and that what is pure stays so. The arrows are drawn in the design."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "voyaltis_flow"
CORE = ["script", "language", "catalog", "reading", "engine"]
BELOW = {
    "script": [],
    "language": [],
    "catalog": CORE[:2],
    "reading": CORE[:3],
    "engine": CORE[:4],
    "checks": CORE,
    "runtime": CORE,
    "responders": [*CORE, "runtime"],
    "project": [*CORE, "checks"],
    "transcripts": [*CORE, "runtime"],
    "simulate": [*CORE, "checks", "runtime", "responders", "project"],
    "reports": [*CORE, "runtime"],
    "speech": CORE,
    "rooms": [*CORE, "runtime", "reports", "speech"],
    "voice": [*CORE, "checks", "runtime", "responders", "project", "reports", "speech", "rooms"],
}
PURE = [*CORE, "checks"]
IMPURE = {"asyncio", "time", "os", "logging", "random", "socket", "subprocess", "pathlib"}
CLOCKS = {"now", "utcnow", "today"}
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def clocks_read(path: Path) -> set[str]:
    """The calls that ask a clock; turning a given time into text asks none."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)} & CLOCKS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_and_the_core_is_pure(path: Path) -> None:
    layer = path.relative_to(PACKAGE).parts[0]
    for name in imported(path):
        if name.startswith("voyaltis_flow."):
            assert name.split(".")[1] in {layer, *BELOW.get(layer, CORE)}, f"{layer} is not to know {name}"
        elif layer in PURE:
            assert not {name, name.split(".")[0]} & IMPURE, f"{layer} is pure, and imports {name}"
    if layer in PURE:
        assert not clocks_read(path)
