"""One utterance to words, with the model in this process. Imports what is heavy: for the recogniser's process alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer

from voyaltis_flow.language.lexicon import available_languages, language_data
from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.speech.whisper import misheard
from voyaltis_flow.speech.whisper.counts import counted
from voyaltis_flow.speech.whisper.likeness import likest
from voyaltis_flow.speech.whisper.transcript import believed, cleaned, goes_round

RATE = 16_000
WINDOW_SECONDS = 30.0
"""What the model hears at a time; longer utterances are heard in pieces."""
PAD_SECONDS = 4.0
"""Silence after an utterance: the model is quicker with little, and says short ones twice with less than this."""
FRAME = RATE // 100
BEAM = 5
LONGEST_REPEAT = 4
"""Pieces of words in a row that may not come again in a text: short sounds make the model go round without it."""
PROMPT_TOKENS = 220
"""Of names that may come up; the model has room for 224."""
NAMES = 14
"""How many names the model is shown: with a whole catalog it begins to say names that nobody said."""
SURE = 0.8
"""How likely, among the languages that may be spoken, another than the first has to be."""
MOST_TOKENS = 224
"""Of a text: far more than anybody says in half a minute."""
UNALIGNED_FRAMES = 2
"""Where a text's words are in the sound is not asked, only how likely they are."""
LEAST_LIKELY = 1e-9


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance says, in which language; "" when nobody spoke. `likelihood` is the mean log probability."""

    text: str
    language: str
    likelihood: float


class Model:
    """A Whisper model. Hears one utterance at a time."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self._words = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._features = FeatureExtractor()
        self._tokenizers: dict[str, Tokenizer] = {}

    def hear(self, pcm: Pcm, languages: Sequence[str], terms: Sequence[str] = (), aliases: Sequence[str] = ()) -> Heard:
        """The words of a sound, which is in one of these languages, the first of them as a rule.

        Of the terms, names that may come up, the model is shown a few. The aliases are what else they are called.
        """
        samples = pcm.at(RATE).samples.astype(np.float32) / 32768
        window = int(WINDOW_SECONDS * RATE)
        heard: list[Heard] = []
        for start in range(0, max(1, len(samples)), window):
            settled = [heard[0].language] if heard and heard[0].text else languages
            heard.append(self._window(samples[start : start + window], settled, terms, aliases))
        said = [part for part in heard if part.text]
        if not said:
            return heard[0]
        likelihood = sum(part.likelihood for part in said) / len(said)
        return Heard(" ".join(part.text for part in said), said[0].language, likelihood)

    def _window(
        self, samples: np.ndarray, languages: Sequence[str], terms: Sequence[str], aliases: Sequence[str]
    ) -> Heard:
        encoded, seconds = self._encoded(samples, PAD_SECONDS), len(samples) / RATE
        language = self._language(encoded, languages)
        terms, aliases = (terms, aliases) if language in available_languages() else ((), ())
        heard, silence = self._written(encoded, language, (), beam=1 if terms else BEAM)
        if terms and believed(heard.text, heard.likelihood, silence):
            named = likest(heard.text, terms, NAMES)
            heard, silence = self._written(encoded, language, named)
        if goes_round(heard.text, seconds):
            heard, silence = self._written(self._encoded(samples, WINDOW_SECONDS), language, ())
        text = cleaned(heard.text)
        if not believed(text, heard.likelihood, silence) or goes_round(text, seconds):
            return Heard("", language, heard.likelihood)
        names = (*terms, *aliases)
        return Heard(counted(self._named(encoded, text, language, names), language, names), language, heard.likelihood)

    def _encoded(self, samples: np.ndarray, pad: float) -> ctranslate2.StorageView:
        seconds = min(WINDOW_SECONDS, len(samples) / RATE + pad)
        length = int(seconds * 50) * 2 * FRAME
        padded = np.pad(samples, (0, max(0, length - len(samples))))[:length]
        features = self._features(padded)[:, : length // FRAME]
        return self._model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None], np.float32)))

    def _language(self, encoded: ctranslate2.StorageView, languages: Sequence[str]) -> str:
        """The first of these unless another one is far likelier, from what was encoded already."""
        if len(languages) == 1:
            return languages[0]
        found = dict(self._model.detect_language(encoded)[0])
        likely = {language: found.get(f"<|{language}|>", 0.0) for language in languages}
        best = max(likely, key=likely.__getitem__)
        return best if likely[best] > SURE * sum(likely.values()) else languages[0]

    def _written(
        self, encoded: ctranslate2.StorageView, language: str, names: Sequence[str], beam: int = BEAM
    ) -> tuple[Heard, float]:
        """The words, of which these names are likely; and how likely it is that nobody spoke."""
        tokenizer = self._tokenizer(language)
        begin = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if names:
            begin = [tokenizer.sot_prev, *tokenizer.encode(f" {_shown(names, language)}")[-PROMPT_TOKENS:], *begin]
        result = self._model.generate(
            encoded,
            [begin],
            beam_size=beam,
            no_repeat_ngram_size=LONGEST_REPEAT,
            max_length=len(begin) + MOST_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = tokenizer.decode(result.sequences_ids[0]).strip()
        return Heard(text, language, result.scores[0]), result.no_speech_prob

    def _named(self, encoded: ctranslate2.StorageView, text: str, language: str, names: Sequence[str]) -> str:
        """The text with the names that words of it sound like, where the sound bears them out."""
        swaps = misheard.swaps(text, language, names)
        if not swaps:
            return text
        plain = self._likelihood(encoded, text, language)
        gains = {swap: self._likelihood(encoded, swap.made(text), language) - plain + swap.worth for swap in swaps}
        return misheard.made(text, sorted((swap for swap in swaps if gains[swap] > 0), key=lambda swap: -gains[swap]))

    def _likelihood(self, encoded: ctranslate2.StorageView, text: str, language: str) -> float:
        """The log probability that the sound says this text."""
        tokenizer = self._tokenizer(language)
        written = [*tokenizer.encode(f" {text}"), tokenizer.eot]
        aligned = self._model.align(
            encoded, [*tokenizer.sot_sequence, tokenizer.no_timestamps], [written], [UNALIGNED_FRAMES]
        )
        return float(np.log(np.maximum(aligned[0].text_token_probs, LEAST_LIKELY)).sum())

    def _tokenizer(self, language: str) -> Tokenizer:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(self._words, True, task="transcribe", language=language)
        return self._tokenizers[language]


def _shown(names: Sequence[str], language: str) -> str:
    """Names as people say them, the first ones with a number before them."""
    counted = [*names, *names, *names, *names][:4]
    return str(language_data(language, "speech")["names"]).format(*counted, rest=", ".join(names[4:] or names[:1]))
