"""What vendors ask for: a price file, and the cost of a reply's tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voyaltis_flow.runtime.protocols import Usage

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


SHAPE = (
    "a price file is `as_of: DATE`, `models: {ID: {input, cached, cache_write, output}}` in dollars per million tokens,"
    " `batch: SHARE` of them, and `speech: {VENDOR: {minute, thousand_characters}}` in dollars"
)


class PriceFileError(ValueError):
    """A price file can't be used. The message says where and what, for people."""


class Price(BaseModel):
    """Dollars per million tokens of one model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Dollars
    cached: Dollars
    cache_write: Dollars
    output: Dollars


class SpeechPrice(BaseModel):
    """Dollars for a minute of sound, and for a thousand characters of text. A vendor asks for one of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minute: Dollars = 0.0
    thousand_characters: Dollars = 0.0


class _PriceFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: date
    batch: Annotated[float, Field(gt=0, le=1)] = 1.0
    models: Mapping[str, Price] = Field(min_length=1)
    speech: Mapping[str, SpeechPrice] = {}


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by model and by speech vendor, as of a date. A speech vendor without a price counts as free.

    `batch` is the share of a model's price that a request costs in a batch.
    """

    as_of: date
    models: Mapping[str, Price]
    speech: Mapping[str, SpeechPrice] = field(default_factory=dict)
    batch: float = 1.0

    def known(self, model: str | None) -> Price | None:
        """The price of a model; an id with a date or a variant behind it is found by its beginning."""
        begins = [name for name in self.models if (model or "").startswith(name)]
        return self.models[max(begins, key=len)] if begins else None

    def of(self, model: str | None) -> Price:
        """The price to reckon with: the dearest one for a model that the file does not name."""
        return self.known(model) or max(self.models.values(), key=lambda price: (price.output, price.input))


def cost(usage: Usage, prices: Prices) -> float:
    """Dollars for a reply's tokens. `input_tokens` are those neither read from nor written to the cache."""
    price = prices.of(usage.model)
    millionths = (
        usage.input_tokens * price.input
        + usage.cached_tokens * price.cached
        + usage.cache_write_tokens * price.cache_write
        + usage.output_tokens * price.output
    )
    return millionths / 1_000_000


def load_prices(path: Path | None = None) -> Prices:
    """The prices of a file, or those that ship. Raises `PriceFileError`, or OSError where there is no file."""
    return _shipped() if path is None else _parse(path.read_bytes(), str(path))


@cache
def _shipped() -> Prices:
    return _parse(files(__package__).joinpath("prices.yaml").read_bytes(), "prices.yaml")


def _parse(content: bytes, where: str) -> Prices:
    try:
        parsed = _PriceFile.model_validate(yaml.safe_load(content))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PriceFileError(f"{where}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise PriceFileError(f"{where}: {place}: {first['msg']} ({SHAPE})") from None
    return Prices(parsed.as_of, parsed.models, parsed.speech, parsed.batch)
