"""No model: the style's lines around the engine's own reading, written as the same JSON that a model would write."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator

from voyaltis_flow.engine.request import Request


class Rules:
    """Answers at once, costs nothing, never fails. The embedded default, and what others fall back on."""

    name = "rules"

    async def prepare(self) -> None:
        """Nothing to make ready."""

    async def respond(self, request: Request) -> AsyncGenerator[str, None]:
        """The turn's plan as a reply, a sentence at a time."""
        for chunk in _written(request):
            yield chunk

    async def aclose(self) -> None:
        """Nothing to let go of."""


def _written(request: Request) -> Iterator[str]:
    plan = request.plan
    yield '{"nextMessage": "'
    for place, text in enumerate(plan.say):
        yield _quoted(f" {text}" if place else text)[1:-1]
    yield f'", "asksAbout": {_quoted(plan.asks_about)}, '
    yield f'"extractedData": {_quoted(plan.extracted)}, "isComplete": {_quoted(plan.complete)}, '
    yield '"reasoning": "rules"}'


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
