"""Runs the benchmarks that are named, or all of them, and prints one table."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

Row = tuple[str, str, str]
"""What was measured, the figure, and the goal."""


def main(asked: list[str]) -> int:
    """Exits 1 when a benchmark crashes and 2 when there is none of a name; a goal that is missed is only shown."""
    known = {path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")}
    if unknown := [name for name in asked if name not in known]:
        print(f"no benchmark named {', '.join(unknown)}: there are {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    table = Table("what", "measured", "goal", title="benchmarks")
    crashed = [name for name in asked or sorted(known) if not _add(table, name)]
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return 1 if crashed else 0


def _add(table: Table, name: str) -> bool:
    print(f"measuring: {name} …", file=sys.stderr)
    try:
        rows: list[Row] = import_module(f"{__package__}.bench_{name}").rows()
    except Exception:
        traceback.print_exc()
        table.add_row(name, "[red]crashed[/red]", "")
        return False
    for row in rows:
        table.add_row(*row)
    table.add_section()
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
