"""What replies cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.responders.claude import DEFAULT_MODEL
from voyaltis_flow.responders.prices import PriceFileError, SpeechPrice, cost, load_prices
from voyaltis_flow.runtime.protocols import Usage

GOOD = "as_of: 2026-11-01\nmodels:\n  m-1: {input: 2, cached: 0.2, cache_write: 2.5, output: 10}\n"


def test_each_kind_of_token_has_its_price(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(GOOD)
    prices = load_prices(tmp_path / "p.yaml")
    usage = Usage("claude", "m-1", input_tokens=100, cached_tokens=1000, cache_write_tokens=200, output_tokens=50)
    assert cost(usage, prices) == pytest.approx((100 * 2 + 1000 * 0.2 + 200 * 2.5 + 50 * 10) / 1e6)


def test_the_default_model_is_priced_and_a_dated_id_is_the_same_model() -> None:
    prices = load_prices()
    assert prices.known(DEFAULT_MODEL)
    assert prices.known("claude-haiku-4-5-20251001") == prices.known("claude-haiku-4-5")
    assert prices.known("claude-sonnet-5-5") != prices.known("claude-sonnet-5")


def test_an_unknown_model_is_counted_at_the_dearest_price_so_that_a_budget_holds() -> None:
    prices = load_prices()
    assert prices.known("other-model") is None
    assert prices.of("other-model").output == max(price.output for price in prices.models.values())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("models: {", "not YAML"),
        ("", "the file: "),
        ("as_of: 2026-11-01\nmodels: {}\n", "models: "),
        (GOOD.replace("output: 10", "output: -1"), "models.m-1.output: "),
        (GOOD.replace("cached", "cash"), "models.m-1."),
        (GOOD + "speech: {deepgram: {hour: 1}}\n", "speech.deepgram.hour: "),
    ],
)
def test_a_price_file_that_is_wrong_says_where(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "p.yaml").write_text(content)
    with pytest.raises(PriceFileError) as caught:
        load_prices(tmp_path / "p.yaml")
    assert str(caught.value).startswith(f"{tmp_path}/p.yaml: {told}")


def test_speech_is_priced_beside_the_models_and_may_be_left_out(tmp_path: Path) -> None:
    assert load_prices().speech["deepgram"].minute > 0
    assert load_prices().speech["elevenlabs"].thousand_characters > 0
    (tmp_path / "p.yaml").write_text(GOOD + "speech:\n  livekit: {minute: 0.01}\n")
    assert load_prices(tmp_path / "p.yaml").speech["livekit"] == SpeechPrice(minute=0.01)
    (tmp_path / "p.yaml").write_text(GOOD)
    assert load_prices(tmp_path / "p.yaml").speech == {}


def test_a_batch_costs_its_share_of_the_price_and_all_of_it_where_none_is_told(tmp_path: Path) -> None:
    assert load_prices().batch == 0.5
    (tmp_path / "p.yaml").write_text(GOOD)
    assert load_prices(tmp_path / "p.yaml").batch == 1.0
    (tmp_path / "p.yaml").write_text(GOOD + "batch: 1.5\n")
    with pytest.raises(PriceFileError, match="batch"):
        load_prices(tmp_path / "p.yaml")
