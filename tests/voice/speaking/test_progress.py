"""What is left of a text that a voice broke off: nothing is lost, and at most a word comes twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from livekit import rtc
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT, TimedString

from voyaltis_flow.voice.speaking.progress import CHARACTERS_PER_SECOND, Progress

TEXT = "Trois frigos et deux S25, c'est noté."
RATE = 24_000


def heard(seconds: float, words: list[TimedString] | None = None) -> rtc.AudioFrame:
    samples = round(seconds * RATE)
    frame = rtc.AudioFrame(bytes(2 * samples), RATE, 1, samples)
    frame.userdata[USERDATA_TIMED_TRANSCRIPT] = words or []
    return frame


def timed(text: str, each: float) -> list[TimedString]:
    """The words of a text, every character as long, as ElevenLabs' plugin tells them: the last one is not told."""
    words, at = [], 0
    for word in text.split(" ")[:-1]:
        at += len(word) + 1
        words.append(TimedString(f"{word} ", start_time=(at - len(word) - 1) * each, end_time=at * each))
    return words


def left(seconds: float, words: list[TimedString] | None = None) -> str:
    progress = Progress(TEXT)
    progress.hear(heard(seconds, words))
    return progress.rest


def test_nothing_was_heard_so_all_is_left() -> None:
    for text in (TEXT, "Ok", "!"):
        assert Progress(text).rest == text


def test_the_word_that_was_being_said_comes_again() -> None:
    words = timed(TEXT, each=0.1)
    assert left(0.9, words) == "frigos et deux S25, c'est noté."
    assert left(1.35, words) == "et deux S25, c'est noté."
    assert left(2.3, words) == "S25, c'est noté."


def test_a_voice_of_any_pace_is_followed_by_its_words() -> None:
    for each in (0.05, 0.1, 0.2):
        assert left(len("Trois frigos et de") * each, timed(TEXT, each)) == "deux S25, c'est noté."


def test_words_that_are_told_before_they_are_heard_do_not_count() -> None:
    progress = Progress(TEXT)
    progress.hear(heard(0.2, timed(TEXT, each=0.1)))
    assert progress.rest == TEXT


def test_what_was_said_to_its_end_leaves_nothing() -> None:
    assert left(len(TEXT) * 0.1, timed(TEXT, each=0.1)) == ""
    assert left(len(TEXT) / CHARACTERS_PER_SECOND) == ""


@given(st.lists(st.text("abcé'", min_size=1, max_size=9), min_size=1, max_size=12), st.floats(0, 1), st.booleans())
def test_what_is_left_begins_with_a_word_that_was_not_heard_whole(words: list[str], share: float, told: bool) -> None:
    text = " ".join(words)
    seconds = share * len(text) / CHARACTERS_PER_SECOND
    progress = Progress(text)
    progress.hear(heard(seconds, timed(text, 1 / CHARACTERS_PER_SECOND) if told else None))
    rest = progress.rest
    assert text.endswith(rest)
    assert rest in ("", text) or text[: -len(rest)].endswith(" ")
    if rest:
        assert len(text) - len(rest) <= seconds * CHARACTERS_PER_SECOND + 1
