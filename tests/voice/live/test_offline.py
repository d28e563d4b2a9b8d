"""A rep who speaks French, an agent that hears and answers with nothing but this machine."""

from __future__ import annotations

import asyncio
import json
from time import time

import pytest
import pytest_asyncio

from tests.voice.live.house import House
from tests.voice.live.side_by_side import Scenario, SideBySide, name, wanted
from tests.voice.live.talking import agent_words, noted, opening, spoken
from voyaltis_flow.rooms.participant.lines import Line
from voyaltis_flow.rooms.participant.script import Script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

DEBRIEF = [
    "J'ai vendu deux Galaxy S25 et trois Family Hub.",
    "Les clients ont adoré l'image.",
    "On est en rupture de Galaxy Ring.",
]
OPENING_SECONDS = 1.0


async def a_debrief_is_held_and_its_report_is_the_one_in_the_store(offline: House) -> None:
    async with offline.rep() as (rep, opened):
        script = Script(rep, [Line(line) for line in DEBRIEF], offline.name, "fr")
        report = await script.run()
        answers = [exchange.answer for exchange in script.exchanges]
        assert len(answers) >= 4
        assert all(answers)
        assert script.exchanges[0].seconds_to_first_sound < 3 * OPENING_SECONDS
        assert report.intact
        assert await offline.store.report(opened.conversation) == report.text.encode()
        document = json.loads(report.text)
        assert document["sales"] == {"ph-s25": 2, "fr-family-hub": 3}
        assert document["ended_because"] == "complete"
        await rep.until(lambda: rep.agent is None, 5, "the agent stays in the room")
    lease = await offline.store.lease(opened.conversation)
    assert lease is not None
    assert lease.closed


async def what_was_understood_is_said_back_before_anything_else(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        await spoken(rep, "J'ai vendu deux Galaxy S25 et trois Family Hub.")
        first = agent_words(rep)[-1].split(".")[0]
        assert "2 S25" in first
        assert "3 Family Hub" in first
        assert rep.streams.progress[-1].document["budget"]["questions"]["spent"] == 2


async def an_interruption_stops_the_agent_and_loses_nothing(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await rep.until(lambda: rep.ear.hears, 10, "no opening")
        await asyncio.sleep(1.0)
        began = time()
        said = await rep.say_text("J'ai vendu deux Galaxy S25 et trois Family Hub.", "fr")
        await rep.until(lambda: not rep.ear.hears, 3, "the agent talks on")
        assert time() - began < 3
        ended = await rep.until(lambda: said.ended, 10, "it was not said")
        await rep.until(lambda: rep.ear.first_since(ended), 20, "no answer")
        await rep.until(lambda: rep.streams.progress[-1].document["turn"] == 1, 30, "the turn does not settle")
        progress = rep.streams.progress[-1].document
        assert progress["points"]["sales"] == {"ph-s25": 2, "fr-family-hub": 3}
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
        opening, answer = [line for line in json.loads(report.text)["transcript"] if line["speaker"] == "agent"][:2]
        assert opening["interrupted"]
        assert len(opening["text"]) < len("Bonjour Thomas ! Je suis un assistant, et je note ce qu'on se dit. Alors")
        assert not answer.get("interrupted")


async def a_rep_who_comes_back_goes_on_where_they_were(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        await spoken(rep, "J'ai vendu deux Galaxy S25.")
        spent = rep.streams.progress[-1].document["budget"]["questions"]["spent"]
        await rep.leave()
        await asyncio.sleep(2)
        back = time()
        await rep.enter()
        await rep.until(lambda: rep.ear.first_since(back), 10, "nothing is said on coming back")
        await noted(rep, back)
        progress = rep.streams.progress[-1].document
        assert progress["points"]["sales"] == {"ph-s25": 2}
        assert progress["budget"]["questions"]["spent"] == spent


async def english_is_answered_in_english_from_that_turn_on(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        await spoken(rep, "I sold two S25 and one Family Hub, the customers loved them.", "en")
        agent = agent_words(rep)[-1]
        assert any(word in agent for word in ("anything", "Anything", "Okay", "noted", "Got it", "pass on"))


async def silence_is_asked_about_and_then_ends_the_conversation(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        report = await rep.until(lambda: rep.streams.report, 60, "the silence does not end")
        document = json.loads(report.text)
        assert document["ended_because"] == "silence"
        assert sum(line["speaker"] == "agent" for line in document["transcript"]) == 4
        assert document["usage"]["questions"] == 1


async def the_app_may_correct_and_end(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        await spoken(rep, "J'ai vendu deux Galaxy S25.")
        progress = await rep.correct("sales", "ph-s25", 7)
        assert progress["points"]["sales"] == {"ph-s25": 7}
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
        document = json.loads(report.text)
        assert (document["sales"], document["ended_because"]) == ({"ph-s25": 7}, "app")


async def what_is_said_right_before_the_app_ends_it_counts(offline: House) -> None:
    async with offline.rep() as (rep, _):
        await opening(rep)
        said = await rep.say_text("J'ai vendu deux Galaxy S25.", "fr")
        await rep.until(lambda: said.ended, 10, "it was not said")
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 20, "no report")
        document = json.loads(report.text)
        assert (document["sales"], document["ended_because"]) == ({"ph-s25": 2}, "app")


SCENARIOS: tuple[Scenario[House], ...] = (
    silence_is_asked_about_and_then_ends_the_conversation,
    a_debrief_is_held_and_its_report_is_the_one_in_the_store,
    what_was_understood_is_said_back_before_anything_else,
    an_interruption_stops_the_agent_and_loses_nothing,
    a_rep_who_comes_back_goes_on_where_they_were,
    english_is_answered_in_english_from_that_turn_on,
    the_app_may_correct_and_end,
    what_is_said_right_before_the_app_ends_it_counts,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def side_by_side(offline: House, request: pytest.FixtureRequest) -> SideBySide[House]:
    """Those that are to be tested, begun."""
    return SideBySide(offline, wanted(request))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name)
async def test_offline(side_by_side: SideBySide[House], scenario: Scenario[House]) -> None:
    await side_by_side.outcome(scenario)
