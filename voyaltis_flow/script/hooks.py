"""How a point names Python of its author's own: `module:function`. Named only; who may load it is not said here."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*$"
HookName = Annotated[str, Field(pattern=PATTERN)]


class Hooks(BaseModel):
    """What of a point is done by a function: whether a value will do, and what value the words have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Annotated[
        HookName | None,
        Field(description="Called with each value that would be recorded: may refuse it.", examples=["orders:known"]),
    ] = None
    read: Annotated[
        HookName | None,
        Field(description="text, list, schema: makes the value of the rep's words.", examples=["orders:number"]),
    ] = None


def _name_or_hooks(written: Any) -> str:
    return "name" if isinstance(written, str) else "hooks"


HooksOfPoint = Annotated[
    Annotated[HookName, Tag("name")] | Annotated[Hooks, Tag("hooks")], Discriminator(_name_or_hooks)
]
"""The name alone is that of a `check`."""


def named_hooks(written: str | Hooks | None) -> Hooks:
    """The hooks of a point, however they were written."""
    if isinstance(written, Hooks):
        return written
    return Hooks(check=written)
