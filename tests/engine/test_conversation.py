"""A conversation, turn by turn: what is asked, what it costs, and how it ends."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.scene import POINTS, begin, kinds, make_script, opened, play, reply, say
from voyaltis_flow.engine.conversation import Conversation, OutOfTurn
from voyaltis_flow.engine.events import Asked, Ended, Event, UsageCharged

FEEDBACK = "What did customers say?"
INSIGHTS = "Anything else?"
CLOSING = "Thanks Ann. Bye!"


def ended_because(conversation: Conversation) -> str | None:
    return conversation.state.ended_because


def about(conversation: Conversation) -> str | None:
    return conversation.state.pending.about if conversation.state.pending else None


def test_the_opening_greets_tells_what_it_is_and_asks() -> None:
    conversation = begin()
    assert play(conversation.open(0.0)) == ["Hi Ann!", "I take notes.", "What did you sell?"]


def test_an_opening_that_asks_costs_its_point_a_question() -> None:
    conversation = opened()
    assert conversation.state.spent == 1
    assert conversation.state.asked[0].point == "sales"


def test_an_opening_that_asks_nothing_is_followed_by_the_first_question() -> None:
    conversation = begin(make_script(opening="Hello."))
    assert play(conversation.open(0.0))[-1] in ("Sold?", "Sales?")
    conversation.commit(conversation.open(0.0), at=0.0, heard="Hello. I take notes. Sold?")


def test_without_questions_to_spend_nothing_is_asked() -> None:
    conversation = opened(make_script(budget={"questions": 0}))
    assert [line.text for line in conversation.state.transcript] == ["Hi Ann! I take notes."]
    assert say(conversation, "2 s25")[-1:] == [CLOSING]
    assert (ended_because(conversation), conversation.state.spent) == ("budget", 0)


def test_the_points_are_asked_in_order_of_worth_and_then_it_closes() -> None:
    conversation = opened()
    assert say(conversation, "2 s25")[-1] == FEEDBACK
    assert say(conversation, "fb they loved it")[-1] == INSIGHTS
    assert say(conversation, "!nothing_more")[-1] == CLOSING
    assert ended_because(conversation) == "complete"


def test_what_was_told_unasked_is_not_asked() -> None:
    assert say(opened(), "2 s25; fb nice; in lidl is cheap")[-1] == CLOSING


def test_a_point_whose_condition_does_not_hold_is_not_asked() -> None:
    conversation = opened()
    assert say(conversation, "!nothing_more", "fb nice")[-1] == CLOSING
    assert [gap["point"] for gap in conversation.report()["gaps"]] == []


def test_a_condition_sees_what_is_left_of_the_budget() -> None:
    insights = {**POINTS[3], "when": "budget.questions.left > 3"}
    conversation = opened(make_script(points=[*POINTS[:3], insights]))
    assert say(conversation, "2 s25; fb nice")[-1] == "Anything else?"
    conversation = opened(make_script(points=[*POINTS[:3], insights]))
    assert say(conversation, "2 s25", "fb nice")[-1] == CLOSING


def test_which_one_is_asked_once_and_charged_to_its_point() -> None:
    conversation = opened()
    assert say(conversation, "3 tv")[-1] == "Which tv: TV 55 or TV 65?"
    assert conversation.state.asked[-1] == Asked(
        about="which:tv", point="sales", subject="tv", text="Which tv: TV 55 or TV 65?"
    )
    assert say(conversation, "hm")[-1] == FEEDBACK
    assert conversation.report()["unresolved"][0]["candidates"] == ["tv55", "tv65"]


def test_how_many_is_asked_and_answered() -> None:
    conversation = opened()
    assert say(conversation, "? s25")[-1] == "How many Galaxy S25?"
    assert say(conversation, "4 s25")[-1] == FEEDBACK
    assert conversation.report()["sales"] == {"s25": 4}


@pytest.mark.parametrize(("answer", "sales"), [("!yes", {"s25": 2}), ("!no", {}), ("3 a56", {"a56": 3}), ("hm", {})])
def test_what_must_be_confirmed_counts_only_then(answer: str, sales: dict[str, int]) -> None:
    conversation = opened()
    assert say(conversation, "2 s25~")[-1] == "2 Galaxy S25, is that right?"
    assert conversation.report()["sales"] == {}
    say(conversation, answer)
    assert conversation.report()["sales"] == sales


def test_a_clarification_takes_no_question_from_a_required_point() -> None:
    conversation = opened(make_script(budget={"questions": 2}))
    assert say(conversation, "3 tv; ? s25")[-1] == FEEDBACK


def test_a_point_has_a_budget_of_its_own() -> None:
    conversation = opened()
    assert say(conversation, "3 tv; ? s25; ? a56")[-1].startswith("Which")
    assert say(conversation, "hm")[-1].startswith("How many")
    assert say(conversation, "hm")[-1] == FEEDBACK
    assert sum(asked.cost for asked in conversation.state.asked if asked.point == "sales") == 3


def test_a_required_question_that_was_not_answered_is_asked_once_more() -> None:
    conversation = opened()
    assert say(conversation, "hm")[-1] in ("Sold?", "Sales?")
    assert say(conversation, "hm")[-1] == FEEDBACK
    assert say(conversation, "hm")[-1] == FEEDBACK
    assert say(conversation, "hm")[-1] == CLOSING


def test_an_answer_of_nothing_is_an_answer() -> None:
    conversation = opened()
    assert say(conversation, "ok")[-1] == FEEDBACK
    assert conversation.report()["sales"] == {}
    assert "sales" not in [gap["point"] for gap in conversation.report()["gaps"]]


@pytest.mark.parametrize(("signal", "reason"), [("!dont_know", "unknown_to_rep"), ("!declined", "declined")])
def test_who_does_not_know_is_not_asked_again(signal: str, reason: str) -> None:
    conversation = opened()
    assert say(conversation, signal) == ["No worries.", FEEDBACK]
    assert {"point": "sales", "reason": reason} in conversation.report()["gaps"]


def test_the_wish_to_stop_ends_it_kindly() -> None:
    conversation = opened()
    assert say(conversation, "2 s25; !stop")[-1] == CLOSING
    assert ended_because(conversation) == "rep_stopped"
    assert {"point": "feedback", "reason": "ended_early"} in conversation.report()["gaps"]


def test_a_question_is_repeated_for_free_as_it_was_asked() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 1.0)
    play(turn, reply("And the customers?", "feedback"))
    conversation.commit(turn, at=1.0)
    spent = conversation.state.spent
    for _ in range(3):
        assert say(conversation, "!repeat") == ["Sure. And the customers?"]
    assert (conversation.state.spent, about(conversation)) == (spent, "feedback")


def test_off_topic_comes_back_gently() -> None:
    assert say(opened(), "!off_topic")[0] == "Back to your day."


def test_orders_change_nothing() -> None:
    conversation = opened()
    turn = conversation.hear("!order", 1.0)
    play(turn, reply("Done.", "sales", sales=[{"mention": "s25", "quantity": 1000, "op": "set", "quote": "1000"}]))
    conversation.commit(turn, at=1.0)
    assert conversation.report()["sales"] == {}


def test_an_empty_transcript_is_asked_for_again_twice_and_then_it_ends() -> None:
    conversation = opened()
    assert say(conversation, "") == ["Sorry, what was that?"]
    assert say(conversation, " ") == ["Sorry, what was that?"]
    assert conversation.state.spent == 1
    assert say(conversation, "")[-1] == CLOSING
    assert ended_because(conversation) == "silence"


def test_words_between_begin_the_count_anew() -> None:
    conversation = opened()
    say(conversation, "", "", "2 s25", "", "")
    assert not conversation.ended


def test_silence_is_asked_into_twice_and_then_it_ends() -> None:
    conversation = opened()
    for _ in range(2):
        turn = conversation.silence(9.0)
        assert play(turn) == ["Still there?"]
        conversation.commit(turn, at=9.0)
    assert conversation.state.spent == 1
    turn = conversation.silence(9.0)
    assert play(turn) == [CLOSING]
    conversation.commit(turn, at=9.0)
    assert ended_because(conversation) == "silence"


def test_when_the_minutes_are_over_it_closes() -> None:
    conversation = opened()
    assert say(conversation, "2 s25", at=299.0)[-1] == FEEDBACK
    assert say(conversation, "3 a56", at=300.0)[-1] == CLOSING
    assert ended_because(conversation) == "budget"
    assert {"point": "feedback", "reason": "asked_not_answered"} in conversation.report()["gaps"]


def test_when_the_dollars_are_spent_it_goes_on_without_a_model() -> None:
    conversation = opened()
    request = conversation.hear("2 s25", 1.0).request
    assert request is not None
    assert not request.without_model
    conversation.charge(UsageCharged(responder="claude", cost=0.2))
    request = conversation.hear("2 s25", 1.0).request
    assert request is not None
    assert request.without_model
    assert say(conversation, "2 s25")[-1] == FEEDBACK


def test_after_a_break_the_last_question_is_free() -> None:
    before = begin()
    journal: list[Event] = []
    for make in (lambda: before.open(0.0), lambda: before.hear("2 s25", 1.0)):
        turn = make()
        play(turn)
        journal += before.commit(turn, at=1.0)
    conversation = Conversation.replayed(make_script(), journal)
    assert conversation.state == before.state
    turn = conversation.resume(50.0)
    assert play(turn) == ["We were cut off.", FEEDBACK]
    assert "resumed" in kinds(conversation.commit(turn, at=50.0))
    assert (conversation.state.spent, about(conversation)) == (2, "feedback")


def test_a_question_asked_again_because_a_responder_failed_is_free_once() -> None:
    conversation = opened(make_script(opening="Hello."))
    for spent in (1, 2):
        turn = conversation.hear("hm", 1.0)
        turn.restart("timeout", "rules")
        play(turn)
        conversation.commit(turn, at=1.0)
        assert (about(conversation), conversation.state.spent) == ("sales", spent)


def test_recap_is_spoken_before_the_closing_and_costs_nothing() -> None:
    conversation = opened(make_script(recap="spoken"))
    assert say(conversation, "2 s25; fb nice; in lidl")[-2:] == ["I have 2 Galaxy S25.", CLOSING]
    assert conversation.state.spent == 1


def test_discarded_turns_leave_no_trace() -> None:
    conversation = opened()
    state = conversation.state
    for text in ("2 s25", "3 tv", "!stop", ""):
        play(conversation.hear(text, 1.0), reply("Nice.", "feedback"))
    conversation.silence(1.0)
    assert conversation.state is state
    assert say(conversation, "2 s25")[-1] == FEEDBACK


def test_a_turn_made_before_another_was_committed_is_out_of_turn() -> None:
    conversation = opened()
    early, other = conversation.hear("2 s25", 1.0), conversation.hear("3 s25", 1.0)
    conversation.commit(other, at=1.0)
    state = conversation.state
    with pytest.raises(OutOfTurn):
        conversation.commit(early, at=1.0)
    assert conversation.state is state


def test_nothing_is_said_after_the_end() -> None:
    conversation = opened()
    assert kinds(conversation.end("hung_up", 5.0)) == ["ended"]
    assert conversation.end("hung_up", 6.0) == ()
    with pytest.raises(OutOfTurn):
        conversation.hear("2 s25", 7.0)
    with pytest.raises(OutOfTurn):
        conversation.open(7.0)


def test_it_may_end_before_it_began() -> None:
    conversation = begin()
    assert kinds(conversation.end("hung_up", 5.0)) == ["opened", "ended"]


def test_a_recorded_transcript_is_read_without_speaking() -> None:
    conversation = begin(language="en", today=date(2026, 11, 24))
    for text, asked in [("2 s25", "opening"), ("!stop", "feedback"), ("3 a56", "anything_else")]:
        conversation.commit(conversation.hear(text, 1.0, asked=asked), at=1.0, heard="")
    conversation.end("end_of_input", 1.0)
    report = conversation.report()
    assert report["sales"] == {"s25": 2, "a56": 3}
    assert {"point": "feedback", "reason": "asked_not_answered"} in report["gaps"]
    assert (conversation.state.spent, conversation.state.wants_to_stop) == (0, True)


def test_a_list_is_no_longer_than_its_point_says() -> None:
    conversation = opened()
    say(conversation, "in a; in b; in a; in c; in d")
    assert conversation.report()["insights"] == ["a", "b", "c"]


def test_two_more_rest_on_all_the_words() -> None:
    conversation = opened()
    say(conversation, "2 s25", "+3 s25")
    record = conversation.state.record("sales", "s25")
    assert record is not None
    assert (record.value, [quote.turn for quote in record.quotes]) == (5, [0, 1])


def test_what_is_taken_back_is_gone() -> None:
    conversation = opened()
    say(conversation, "2 s25; 1 a56", "- s25")
    assert conversation.report()["sales"] == {"a56": 1}


def test_half_characters_are_heard_as_question_marks() -> None:
    conversation = opened()
    say(conversation, "fb caf\ud83d")
    assert conversation.report()["feedback"] == "caf?"


def test_a_flow_without_required_points_closes_when_nothing_is_left() -> None:
    points = [{**point, "required": False} for point in POINTS]
    conversation = opened(make_script(points=points))
    assert say(conversation, "hm")[-1] == FEEDBACK
    assert say(conversation, "hm")[-1] == CLOSING
    assert ended_because(conversation) == "complete"


def test_the_end_is_an_event_of_its_turn() -> None:
    conversation = opened()
    turn = conversation.hear("!stop", 1.0)
    assert turn.ends
    play(turn)
    assert conversation.commit(turn, at=2.0)[-1] == Ended(at=2.0, because="rep_stopped")


def test_words_from_before_a_break_are_answered_after_a_word_on_it() -> None:
    conversation = opened()
    turn = conversation.hear("2 s25", 3.0, resumes=True)
    spoken = play(turn)
    assert spoken[0] == "We were cut off. 2 Galaxy S25, got it."
    assert spoken[-1] == FEEDBACK
    conversation.commit(turn, at=4.0)
    assert conversation.report()["sales"] == {"s25": 2}


def test_a_conversation_goes_on_though_its_flow_has_lost_a_point_since() -> None:
    journal: list[Event] = []
    conversation = begin()
    turn = conversation.open(0.0)
    journal += conversation.commit(turn, at=0.0)
    for words in ("2 s25", "fb they loved it"):
        turn = conversation.hear(words, 1.0)
        turn.finish()
        journal += conversation.commit(turn, at=1.0)
    without = make_script(points=[point for point in POINTS if point["id"] != "feedback"], report={"sales": "sales"})
    going_on = Conversation.replayed(without, journal)
    assert play(going_on.resume(9.0))
    assert say(going_on, "!nothing_more")[-1] == CLOSING
    assert going_on.report()["points"]["sales"] == {"s25": 2}
    assert "feedback" not in going_on.report()["points"]
