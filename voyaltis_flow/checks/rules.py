"""What a rule is, and the books that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.script.problems import Code, Coded, Finding, Severity, code

Subject = TypeVar("Subject")

Rule = Callable[[Subject, Surroundings], Iterable[Finding]]


@dataclass(frozen=True)
class RuleBook(Generic[Subject]):
    """Rules over one kind of subject. A rule is a function that yields findings; the book adds its code.

    Each code has a page in docs/rules, which `voyaltis-flow explain` shows.
    """

    rules: list[tuple[Code, Rule[Subject]]] = field(default_factory=list)

    def rule(
        self, name: str, title: str, severity: Severity = "error", **depends_on: Iterable[str]
    ) -> Callable[[Rule[Subject]], Rule[Subject]]:
        """Enters the function below as the rule of this code. `depends_on` is as in `Code`."""
        kind = code(name, title, severity, **depends_on)

        def enter(function: Rule[Subject]) -> Rule[Subject]:
            self.rules.append((kind, function))
            return function

        return enter

    def apply(self, subject: Subject, known: Surroundings, wanted: Collection[Severity]) -> Iterator[Coded]:
        """What all rules of these severities find."""
        for kind, function in self.rules:
            if kind.severity in wanted:
                for finding in function(subject, known):
                    yield Coded(kind, finding)
