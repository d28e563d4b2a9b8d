"""`voyaltis-flow`: the commands, each in its module, imported when it is called."""

from __future__ import annotations


def main() -> None:
    """The entry point."""
    raise SystemExit(2)
