"""A responder that fails on purpose: it times out, is cut in the middle, and lies."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from random import Random
from typing import Any

from voyaltis_flow.engine.request import Request
from voyaltis_flow.runtime.protocols import Responder, ResponderError, Restart, Usage

Item = str | Usage | Restart


class Chaos:
    """Passes a responder's replies on, but for a share of them (`level`, 0..1). One seed fails at the same turns."""

    def __init__(self, responder: Responder, level: float, seed: str, products: Sequence[str]) -> None:
        """`products` are names to lie with."""
        self._responder, self._level, self._seed, self._products = responder, level, seed, products

    @property
    def name(self) -> str:
        """The name of the responder that is spoilt."""
        return self._responder.name

    async def prepare(self) -> None:
        """Prepares the responder that is spoilt."""
        await self._responder.prepare()

    async def respond(self, request: Request) -> AsyncGenerator[Item, None]:
        """The reply, or what has become of it."""
        chance = Random(f"{self._seed}:{request.conversation}:{request.turn}")
        if chance.random() >= self._level:
            async with aclosing(self._responder.respond(request)) as items:
                async for item in items:
                    yield item
            return
        match chance.choice(("timeout", "cut", "lie")):
            case "timeout":
                raise ResponderError("timeout", "nothing came, on purpose")
            case "cut":
                whole = await self._whole(request)
                yield whole[: chance.randrange(len(whole))]
            case _:
                yield self._lie(request, chance)

    async def aclose(self) -> None:
        """Closes the responder that is spoilt."""
        await self._responder.aclose()

    async def _whole(self, request: Request) -> str:
        async with aclosing(self._responder.respond(request)) as items:
            return "".join([item async for item in items if isinstance(item, str)])

    def _lie(self, request: Request, chance: Random) -> str:
        """A reply in the right shape that claims what nobody said, with the rep's words or made-up ones for a quote."""
        said = request.messages[-1].text if request.messages else ""
        quote = said if chance.random() < 0.5 and said else "j'en ai vendu beaucoup"
        properties = request.schema["properties"]["extractedData"]["properties"]
        claims = {point: self._claim(schema, quote, chance) for point, schema in properties.items()}
        reply = {
            "nextMessage": "C'est noté. Et sinon, tout va bien ? Et la famille ?",
            "asksAbout": chance.choice([*properties, None]),
            "extractedData": claims,
            "isComplete": chance.random() < 0.5,
            "reasoning": "a lie",
        }
        return json.dumps(reply, ensure_ascii=False)

    def _claim(self, schema: dict[str, Any], quote: str, chance: Random) -> Any:
        if schema.get("type") != "array":
            inner = next(part for part in schema["anyOf"] if part.get("type") != "null")
            return {"value": self._value(inner["properties"]["value"], chance), "quote": quote}
        entry: dict[str, Any] = {}
        for name, part in schema["items"]["properties"].items():
            entry[name] = quote if name == "quote" else self._value({**part, "name": name}, chance)
        return [entry]

    def _value(self, schema: dict[str, Any], chance: Random) -> Any:
        if "enum" in schema:
            return chance.choice(schema["enum"])
        if schema.get("name") == "mention" and self._products:
            return chance.choice(self._products)
        kinds = schema.get("type")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        lies = {"integer": chance.randint(20, 90), "number": chance.randint(20, 90), "boolean": True}
        return lies.get(str(kind), "2031-01-01" if schema.get("format") == "date" else "tout le monde a adoré")
