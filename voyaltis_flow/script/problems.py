"""What is wrong with a file, for people and for machines: codes, findings, and problems with their positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz, process

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Where something stands in a document: the keys and indexes that lead to it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, in one place. `line` and `column` count from 1, columns in code points."""

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    @property
    def place(self) -> tuple[str, int, int, str, str]:
        """What problems are sorted by."""
        return (self.path, self.line, self.column, self.code, self.message)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.message}"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: `VF112`, its title, and how much it weighs."""

    name: str
    title: str
    severity: Severity = "error"
    reads: frozenset[str] = frozenset()
    """Keys of the file that its findings depend on, such as `points.id`: while one is in doubt, so are these."""
    beside: frozenset[str] = frozenset()
    """Keys that they depend on in the same mapping."""


CODES: dict[str, Code] = {}
"""Every code there is, by name."""


def code(
    name: str, title: str, severity: Severity = "error", *, reads: Iterable[str] = (), beside: Iterable[str] = ()
) -> Code:
    """Makes a code known. No two kinds of problem share one."""
    if name in CODES:
        raise ValueError(f"{name} is taken by “{CODES[name].title}”")
    CODES[name] = Code(name, title, severity, frozenset(reads), frozenset(beside))
    return CODES[name]


class Finding(NamedTuple):
    """What a rule has found: where in the document, what, and the way out. A position comes with `Document.locate`."""

    path: Path
    message: str
    hint: str = ""
    at: int | None = None
    """Where in the text that stands there, in code points of its value."""
    at_key: bool = False
    """The key is what is wrong, not its value."""


class Coded(NamedTuple):
    """A finding and its kind."""

    code: Code
    finding: Finding


def did_you_mean(written: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """“Did you mean `budget`?” when one candidate is close; else `otherwise`."""
    close = closest(written, candidates)
    return f"Did you mean `{close}`?" if close else otherwise


def closest(written: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was most likely meant, or None when none is near."""
    found = process.extractOne(
        written.casefold(), list(candidates), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=70
    )
    return found[0] if found else None


def one_line(text: str) -> str:
    """A text fit for a line of a terminal: what can't be printed, line ends included, is a blank."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def there_are(names: Sequence[Any], limit: int = 12) -> str:
    """“There are `a` and `b`.”"""
    return f"There {'is' if len(names) == 1 else 'are'} {listing(names, limit)}."


def listing(names: Sequence[Any], limit: int = 12) -> str:
    """“`a`, `b` and 3 more”: names in a sentence, cut when they are many."""
    shown = [f"`{name}`" for name in names[:limit]]
    if len(names) > limit:
        return f"{', '.join(shown)} and {len(names) - limit} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
