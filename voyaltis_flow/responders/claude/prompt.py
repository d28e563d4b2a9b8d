"""A turn's request in the form of the Messages API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voyaltis_flow.engine.request import Message, Request
from voyaltis_flow.responders.claude.settings import ClaudeSettings

MAX_TOKENS = 4096

_WITHOUT_EFFORT = ("claude-haiku-4-5", "claude-sonnet-4-5")

# How a model that thinks by default is told not to, since a rep is listening. The other models refuse the setting or
# never think; these refuse it above high effort.
_WITHOUT_THINKING: Mapping[str, str] = {
    "claude-haiku-5-5": "disabled",
    "claude-sonnet-5-5": "between_tools",
    "claude-sonnet-5": "disabled",
    "claude-opus-5": "disabled",
}


def body(request: Request, settings: ClaudeSettings) -> dict[str, Any]:
    """The request's body. What is the same at every turn comes first, so that the vendor reads it from its cache."""
    system: list[dict[str, Any]] = [
        {"type": "text", "text": request.stable, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": request.turn_text},
    ]
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": request.schema}}
    effort = settings.effort or (None if settings.model.startswith(_WITHOUT_EFFORT) else "low")
    if effort:
        output["effort"] = effort
    asked = {
        "model": settings.model,
        "max_tokens": MAX_TOKENS,
        "system": [block for block in system if block["text"].strip()],
        "messages": _dialogue(request.messages),
        "output_config": output,
    }
    thinking = _WITHOUT_THINKING.get(settings.model)
    if thinking and effort in ("low", "medium", "high"):
        asked["thinking"] = {"type": thinking}
    return asked


def _dialogue(messages: Iterable[Message]) -> list[dict[str, str]]:
    """The API wants a dialogue that the user begins and ends, with no empty message; here it is the agent who opens."""
    silence = {"role": "user", "content": "…"}
    spoken = [{"role": message.role, "content": message.text} for message in messages if message.text.strip()]
    if not spoken or spoken[0]["role"] == "assistant":
        spoken.insert(0, silence)
    if spoken[-1]["role"] == "assistant":
        spoken.append(silence)
    return spoken
