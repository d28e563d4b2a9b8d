"""Sound as numbers: mono, 16 bits, at a sample rate."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.int16]

AUDIBLE = 200
"""The least amplitude, of 32,767, that counts as sound."""
EDGE_SECONDS = 0.01
"""What is left of the silence at either end."""
_UNSIGNED = 1
"""Bytes of a sample that WAV files write without a sign."""


class SoundFileError(ValueError):
    """A file that is no sound that can be read. The message says which, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Samples of one channel, `rate` of them a second."""

    samples: Samples
    rate: int

    @classmethod
    def of(cls, content: bytes, rate: int) -> Pcm:
        """The sound of little-endian 16-bit samples; half a sample at the end is left out."""
        return cls(np.frombuffer(content[: len(content) // 2 * 2], "<i2").astype(np.int16), rate)

    @property
    def content(self) -> bytes:
        """Little-endian 16-bit samples."""
        return self.samples.astype("<i2").tobytes()

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    def at(self, rate: int) -> Pcm:
        """The same sound at another sample rate."""
        if rate == self.rate:
            return self
        return Pcm(np.asarray(soxr.resample(self.samples, self.rate, rate), np.int16), rate)

    def trimmed(self) -> Pcm:
        """Without the silence at both ends; of silence, nothing is left."""
        places = np.flatnonzero(np.abs(self.samples.astype(np.int32)) > AUDIBLE)
        if not places.size:
            return Pcm(self.samples[:0], self.rate)
        edge = int(EDGE_SECONDS * self.rate)
        return Pcm(self.samples[max(0, places[0] - edge) : places[-1] + edge + 1], self.rate)


def read_wav(path: Path) -> Pcm:
    """The sound of a WAV file with samples of 8 to 32 bits; several channels are mixed. Raises SoundFileError."""
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise SoundFileError(f"{path} is no WAV file that can be read: {why}") from None
    if not rate or not channels:
        raise SoundFileError(f"{path} is no WAV file that can be read: it has no channel, or no sample rate")
    whole = len(content) // (width * channels) * width * channels
    mixed = _numbers(content[:whole], width).reshape(-1, channels).mean(axis=1)
    return Pcm(np.clip(np.round(mixed), -32768, 32767).astype(np.int16), rate)


def write_wav(path: Path, pcm: Pcm) -> None:
    """Writes a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(pcm.rate)
        file.writeframes(pcm.content)


def _numbers(content: bytes, width: int) -> NDArray[np.float64]:
    """Samples of any width as numbers between -32,768 and 32,767."""
    octets = np.frombuffer(content, np.uint8).reshape(-1, width)
    if width == _UNSIGNED:
        return (octets[:, 0].astype(np.float64) - 128) * 256
    high = octets[:, -1].astype(np.int8).astype(np.float64) * 256
    return high + octets[:, -2]
