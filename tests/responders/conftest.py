"""A turn's request and reply, and a Claude that talks to the stand-in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.standins.messages_api import MessagesApi
from voyaltis_flow.engine.request import Message, Plan, Request
from voyaltis_flow.responders.claude import Claude, ClaudeSettings, Patience

KEY = "sk-ant-secret"
WORDS = "deux galaxy et trois frigos pour Mme Arnaud"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "nextMessage": {"type": "string"},
        "asksAbout": {"type": ["string", "null"]},
        "extractedData": {
            "type": "object",
            "properties": {"feedback": {"type": ["string", "null"]}},
            "required": ["feedback"],
            "additionalProperties": False,
        },
        "isComplete": {"type": "boolean"},
        "reasoning": {"type": "string"},
    },
    "required": ["nextMessage", "asksAbout", "extractedData", "isComplete", "reasoning"],
    "additionalProperties": False,
}


def document(said: str = "C'est noté. Et les clients, ils en ont dit quoi ?") -> str:
    """A reply's JSON."""
    data = {"feedback": "ravis de l'écran"}
    reply = {"nextMessage": said, "asksAbout": "feedback", "extractedData": data, "isComplete": False, "reasoning": "é"}
    return json.dumps(reply, ensure_ascii=False)


def make_request(turn: int = 0, says: str = WORDS, turn_text: str = "Ask about: feedback") -> Request:
    """The request of a turn in which the rep said something."""
    messages = (Message("assistant", "Salut ! Qu'est-ce que tu as vendu ?"), Message("user", says))
    plan = Plan(say=("C'est noté.",), asks_about="feedback", extracted={"feedback": None}, complete=False)
    return Request("c1", turn, "fr", "You debrief reps. " * 150, turn_text, messages, SCHEMA, plan)


@pytest.fixture
async def claude() -> AsyncIterator[Callable[..., Claude]]:
    """Makes responders that ask a stand-in, and closes them."""
    made: list[Claude] = []

    def make(api: MessagesApi, patience: Patience | None = None, **settings: str) -> Claude:
        made.append(Claude(ClaudeSettings(KEY, base_url=api.base_url, **settings), patience))
        return made[-1]

    yield make
    for responder in made:
        await responder.aclose()
