"""The pages of the rules: docs/rules in a checkout, beside the content that ships when installed."""

from __future__ import annotations

from voyaltis_flow.project.errors import NotFoundError
from voyaltis_flow.project.places import shipped
from voyaltis_flow.script.problems import CODES, Code, did_you_mean


def rule(name: str) -> Code:
    """The code of that name, in capitals or not. Raises NotFoundError."""
    if (found := CODES.get(name.upper())) is not None:
        return found
    raise NotFoundError(f"No rule is named `{name}`. {did_you_mean(name, CODES, '`explain` alone lists them.')}")


def page(code: Code) -> str:
    """The page of a rule, in Markdown: what it does, why it is bad, an example, and what to use instead."""
    return (shipped() / "docs" / "rules" / f"{code.name}.md").read_text("utf-8")
