"""A turn with a model: what is said, when, and what of its claims is kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scene import begin, kinds, make_script, opened, play, reply, sale, say
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Asked, Differed, Event, FellBack, Recorded, Refused, Spoken
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.turn import Turn

QUESTION = "What did customers say?"


def heard(text: str = "2 s25", conversation: Conversation | None = None) -> Turn:
    return (conversation or opened()).hear(text, 1.0)


def spoken(outputs: list[Say | Event]) -> list[str]:
    return [output.text for output in outputs if isinstance(output, Say)]


def after(turn: Turn, *chunks: str) -> list[str]:
    """What was said after the acknowledgement."""
    for chunk in chunks:
        turn.feed(chunk)
    turn.finish()
    return [say.text for say in turn.said][bool(turn.acknowledgement) :]


def test_a_declarative_sentence_goes_out_as_soon_as_it_is_whole() -> None:
    turn = heard()
    assert spoken(turn.feed('{"nextMessage": "Nice day')) == []
    assert spoken(turn.feed(" then. A")) == ["Nice day then."]


def test_a_question_waits_for_what_it_is_about() -> None:
    turn = heard()
    assert spoken(turn.feed('{"nextMessage": "Nice. And customers?"')) == ["Nice."]
    assert spoken(turn.feed(', "asksAbout": "feedback"')) == ["And customers?"]


@pytest.mark.parametrize("about", ["sales", "insights", None, "which:tv"])
def test_a_question_that_was_not_paid_for_gives_way_to_the_flows_own(about: str | None) -> None:
    assert after(heard(), reply("Nice. Which colour? Tell me.", about)) == ["Nice.", QUESTION]


def test_a_second_question_is_dropped() -> None:
    assert after(heard(), reply("And customers? And you?", "feedback")) == ["And customers?"]
    assert after(heard(), reply("And customers? and the stock?", "feedback")) == ["And customers?"]
    assert after(heard(), reply("And customers?And you?", "feedback")) == ["And customers?"]


def test_a_reply_without_its_question_gets_it() -> None:
    assert after(heard(), reply("Nice.", "feedback")) == ["Nice.", QUESTION]


def test_what_follows_a_question_follows_it() -> None:
    assert after(heard(), reply("And customers? Take your time.", "feedback")) == ["And customers?", "Take your time."]


def test_a_question_at_the_end_of_the_conversation_gives_way_to_the_closing() -> None:
    turn = heard("!stop")
    assert after(turn, reply("Sure. One more thing?", None, complete=True)) == ["Sure.", "Thanks Ann. Bye!"]
    assert turn.ends


def test_the_models_own_closing_is_enough() -> None:
    assert after(heard("!stop"), reply("Sure, bye Ann.", None, complete=True)) == ["Sure, bye Ann."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<b>Nice</b> day<script>x</script>. Ok", "Nice day. Ok."),
        ("**Nice** day, `really`.", "Nice day, really."),
        ("- Nice\n- day.", "Nice day."),
        ("See [this](http://x.y/z).", "See this."),
    ],
)
def test_markup_is_not_spoken(written: str, said: str) -> None:
    lines = " ".join(after(heard(), reply(written, "feedback")))
    assert lines.replace(f" {QUESTION}", "").rstrip(".") == said.rstrip(".")


def test_a_runaway_message_is_cut_and_the_question_still_asked() -> None:
    said = after(heard(), reply("This is one sentence. " * 400, "feedback"))
    assert sum(map(len, said)) < 1100
    assert said[-1] == QUESTION
    assert after(heard(), reply("word " * 4000, "feedback")) == [QUESTION]


def test_no_reply_at_all_is_the_plans_own_words() -> None:
    said = after(heard("ok"))
    assert said[0] in ("Okay.", "I see.")
    assert said[1:] == [QUESTION]


@pytest.mark.parametrize("written", ["nonsense", '{"nextMessage": 7}', "[]", '{"nextMessage": "', "{"])
def test_a_reply_that_is_none_leaves_no_silence(written: str) -> None:
    turn = heard()
    assert after(turn, written) == [QUESTION]
    assert not turn.request or turn.request.already_said


def test_a_cut_reply_is_finished_in_the_plans_words_and_told() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25; fb they loved it", 1.0)
    whole = reply("Nice. Anything?", "insights", feedback={"value": "they loved it", "quote": "fb they loved it"})
    said = after(turn, whole[: whole.index(', "isComplete"')])
    assert said == ["Nice.", "Anything?"]
    events = conversation.commit(turn, at=2.0)
    assert [event.failure for event in events if isinstance(event, FellBack)] == ["cut"]
    assert conversation.state.record("feedback", None) is not None


def test_another_responder_says_only_what_is_lacking() -> None:
    turn = heard()
    turn.feed('{"nextMessage": "Nice. And cust')
    turn.restart("stalled", "rules")
    assert after(turn, reply("Okay. What did customers say?", "feedback")) == ["Nice.", QUESTION]


def test_a_question_that_is_out_is_not_asked_again_by_another_responder() -> None:
    turn = heard()
    turn.feed('{"nextMessage": "And customers?", "asksAbout": "feedback", "extr')
    turn.restart("cut", "rules")
    assert after(turn, reply("Okay. What did customers say?", "feedback")) == ["And customers?"]


def test_what_was_valid_before_a_restart_is_kept() -> None:
    conversation = opened()
    turn = conversation.hear("sold 4 a56 really", 1.0)
    cut = reply("Nice.", "feedback", sales=[sale("a56", 4, "sold 4 a56"), sale("s25", 9)])
    turn.feed(cut[: cut.index('"feedback": null')])
    turn.restart("timeout", "rules")
    play(turn, reply("Okay.", "feedback"))
    conversation.commit(turn, at=2.0)
    assert conversation.report()["sales"] == {"a56": 4}


def test_what_the_engine_read_is_recorded_whoever_answers() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn, reply("Nice.", "feedback"))
    conversation.commit(turn, at=2.0)
    assert conversation.report()["sales"] == {"s25": 2}


def test_a_model_that_contradicts_plain_words_is_not_believed() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    outputs = turn.feed(reply("Nice.", "feedback", sales=[sale("s25", 20, "2 s25")]))
    assert [output.kind for output in outputs if isinstance(output, Differed)] == ["differed"]
    conversation.commit(turn, at=2.0)
    assert conversation.report()["sales"] == {"s25": 2}


def test_made_up_claims_are_refused_and_the_rest_kept() -> None:
    conversation = opened()
    turn = conversation.hear("also 3 a56 there", 1.0)
    claims = [
        sale("s25", 7, "seven phones"),
        sale("a56", 300, "3 a56"),
        sale("unicorn", 3, "3 a56"),
        {"mention": "a56", "quantity": "three", "op": "set", "quote": "3 a56"},
        {"mention": "a56"},
        "a56",
        sale("a56", 3),
    ]
    outputs = turn.feed(reply("Nice.", "feedback", sales=claims, mood={"value": "angry", "quote": "also"}))
    refused = [output.code for output in outputs if isinstance(output, Refused)]
    assert refused == [
        "quote_not_said",
        "number_not_in_quote",
        "unknown_product",
        "wrong_type",
        "wrong_type",
        "wrong_type",
        "wrong_type",
    ]
    assert [output.evidence.value for output in outputs if isinstance(output, Recorded)] == [3]
    conversation.commit(turn, at=2.0)
    assert conversation.report()["sales"] == {"a56": 3}


def test_a_hundred_claims_take_bounded_time_and_are_told() -> None:
    turn = heard("2 s25")
    outputs = turn.feed(reply("Nice.", "feedback", sales=[sale("a56", n, f"{n} a56") for n in range(100)]))
    assert [output.code for output in outputs if isinstance(output, Refused)][-1] == "too_many"


def test_the_models_wording_of_what_was_said_is_preferred() -> None:
    conversation = opened()
    turn = conversation.hear("fb euh they loved it", 1.0)
    play(turn, reply("Nice.", None, feedback={"value": "they loved it", "quote": "they loved it"}))
    conversation.commit(turn, at=2.0)
    assert conversation.report()["feedback"] == "they loved it"


def test_a_claim_that_settles_an_open_mention_closes_it() -> None:
    conversation = opened()
    say(conversation, "3 tv")
    turn = conversation.hear("all 3 were 55 ones", 1.0)
    play(turn, reply("Nice.", "feedback", sales=[sale("tv55", 3, "all 3 were 55")]))
    conversation.commit(turn, at=2.0)
    assert conversation.report()["unresolved"] == []
    assert conversation.report()["sales"] == {"tv55": 3}


def test_a_reply_without_data_loses_nothing() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn, json.dumps({"nextMessage": "Nice.", "asksAbout": None, "extractedData": 7}))
    assert "refused" in kinds(conversation.commit(turn, at=2.0))
    assert conversation.report()["sales"] == {"s25": 2}


REPLIES = [
    reply("Nice. And customers? Take your time.", "feedback", sales=[sale("s25", 20, "2 s25"), sale("a56", 1)]),
    reply("M. Dupont said… really?! Deux S25. 😀 « Oui ! » And?", "sales", insights=[{"value": "x", "quote": "2"}]),
    json.dumps(json.loads(reply("Noël 😀. Ça va ? Oui.", "feedback"))),
    '{"asksAbout": "feedback", "extractedData": {"sales": [7]}, "nextMessage": "Nice. And customers? Ok. And?"}',
    reply("Nice. And customers?", "feedback")[:-30] + "oops",
    "no JSON at all",
]


@pytest.mark.parametrize("written", REPLIES)
@given(data=st.data())
def test_any_chunking_gives_the_same_events(written: str, data: st.DataObject) -> None:
    encoded = written.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=20)))
    conversation = opened()
    one, many = conversation.hear("2 s25", 1.0), conversation.hear("2 s25", 1.0)
    outputs = one.feed(written) + one.finish()
    pieces: list[Say | Event] = []
    for start, end in zip([0, *cuts], [*cuts, len(encoded)], strict=True):
        pieces += many.feed(encoded[start:end])
    assert pieces + many.finish() == outputs


def test_the_acknowledgement_comes_first_and_is_sure() -> None:
    conversation = opened()
    first, second = conversation.hear("2 s25; 1 a56", 1.0), conversation.hear("2 s25~; fb nice", 1.0)
    assert first.acknowledgement in ("Noted: 2 Galaxy S25 and 1 Galaxy A56.", "2 Galaxy S25 and 1 Galaxy A56, got it.")
    assert second.acknowledgement is None
    assert conversation.hear("ok", 1.0).acknowledgement is None
    assert first.said[0].text == first.acknowledgement
    assert first.request is not None
    assert first.request.already_said == (first.acknowledgement,)


def test_the_acknowledgement_varies() -> None:
    conversation = opened()
    said = []
    for text in ("2 s25", "3 s25", "4 s25", "5 a56"):
        turn = conversation.hear(text, 1.0)
        said.append(turn.acknowledgement or "")
        play(turn)
        conversation.commit(turn, at=1.0)
    starts = [words.startswith("Noted") for words in said]
    assert starts in ([True, False, True, False], [False, True, False, True])


def test_where_the_model_acknowledges_the_plan_does_it_for_want_of_one() -> None:
    turn = begin(make_script(acknowledge="model")).hear("2 s25", 1.0)
    assert turn.acknowledgement is None
    assert "2 Galaxy S25" in turn.plan.say[0]


def test_a_question_of_which_nothing_was_heard_is_not_charged() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn, reply("Nice day. And customers?", "feedback"))
    ack = turn.acknowledgement or ""
    events = conversation.commit(turn, at=2.0, heard=f"{ack} Nice d")
    assert [event.interrupted for event in events if isinstance(event, Spoken)] == [True]
    assert conversation.state.spent == 1
    assert conversation.state.asked[-1].about == "opening"


def test_a_question_of_which_something_was_heard_is_charged() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn, reply("Nice day. And customers?", "feedback"))
    events = conversation.commit(turn, at=2.0, heard=f"{turn.acknowledgement} Nice day. And cust")
    assert [event.text for event in events if isinstance(event, Asked)] == ["And customers?"]
    assert conversation.state.spent == 2


def test_nothing_heard_still_records_what_the_rep_said() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    assert kinds(conversation.commit(turn, at=2.0, heard="")) == ["heard", "understood", "recorded"]


def test_an_end_that_was_interrupted_is_none() -> None:
    conversation = opened()
    turn = conversation.hear("!stop", 1.0)
    play(turn)
    conversation.commit(turn, at=2.0, heard="Okay.")
    assert not conversation.ended
