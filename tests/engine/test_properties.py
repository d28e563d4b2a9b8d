"""What holds of every conversation, whatever the rep says, the model answers and the network does."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine.scene import begin, make_script, play, reply, sale
from tests.engine.test_report import VALIDATOR
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event, decode_all, encode
from voyaltis_flow.engine.state import replay
from voyaltis_flow.engine.turn import Turn

THINGS = st.sampled_from(
    [
        "2 s25",
        "3 a56~",
        "+1 s25",
        "- s25",
        "? a56",
        "3 tv",
        "1 tv55",
        "2 xbox",
        "fb nice",
        "in lidl",
        "ok",
        "hm",
        "1000 s25",
    ]
    + [f"!{signal}" for signal in ("stop", "repeat", "dont_know", "declined", "off_topic", "order", "yes", "no")]
)
TEXTS = st.lists(THINGS, max_size=4).map("; ".join) | st.text(max_size=20)
CLAIMS = st.lists(st.builds(sale, st.sampled_from(["s25", "a56", "tv55", "x"]), st.integers(0, 9)), max_size=3)
ABOUTS = st.sampled_from([None, "sales", "feedback", "insights", "which:tv", "quantity:a56"])
REPLIES = st.builds(
    lambda said, about, sales, cut: reply(said, about, sales=sales)[:cut],
    st.sampled_from(["Ok.", "Ok. And? And?", "", "<b>Hm", "What did customers say?"]),
    ABOUTS,
    CLAIMS,
    st.integers(0, 400),
)
BUDGETS = st.fixed_dictionaries({"questions": st.integers(0, 6), "minutes": st.sampled_from([None, 0.5, 5])})


class Conversations(RuleBasedStateMachine):
    """A conversation under all that may happen to it; times go on by seconds."""

    conversation: Conversation
    journal: list[Event]

    @initialize(budget=BUDGETS, own=st.sampled_from([None, 0, 1, 3]), opening=st.sampled_from(["Hi.", "Hi! Sold?"]))
    def begin(self, budget: dict[str, Any], own: int | None, opening: str) -> None:
        script = make_script(budget=budget, opening=opening)
        points = [point.model_dump(by_alias=True) for point in script.flow.points]
        points[0]["questions"] = own
        self.conversation = begin(make_script(budget=budget, opening=opening, points=points))
        self.journal, self.at = [], 0.0

    def keep(self, turn: Turn, heard: str | None) -> None:
        self.at += 1.0
        self.journal += self.conversation.commit(turn, at=self.at, heard=heard)

    @property
    def going_on(self) -> bool:
        return not self.conversation.ended

    @precondition(lambda self: self.going_on and self.conversation.state.started is None)
    @rule()
    def open(self) -> None:
        turn = self.conversation.open(self.at)
        play(turn)
        self.keep(turn, None)

    @precondition(lambda self: self.going_on)
    @rule(text=TEXTS, written=st.none() | REPLIES, failed=st.booleans(), share=st.none() | st.floats(0, 1))
    def hear(self, text: str, written: str | None, failed: bool, share: float | None) -> None:
        turn = self.conversation.hear(text, self.at)
        if written is not None and turn.request is not None:
            turn.feed(written)
        if failed:
            turn.restart("timeout", "rules")
        said = play(turn)
        assert said or not turn.plan.say, "a silent turn"
        assert sum(say.question for say in turn.said) <= 1
        assert len(said) == len(set(said)), "a sentence twice"
        whole = " ".join(said)
        self.keep(turn, None if share is None else whole[: round(share * len(whole))])

    @precondition(lambda self: self.going_on)
    @rule(text=TEXTS)
    def discard(self, text: str) -> None:
        before = self.conversation.state
        play(self.conversation.hear(text, self.at))
        assert self.conversation.state is before

    @precondition(lambda self: self.going_on)
    @rule(resume=st.booleans())
    def pause(self, resume: bool) -> None:
        turn = self.conversation.resume(self.at) if resume else self.conversation.silence(self.at)
        assert play(turn)
        self.keep(turn, None)

    @rule(value=st.sampled_from([None, 0, 3, "x"]))
    def correct(self, value: Any) -> None:
        found = self.conversation.correct("sales", "s25", value, self.at)
        self.journal += found if isinstance(found, tuple) else ()

    @precondition(lambda self: self.conversation.state.turns > 3)
    @rule()
    def hang_up(self) -> None:
        self.journal += self.conversation.end("hung_up", self.at)

    @invariant()
    def the_budget_is_never_exceeded(self) -> None:
        state, flow = self.conversation.state, self.conversation.script.flow
        assert state.spent <= flow.budget.questions
        for point in flow.points:
            if point.questions is not None:
                assert sum(asked.cost for asked in state.asked if asked.point == point.id) <= point.questions

    @invariant()
    def the_report_is_valid(self) -> None:
        report = self.conversation.report()
        VALIDATOR.validate(report)
        words = {line["turn"]: line["text"] for line in report["transcript"] if "turn" in line}
        quotes = [quote for entry in report["evidence"] for quote in entry["quotes"]]
        assert all(quote["text"] in words[quote["turn"]] for quote in quotes)
        self.conversation.progress(self.at)

    @invariant()
    def replaying_the_journal_gives_the_state(self) -> None:
        assert replay(decode_all([encode(event) for event in self.journal])) == self.conversation.state


Conversations.TestCase.settings = settings(
    max_examples=80, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestConversations = Conversations.TestCase
