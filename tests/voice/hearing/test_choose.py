"""Whose ears listen, and that it is said what is missing where nobody's can."""

from __future__ import annotations

import pytest
from livekit.agents.utils import http_context

from tests.voice.observer import Observed
from voyaltis_flow.project import Settings
from voyaltis_flow.voice.hearing import choose
from voyaltis_flow.voice.vendors import OFFLINE, SpeechChoiceError, SpeechUnavailableError


@pytest.mark.parametrize(
    ("settings", "name", "reason"),
    [
        (Settings(), OFFLINE, "DEEPGRAM_API_KEY is not set"),
        (Settings(deepgram_api_key="k"), "deepgram", "DEEPGRAM_API_KEY is set"),
        (Settings(deepgram_api_key="k", stt="offline"), OFFLINE, "VOYALTIS_STT is set"),
        (Settings(deepgram_api_key="k", stt="deepgram:flux"), "deepgram:flux", "VOYALTIS_STT is set"),
    ],
)
def test_the_vendor_listens_whose_key_is_set_unless_one_is_named(settings: Settings, name: str, reason: str) -> None:
    assert choose.chosen(settings) == (name, reason)


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SpeechChoiceError, match="'siri' is none of auto, deepgram, deepgram:flux, offline"):
        choose.chosen(Settings(stt="siri"))


@pytest.mark.parametrize("stt", ["deepgram", "deepgram:flux"])
def test_a_named_vendor_needs_its_key(stt: str) -> None:
    with pytest.raises(SpeechUnavailableError, match=f"VOYALTIS_STT is {stt}, and DEEPGRAM_API_KEY is not set"):
        choose.chosen(Settings(stt=stt))


@pytest.mark.parametrize("stt", ["auto", "offline"])
def test_where_nothing_can_listen_the_way_out_is_told(stt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    with pytest.raises(SpeechUnavailableError, match=r"pip install 'voyaltis-flow\[offline\]'"):
        choose.chosen(Settings(stt=stt))


def test_a_vendor_alone_needs_nothing_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    assert not choose.needs_recogniser(Settings(deepgram_api_key="k"))


@pytest.mark.parametrize(("recogniser", "vendors"), [("/nowhere/socket", ["deepgram", OFFLINE]), (None, ["deepgram"])])
async def test_the_recogniser_of_this_machine_stands_behind_the_vendors(
    recogniser: str | None, vendors: list[str]
) -> None:
    async with http_context.open():
        ears = choose.ears(Settings(deepgram_api_key="k"), ("fr", "en"), recogniser, Observed())
        assert [recogniser.vendor for recogniser in ears.recognisers] == vendors
        await ears.aclose()
