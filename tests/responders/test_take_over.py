"""A whole turn, over the wire and through the engine: whatever fails, each sentence is said once and nothing lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.standins.messages_api import Body, Fault, MessagesApi, Reply, least, polite
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import FellBack, Recorded
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.project import load_script
from voyaltis_flow.responders.claude import Claude, Patience
from voyaltis_flow.responders.fallback import Fallback
from voyaltis_flow.responders.replay import Recorder, Replay
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.loop import Committed, Session
from voyaltis_flow.runtime.protocols import Responder

QUICK = Patience(first_token=0.5, between=0.1, whole=2.0, retries=0)
SAYS = "J'ai vendu deux S25. Les clients étaient ravis de l'autonomie."
SENTENCES = ["Belle journée.", "Ça leur a plu, on dirait."]

Make = Callable[..., Claude]


@pytest.fixture(scope="module")
def script() -> CompiledScript:
    loaded = load_script("event_debrief")
    return CompiledScript.compile(loaded.flow, loaded.style, loaded.catalogs)


def reply(body: Body) -> Reply:
    """Two sentences, the question that the prompt gives, and the rep's words as feedback."""
    asked = json.loads(polite(body).text)
    document = least(body["output_config"]["format"]["schema"])
    question = asked["nextMessage"].split(". ", 1)[1]
    feedback = {"value": "Clients ravis de l'autonomie", "quote": "Les clients étaient ravis de l'autonomie."}
    document |= {
        "nextMessage": f"{' '.join(SENTENCES)} {question}",
        "asksAbout": asked["asksAbout"],
        "extractedData": document["extractedData"] | {"customer_feedback": feedback},
    }
    return Reply(json.dumps(document, ensure_ascii=False))


async def turn(responder: Responder, script: CompiledScript) -> tuple[list[Say], list[object], Conversation]:
    """What was said after the rep's words, and what happened."""
    conversation = Conversation(script, "c1", language="fr")
    session = Session(conversation, responder)
    async for _ in session.open():
        pass
    says: list[Say] = []
    events: list[object] = []
    async for output in session.hear(SAYS):
        if isinstance(output, Say):
            says.append(output)
        elif isinstance(output, Committed):
            events += output.events
    return says, events, conversation


@pytest.mark.parametrize(
    "fault", ["stall", "cut", "ends_early", "error_event", "garbage_event", "refusal", "max_tokens"]
)
@pytest.mark.parametrize("after", [0.0, 0.1, 0.2, 0.35, 0.6, 0.99])
async def test_cut_anywhere_each_sentence_is_said_once_and_what_was_sold_is_kept(
    claude: Make, script: CompiledScript, fault: Fault, after: float
) -> None:
    def answer(body: Body) -> Reply:
        return Reply(reply(body).text, fault, after)

    async with MessagesApi(answer) as api:
        says, events, conversation = await turn(Fallback(claude(api, QUICK), Rules()), script)
    assert max(Counter(say.text for say in says).values()) == 1
    assert sum(say.question for say in says) == 1
    assert any(isinstance(event, FellBack) for event in events)
    assert list(conversation.report()["sales"].values()) == [2]
    assert conversation.report()["feedback"]


@pytest.mark.parametrize("fault", ["unauthorized", "overloaded", "no_answer", "mute", "invalid_json", "against_schema"])
async def test_a_turn_that_claude_never_answered_is_as_good_as_without_it(
    claude: Make, script: CompiledScript, fault: Fault
) -> None:
    async with MessagesApi(lambda body: Reply(reply(body).text, fault)) as api:
        says, events, conversation = await turn(Fallback(claude(api, QUICK), Rules()), script)
    assert max(Counter(say.text for say in says).values()) == 1
    assert sum(say.question for say in says) == 1
    assert [event.responder for event in events if isinstance(event, FellBack)] == ["rules"]
    assert any(isinstance(event, Recorded) for event in events)
    assert conversation.report()["usage"]["failures"]


async def test_a_reply_that_goes_well_is_spoken_in_the_models_words(claude: Make, script: CompiledScript) -> None:
    async with MessagesApi(reply) as api:
        says, events, conversation = await turn(Fallback(claude(api, QUICK), Rules()), script)
    assert [say.text for say in says if say.text in SENTENCES] == SENTENCES
    assert not [event for event in events if isinstance(event, FellBack)]
    assert conversation.report()["usage"]["cost"] > 0


@pytest.mark.parametrize("fault", [None, "cut", "overloaded"])
async def test_a_recorded_run_with_claude_plays_back_the_same_without_it(
    claude: Make, script: CompiledScript, fault: Fault | None, tmp_path: Path
) -> None:
    async with MessagesApi(lambda body: Reply(reply(body).text, fault)) as api:
        joined = Fallback(claude(api, QUICK), Rules())
        says, _, conversation = await turn(Recorder(joined, tmp_path / "run.jsonl"), script)
    said_again, _, played = await turn(Replay(tmp_path / "run.jsonl"), script)
    assert said_again == says
    for part in ("sales", "feedback", "points", "evidence", "usage"):
        assert played.report()[part] == conversation.report()[part]
