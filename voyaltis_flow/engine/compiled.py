"""A flow, a style and a catalog, made ready once for any number of conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, Self

from jsonschema import Draft202012Validator

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.engine import values
from voyaltis_flow.engine.hooks import NO_HOOKS, HooksByPoint, as_read
from voyaltis_flow.reading.model import Claim, Context, Fact, Reading, Refusal
from voyaltis_flow.reading.reader import Reader
from voyaltis_flow.script.load import content_hash
from voyaltis_flow.script.models import Catalog, Flow, Point, Product, Style
from voyaltis_flow.script.schema import check_schema, data_schema, wire_schema
from voyaltis_flow.script.templates import Condition, condition


class Reads(Protocol):
    """What the engine asks of a reader (see `reading.reader.Reader`)."""

    def read(self, text: str, context: Context) -> Reading: ...

    def bear_out(self, claim: Claim, text: str, context: Context, reading: Reading) -> Fact | Refusal: ...


class Names(Protocol):
    """What the engine asks of a catalog (see `catalog.index.CatalogIndex`)."""

    def product(self, product_id: str) -> Product | None: ...

    def label(self, product_id: str) -> str: ...


class CompiledScript:
    """Immutable; safe to share between conversations and threads."""

    def __init__(self, flow: Flow, style: Style, index: Names, reader: Reads, hooks: HooksByPoint = NO_HOOKS) -> None:
        self.flow, self.style, self.index, self.reader, self.hooks = flow, style, index, reader, hooks
        self.points: Mapping[str, Point] = {point.id: point for point in flow.points}
        self.acknowledge = flow.acknowledge or style.acknowledge

    @classmethod
    def compile(
        cls, flow: Flow, style: Style, catalogs: Sequence[Catalog] = (), hooks: HooksByPoint = NO_HOOKS
    ) -> Self:
        """The catalogs' index and the flow's reader included; with a large catalog this takes its time."""
        index = CatalogIndex(catalogs, flow.languages)
        return cls(flow, style, index, Reader(as_read(flow, hooks), index), hooks)

    @cached_property
    def wire_schema(self) -> Mapping[str, Any]:
        """What the model is given, the same object at every turn."""
        return wire_schema(self.flow)

    @cached_property
    def validators(self) -> Mapping[str, Draft202012Validator]:
        """By point: the check on one entry of a model's `extractedData`."""
        data = check_schema(self.flow)["properties"]["extractedData"]["properties"]
        return {point: Draft202012Validator(_entry(schema)) for point, schema in data.items()}

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """The `when:` of the points that have one."""
        return {point.id: condition(point.when) for point in self.flow.points if point.when}

    @cached_property
    def hash(self) -> str:
        """Tells one wording of a flow from another."""
        return content_hash(self.flow)

    @cached_property
    def nothing_new(self) -> Mapping[str, Any]:
        """The `extractedData` of a reply that brings no change."""
        return values.said_nothing(self.flow.points)

    def misfit(self, point: str, value: Any) -> str | None:
        """Why a value, as a report would have it, is none of the point's; None where it is one."""
        error = next(self._values[point].iter_errors(value), None)
        return error.message[:300] if error else None

    def misfit_as_said(self, point: str, value: Any) -> str | None:
        """The same for what one remark brings: an item, where the point is a list."""
        return self.misfit(point, [value] if self.points[point].type == "list" else value)

    @cached_property
    def _values(self) -> Mapping[str, Draft202012Validator]:
        schemas = data_schema(self.flow)["properties"]
        return {point: Draft202012Validator(schema) for point, schema in schemas.items()}

    def category(self, products: Sequence[str]) -> str | None:
        """The category that products have in common; that of the first where they have none."""
        product = self.index.product(products[0]) if products else None
        return product.category if product else None

    def language(self, wished: str | None) -> str:
        """A language of the flow: the one that is wished, or its first."""
        return wished if wished in self.flow.languages else self.flow.languages[0]


def _entry(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of one entry: an item of a list, or what a single value is unless it is null."""
    inner = schema.get("items") or next((part for part in schema["anyOf"] if part.get("type") != "null"), schema)
    assert isinstance(inner, Mapping)
    return inner
