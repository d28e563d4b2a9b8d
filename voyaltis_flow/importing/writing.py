"""A catalog as YAML, laid out as people lay one out: a line for each category and each product."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from voyaltis_flow.script.models import Catalog
from voyaltis_flow.script.scalars import plain

_PLAIN = re.compile(r"[^\W_][\w .'+/°€%()²³&-]*")
_LISTS = ("house_brands", "competitors")


def written(catalog: Catalog, *header: str) -> str:
    """The text of a catalog's file; the lines of the header become comments."""
    said = catalog.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    lines = [f"# {line}" for line in header]
    lines += [f"{key}: {_text(said[key])}" for key in ("version", "catalog") if key in said]
    lines.append(f"language: {catalog.language}")
    lines += [f"{key}: {_flow(said[key])}" for key in _LISTS if said.get(key)]
    for key in ("categories", "products"):
        lines.append(f"{key}:" if said.get(key) else f"{key}: []")
        lines += [f"  - {_flow(_short(part))}" for part in said.get(key, ())]
    return "\n".join(lines) + "\n"


def _short(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part with its texts as they are best written: without `"*"` where they are alike for all languages."""
    said = {
        key: value["*"] if isinstance(value, dict) and set(value) == {"*"} else value for key, value in part.items()
    }
    return {key: value[0] if key == "label" and isinstance(value, list) else value for key, value in said.items()}


def _flow(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
    return _text(value)


def _text(value: Any) -> str:
    """A scalar, in quotes only where it needs them."""
    if not isinstance(value, str):
        return str(value)
    free = _PLAIN.fullmatch(value) and plain(value) == value and not value.endswith(" ") and " #" not in value
    return value if free else json.dumps(value, ensure_ascii=False)
