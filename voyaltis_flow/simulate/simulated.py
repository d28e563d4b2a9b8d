"""Simulated scenarios: a conversation with a made-up rep, and how much of what they told was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any, get_args

from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.script.models import Point
from voyaltis_flow.script.scenarios import Simulated, Temperament
from voyaltis_flow.simulate.facts import Draw
from voyaltis_flow.simulate.held import BEGINNING, Held, Line, Who
from voyaltis_flow.simulate.manners import MANNERS
from voyaltis_flow.simulate.noise import Noise
from voyaltis_flow.simulate.phrases import Phrases, phrases_of
from voyaltis_flow.simulate.rep import Carriers, Rep
from voyaltis_flow.simulate.scoring import Said, Scored, scored, words_of
from voyaltis_flow.simulate.suite import Stage

TODAY = datetime.fromtimestamp(BEGINNING, UTC).date()
MOST_TURNS = 25
"""After so many turns a conversation that has not ended by itself is taken for one that never would."""
DEFAULT_CARRIERS = "sold"
DRAWN: tuple[Temperament, ...] = get_args(Temperament)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is on the line in a run: all that is drawn depends on this and on the seed."""

    scenario: int
    number: int
    language: str
    temperament: Temperament
    style: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a simulated conversation went."""

    cast: Cast
    lines: tuple[Line, ...]
    values: tuple[Scored, ...]
    told: int
    untold: int
    spent: int
    turns: int
    ended: str
    points: Mapping[str, Any]
    """What was recorded, by point."""
    digest: str
    unlike: tuple[str, ...] | None = None
    """The styles in which the same rep yielded other data; None where that was not looked at."""


def cast_of(stage: Stage, scenario: int, number: int, style: str | None = None) -> Cast:
    """Who is on the line in a scenario's run of that number: languages and temperaments take turns."""
    simulated = stage.suite.scenarios.simulated[scenario]
    languages = simulated.languages or stage.suite.flow.languages
    temperaments = simulated.temperaments or DRAWN
    return Cast(
        scenario,
        number,
        languages[number % len(languages)],
        temperaments[number // len(languages) % len(temperaments)],
        style or stage.suite.style,
    )


async def compared(stage: Stage, meeting: Meeting, responder: Responder, seed: int, noise: float) -> Meeting:
    """The same, once the conversation was held in all other styles, too."""
    casts = [replace(meeting.cast, style=style) for style in stage.suite.styles if style != meeting.cast.style]
    others = [await meet(stage, cast, responder, seed, noise) for cast in casts]
    unlike = [other.cast.style for other in others if other.points != meeting.points]
    return replace(meeting, unlike=tuple(unlike))


async def meet(stage: Stage, cast: Cast, responder: Responder, seed: int, noise: float) -> Meeting:
    """Holds the conversation. The style has no part in what is drawn."""
    suite, phrases = stage.suite, phrases_of(cast.language)
    name = f"{seed}:{suite.name}:{cast.scenario}:{cast.number}"
    rep = _rep(stage, cast, Random(name), phrases)
    channel = Noise(noise, phrases, Random(f"{name}:noise"))
    held = Held(stage.script(cast.style), responder, Who(name, cast.language, today=TODAY))
    await held.open()
    for _ in range(MOST_TURNS):
        if held.ended:
            break
        if rep.leaves:
            held.hang_up()
            break
        said = rep.answer(held.conversation.state.pending)
        await (held.silence() if said is None else held.hear(channel(said)))
    report, state = held.conversation.report(), held.conversation.state
    heard = " ".join(line.text for line in held.lines if line.speaker == "rep")
    values = tuple(scored(suite.flow, Said(rep.told, words_of(heard), rep.distractions), report))
    ended = state.ended_because or "never"
    return Meeting(
        cast,
        tuple(held.lines),
        values,
        len(rep.told),
        len(rep.untold),
        state.spent,
        state.turns,
        ended,
        report["points"],
        held.digest,
    )


def _rep(stage: Stage, cast: Cast, chance: Random, phrases: Phrases) -> Rep:
    suite, naming = stage.suite, stage.naming(cast.language)
    simulated = suite.scenarios.simulated[cast.scenario]
    draw = Draw(suite.flow, naming, phrases, chance, TODAY)
    hidden = draw.hidden(simulated)
    beside = [draw.beside(saying) for saying in simulated.distractors.variants(cast.language)]
    chance.shuffle(beside)
    carriers = _carriers(suite.flow.points, simulated, phrases)
    return Rep(suite.flow, hidden, MANNERS[cast.temperament], carriers, beside, naming, phrases, chance)


def _carriers(points: Sequence[Point], simulated: Simulated, phrases: Phrases) -> Carriers:
    own = {name: facts.sayings.variants(phrases.language) for name, facts in simulated.facts.items()}
    return {point.id: own.get(point.id) or phrases[DEFAULT_CARRIERS] for point in points}
