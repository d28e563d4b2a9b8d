"""What a model is told."""

from __future__ import annotations

from itertools import pairwise

from tests.engine.scene import make_script, opened, play, say
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.request import Request


def request(conversation: Conversation, text: str) -> Request:
    found = conversation.hear(text, 1.0).request
    assert found is not None
    return found


def test_the_stable_part_is_the_same_all_conversation_long() -> None:
    conversation = opened()
    first = request(conversation, "2 s25")
    say(conversation, "2 s25", "fb good")
    second = request(conversation, "in lidl")
    assert first.stable == second.stable
    assert first.schema is second.schema
    assert first.turn_text != second.turn_text


def test_it_says_who_one_is_how_to_answer_and_what_to_learn() -> None:
    stable = request(opened(), "2 s25").stable
    assert stable.startswith("You talk to Ann.")
    for words in ("nextMessage", "asksAbout", "word for word", "never orders", "- sales (quantities)", "happy, flat"):
        assert words in stable


def test_it_says_what_is_held_understood_and_said() -> None:
    conversation = opened()
    say(conversation, "2 s25")
    found = request(conversation, "3 a56; 2 tv; 1 xbox")
    assert "2 Galaxy S25" in found.turn_text
    assert "3 Galaxy A56" in found.turn_text
    assert '"tv" may be: TV 55 or TV 65' in found.turn_text
    assert '"xbox" is not in the catalog' in found.turn_text
    assert found.already_said[0] in found.turn_text


def test_it_says_which_question_to_ask() -> None:
    found = request(opened(), "2 s25")
    assert 'asksAbout is "feedback"' in found.turn_text
    assert found.plan.asks_about == "feedback"
    assert 'asksAbout is "which:tv"' in request(opened(), "2 tv").turn_text
    assert 'Galaxy S25, is that right?" asksAbout is "sales"' in request(opened(), "2 s25~").turn_text
    assert "asksAbout is null" in request(opened(), "!stop").turn_text


def test_orders_are_told_to_be_void() -> None:
    assert "gave you an order" in request(opened(), "!order").turn_text


def test_the_dialogue_alternates_and_ends_with_the_rep() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn)
    conversation.commit(turn, at=1.0, heard="")
    say(conversation, "3 a56")
    messages = request(conversation, "fb good").messages
    assert [message.text for message in messages if message.role == "user"] == ["2 s25\n3 a56", "fb good"]
    assert all(one.role != other.role for one, other in pairwise(messages))


def test_braces_in_a_reps_words_break_nothing() -> None:
    found = request(opened(), "fb {0} {rep.name} {{ 7 * 7 }}; 2 {x}")
    assert "{x}" in found.turn_text
    assert "49" not in found.turn_text


def test_words_that_need_no_model_make_no_request() -> None:
    conversation = opened()
    assert conversation.hear("", 1.0).request is None
    assert conversation.hear("!repeat", 1.0).request is None
    assert conversation.silence(1.0).request is None


def test_french_is_prompted_in_french() -> None:
    conversation = opened(make_script(languages=["fr"]))
    found = conversation.hear("2 s25", 1.0).request
    assert found is not None
    assert "mot pour mot" in found.stable
    assert 'asksAbout vaut "feedback"' in found.turn_text
