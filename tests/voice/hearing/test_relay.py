"""The agent's ears, with Deepgram's plugin against a stand-in, and another recogniser behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import accumulate

from tests.standins.deepgram import Deepgram, Fault
from tests.voice.hearing.scene import AFTER, AFTER_SOUND, LINES, SAID, SOUND, Hearing, ears
from tests.voice.observer import Observed
from voyaltis_flow.speech.terms import tokens as terms_tokens
from voyaltis_flow.voice.hearing.recogniser import Tuning


async def told_as_it_is_said(flux: bool) -> Hearing:
    async with Deepgram(LINES) as api, ears(api, flux=flux) as (_, hearing):
        for sound in (SOUND, AFTER_SOUND):
            await hearing.say(sound, 0.5)
        await hearing.until(2)
    return hearing


async def test_what_is_said_is_told_once_with_its_marks() -> None:
    """Side by side, as below, since each takes the time that it takes to speak."""
    for hearing in await asyncio.gather(told_as_it_is_said(flux=False), told_as_it_is_said(flux=True)):
        assert hearing.finals == [SAID, AFTER]
        assert hearing.interims


FAULTS: Sequence[Fault] = (
    "refused",
    "rate_limited",
    "server_error",
    "no_answer",
    "mute",
    "dropped",
    "garbage",
    "no_final",
    "slow",
    "wordless",
)


async def heard_in_spite_of(fault: Fault, flux: bool) -> tuple[list[str], Observed]:
    observed = Observed()
    async with (
        Deepgram(LINES, fault=fault) as failing,
        Deepgram(LINES) as working,
        ears(failing, working, observed, flux=flux) as (_, hearing),
    ):
        for count, sound in enumerate((SOUND, AFTER_SOUND), 1):
            await hearing.say(sound, 0.5)
            await hearing.until(count)
            await hearing.say(None, 1.0)
    return hearing.finals, observed


async def test_where_a_recogniser_fails_no_word_is_lost_and_none_comes_twice() -> None:
    cases = [(fault, flux) for fault in FAULTS for flux in (False, True)]
    outcomes = await asyncio.gather(*(heard_in_spite_of(fault, flux) for fault, flux in cases))
    for case, (finals, observed) in zip(cases, outcomes, strict=True):
        assert finals == [SAID, AFTER], case
        assert ("stt", "behind") in observed.takeovers, case
        assert "deepgram" in {vendor for _, vendor, _ in observed.failures}, case


async def test_a_recogniser_that_works_again_takes_its_place_again_and_no_word_comes_twice() -> None:
    """In the first pause it is tried, beside the other and unheard; in the next one it takes over."""
    observed = Observed()
    async with (
        Deepgram(LINES, faults=["server_error"]) as failing,
        Deepgram(LINES) as working,
        ears(failing, working, observed) as (_, hearing),
    ):
        for count, sound in enumerate((SOUND, AFTER_SOUND), 1):
            await hearing.say(None, 1.4)
            await hearing.say(sound, 0.3)
            await hearing.until(count)
        assert hearing.finals == [SAID, AFTER]
        assert [vendor for vendor, _ in observed.recognitions] == ["behind", "deepgram"]


async def test_another_tuning_opens_another_line_and_loses_nothing() -> None:
    async with Deepgram(LINES) as api, ears(api) as (relay, hearing):
        await hearing.say(SOUND, 0.5)
        await hearing.until(1)
        relay.tune(Tuning(("fr", "en"), lambda budget: ("S25", "The Frame 55")))
        await hearing.say(None, 1.5)
        await hearing.say(AFTER_SOUND, 0.5)
        await hearing.until(2)
        assert hearing.finals == [SAID, AFTER]
        last = api.connections[-1]
        assert (last.option("language"), last.terms) == ("multi", ["S25", "The Frame 55"])
        assert api.connections[0].option("language") == "fr"
        assert api.connections[0].option("punctuate") == "true"


async def test_silence_tells_nothing_and_opens_no_other_line() -> None:
    observed = Observed()
    async with Deepgram(LINES[:1]) as api, Deepgram(LINES[:1]) as other, ears(api, other, observed) as (_, hearing):
        await hearing.say(None, 3.0)
        assert (hearing.finals, observed.failures, other.connections) == ([], [], [])


async def terms_told(name: str) -> list[str]:
    """Of 100,000 such names, those that the vendor was told, and went on to transcribe with."""
    names = [name.format(number, number) for number in range(100_000)]

    def terms(budget: int) -> list[str]:
        costs = accumulate(map(terms_tokens, names))
        return [name for name, cost in zip(names, costs, strict=False) if cost <= budget]

    async with Deepgram(LINES[:1]) as api, ears(api) as (relay, hearing):
        relay.tune(Tuning(("fr",), terms))
        await hearing.say(None, 1.1)
        await hearing.say(SOUND, 0.5)
        await hearing.until(1)
        assert hearing.finals == [SAID], name
        told = api.connections[-1].terms
    assert told == names[: len(told)]
    return told


async def test_key_terms_stay_below_what_the_vendor_takes() -> None:
    """Also codes, of which a vendor makes more tokens than of words. Beyond its limit it would transcribe nothing."""
    names = ("Modèle {} édition limitée", "QE{:05d}LS03", "{:05d}-{:05d}/2")
    for told in await asyncio.gather(*map(terms_told, names)):
        assert 10 < len(told) <= 100
