"""A file's text → a flow, a style, a catalog or scenarios, with all that is wrong with its text and its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from voyaltis_flow.script import codes
from voyaltis_flow.script.document import LARGE, SMALL, Document, Mistake, decode
from voyaltis_flow.script.mending import Doubts
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.script.parser import parse
from voyaltis_flow.script.problems import Coded, Path
from voyaltis_flow.script.scenarios import Scenarios
from voyaltis_flow.script.shape import shape
from voyaltis_flow.script.versions import upgraded

Kind = Literal["flow", "style", "catalog", "scenarios"]
Part = TypeVar("Part", bound=BaseModel)

MODELS: Mapping[Kind, type[Flow] | type[Style] | type[Catalog] | type[Scenarios]] = {
    "flow": Flow,
    "style": Style,
    "catalog": Catalog,
    "scenarios": Scenarios,
}
_TELLTALES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"^(scenarios|scripted|simulated)\s*:", re.MULTILINE), "scenarios"),
    (re.compile(r"^(flow|points)\s*:", re.MULTILINE), "flow"),
    (re.compile(r"^(style|lines)\s*:", re.MULTILINE), "style"),
    (re.compile(r"^(catalog|products|categories)\s*:", re.MULTILINE), "catalog"),
)


@dataclass(frozen=True)
class Read(Generic[Part]):
    """What a file turned out to be: its part of the language, or None, and what was found on the way.

    Where there is no value there may be a `draft`: all that could be read, for the checks alone (see `shape.Shaped`).
    """

    document: Document
    value: Part | None = None
    found: tuple[Coded, ...] = ()
    draft: Part | None = None
    doubtful: tuple[Path, ...] = ()

    def sound(self, found: Iterable[Coded]) -> list[Coded]:
        """Those of the findings about the draft that are true of the file."""
        if not self.doubtful:
            return list(found)
        return list(filter(Doubts(self.document, self.doubtful).spare, found))


def kind_of(content: bytes | str) -> Kind | None:
    """What a file is by its top keys, before it is parsed; None when they tell nothing."""
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    return next((kind for telltale, kind in _TELLTALES if telltale.search(text)), None)


def limit_of(model: type[BaseModel]) -> int:
    """The most bytes that a file of this kind may have."""
    return LARGE if model is Catalog else SMALL


def open_document(path: str, content: bytes | str, limit: int) -> Document:
    """A file as data, or with the mistakes that keep it from being data."""
    document = parse(decode(path, content, limit))
    if document.mistakes or isinstance(document.data, dict):
        return document
    return replace(document, mistakes=(_no_mapping(document),))


def read(model: type[Part], path: str, content: bytes | str) -> Read[Part]:
    """A file as one part of the language. A flow that `extends` another goes through `extending` first."""
    return typed(model, upgraded(model, open_document(path, content, limit_of(model))))


def typed(model: type[Part], document: Document, *, partial: bool = False) -> Read[Part]:
    """A document's data as one part of the language."""
    if not isinstance(document.data, dict):
        return Read(document)
    shaped = shape(model, document, partial=partial)
    if partial and shaped.value is not None:
        return Read(document, draft=shaped.value)
    return Read(document, shaped.value, shaped.found, shaped.draft, shaped.doubtful)


def content_hash(*parts: BaseModel | None) -> str:
    """A hash of what the parts say: the same however their YAML is laid out."""
    said = [part.model_dump(mode="json", by_alias=True) if part else None for part in parts]
    canonical = dumps(said if len(said) != 1 else said[0], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def _no_mapping(document: Document) -> Mistake:
    if document.data is None:
        return Mistake(codes.EMPTY, 0, "Nothing stands in this file.", "A flow begins with `version: 2`.")
    hint = "A file begins with keys at the line's start: `version: 1`."
    return Mistake(codes.NOT_A_MAPPING, 0, "This file is no list of keys and values.", hint)
