"""What is wrong with a file, for people and for machines: codes, findings, and problems with their positions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from rapidfuzz import fuzz, process

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Where something stands in a document: the keys and indexes that lead to it."""

Subject = TypeVar("Subject")
Known = TypeVar("Known")


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


class Word(NamedTuple):
    """A word inside a text: its `nth` occurrence, counted from 0. Points closer than the text's beginning."""

    text: str
    nth: int = 0


class Finding(NamedTuple):
    """What a rule has found: where in the document, what, and the way out. A position comes with `Document.locate`."""

    path: Path
    message: str
    hint: str = ""
    word: Word | None = None
    at_key: bool = False
    """The key is what is wrong, not its value."""


class Coded(NamedTuple):
    """A finding and its kind."""

    code: Code
    finding: Finding


Rule = Callable[[Subject, Known], Iterable[Finding]]


@dataclass(frozen=True)
class RuleBook(Generic[Subject, Known]):
    """Rules over one kind of subject. A rule is a function that yields findings; the book adds its code."""

    rules: list[tuple[Code, Rule[Subject, Known]]] = field(default_factory=list)

    def rule(
        self, name: str, title: str, severity: Severity = "error", **depends_on: Iterable[str]
    ) -> Callable[[Rule[Subject, Known]], Rule[Subject, Known]]:
        """Enters the function below as the rule of this code."""
        kind = code(name, title, severity, **depends_on)

        def enter(function: Rule[Subject, Known]) -> Rule[Subject, Known]:
            self.rules.append((kind, function))
            return function

        return enter

    def apply(self, subject: Subject, known: Known) -> Iterator[Coded]:
        """What all rules find."""
        for kind, function in self.rules:
            for finding in function(subject, known):
                yield Coded(kind, finding)


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


def whole_word(text: str) -> re.Pattern[str]:
    """Finds a word where it stands alone."""
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")


def there_are(names: Sequence[Any], limit: int = 12) -> str:
    """“There are `a` and `b`.”"""
    return f"There {'is' if len(names) == 1 else 'are'} {listing(names, limit)}."


def listing(names: Sequence[Any], limit: int = 12) -> str:
    """“`a`, `b` and 3 more”: names in a sentence, cut when they are many."""
    shown = [f"`{name}`" for name in names[:limit]]
    if len(names) > limit:
        return f"{', '.join(shown)} and {len(names) - limit} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
