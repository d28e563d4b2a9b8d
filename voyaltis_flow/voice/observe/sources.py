"""What a place in a source file says to the log: the constant there, nothing that the running program put into it."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from pathlib import Path

CALLS = {"trace", "debug", "dev", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"}
SHOWN_PARTS = 3


def said_at(path: str, line: int) -> str | None:
    """The message of the logging call at a line, where it is a constant: a template keeps its `%s`.

    None for what is put together (an f-string, a variable), and where there is no source or no such call.
    """
    around = [call for call in _constants(path) if call[0] <= line <= call[1]]
    return min(around, key=lambda call: call[1] - call[0])[2] if around else None


def place_of(path: str, line: int) -> str:
    """A place as `package/module.py:line`, without where it is installed."""
    parts = Path(path).parts
    for folder in ("site-packages", f"python{sys.version_info.major}.{sys.version_info.minor}"):
        if folder in parts:
            return f"{'/'.join(parts[parts.index(folder) + 1 :])}:{line}"
    return f"{'/'.join(parts[-SHOWN_PARTS:])}:{line}"


@lru_cache(maxsize=512)
def _constants(path: str) -> tuple[tuple[int, int, str], ...]:
    """The logging calls of a file that have a constant message: first line, last line, message."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ()
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return tuple(found for call in calls if (found := _constant(call)) is not None)


def _constant(call: ast.Call) -> tuple[int, int, str] | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else None
    if name not in CALLS:
        return None
    positions = call.args[1:2] if name == "log" else call.args[:1]
    for message in positions:
        if isinstance(message, ast.Constant) and isinstance(message.value, str):
            return call.lineno, call.end_lineno or call.lineno, message.value
    return None
