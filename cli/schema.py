"""`voyaltis-flow schema`: the JSON Schemas of what flows collect, of the report, and of the language itself."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated, Any

import typer

from voyaltis_flow.project import ContentError, NotFoundError, load_flow
from voyaltis_flow.script.load import MODELS
from voyaltis_flow.script.schema import DIALECT, data_schema, wire_schema

from .content import AllowHooks
from .exits import Code, CommandError


def schema(
    name: Annotated[str, typer.Argument(help="FLOW or flow:FLOW, report, or language:flow, :style, :catalog.")],
    wire: Annotated[bool, typer.Option("--wire", help="What Claude is given for a flow.")] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Print the JSON Schema of a flow's data, of the report, or of the language."""
    what, _, which = name.partition(":") if name.startswith(("flow:", "language:")) else ("flow", "", name)
    if wire and (what != "flow" or name == "report"):
        raise CommandError(Code.MISUSE, "--wire goes with a flow: only its schema is given to Claude")
    print(json.dumps(_named(name, what, which, wire, allow_hooks), ensure_ascii=False, indent=2))


def _named(name: str, what: str, which: str, wire: bool, allow_hooks: bool | None) -> Any:
    if name == "report":
        return _report()
    return _language(which) if what == "language" else _flow(which, wire, allow_hooks)


def _flow(name: str, wire: bool, allow_hooks: bool | None) -> dict[str, Any]:
    try:
        flow = load_flow(name, allow_hooks=allow_hooks).value
    except NotFoundError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    except ContentError as error:
        raise CommandError(Code.FAILED, f"{name} has errors\n{error}") from error
    return wire_schema(flow) if wire else data_schema(flow)


def _language(kind: str) -> dict[str, Any]:
    for known, model in MODELS.items():
        if kind == known:
            return {"$schema": DIALECT, **model.model_json_schema()}
    raise CommandError(Code.MISUSE, f"language: is followed by one of {', '.join(MODELS)}; `{kind}` is none of them")


def _report() -> Any:
    return json.loads((files("voyaltis_flow.engine") / "schemas" / "report.schema.json").read_text("utf-8"))
