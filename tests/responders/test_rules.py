"""The responder without a model."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from tests.engine.scene import opened, say
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.responders.rules import Rules


async def written(conversation: Conversation, text: str) -> list[str]:
    request = conversation.hear(text, 1.0).request
    assert request is not None
    return [chunk async for chunk in Rules().respond(request)]


async def test_it_writes_the_plan_as_a_model_would() -> None:
    reply = json.loads("".join(await written(opened(), "ok")))
    assert list(reply) == ["nextMessage", "asksAbout", "extractedData", "isComplete", "reasoning"]
    assert reply["nextMessage"].endswith("What did customers say?")
    assert (reply["asksAbout"], reply["isComplete"]) == ("feedback", False)
    assert reply["extractedData"] == {"sales": [], "feedback": None, "mood": None, "insights": []}


async def test_its_reply_fits_the_schema_that_models_are_held_to() -> None:
    conversation = opened()
    request = conversation.hear("2 s25; 3 tv", 1.0).request
    assert request is not None
    reply = json.loads("".join([chunk async for chunk in Rules().respond(request)]))
    Draft202012Validator(dict(request.schema)).validate(reply)


async def test_through_the_stream_it_says_what_the_plan_says() -> None:
    for text in ("ok", "2 s25", "3 tv", "!dont_know", "!stop", "2 xbox", "!off_topic"):
        streamed, planned = opened().hear(text, 1.0), opened().hear(text, 1.0)
        assert streamed.request is not None
        async for chunk in Rules().respond(streamed.request):
            streamed.feed(chunk)
        assert streamed.finish() == []
        planned.finish()
        assert " ".join(say.text for say in streamed.said) == " ".join(say.text for say in planned.said)


async def test_quotes_and_other_marks_are_escaped() -> None:
    conversation = opened()
    say(conversation, "2 s25")
    chunks = await written(conversation, '3 "x\\')
    assert json.loads("".join(chunks))["nextMessage"]
    assert len(chunks) > 3
