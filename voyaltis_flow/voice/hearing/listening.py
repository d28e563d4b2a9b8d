"""Who listens, and who takes over: the state behind the relay's stream.

One line is the *current* one. When it breaks, the next recogniser gets what no words were made of yet. When it says
nothing although somebody spoke, it is *late*: the next one hears the same, and whichever finds words first goes on;
only then is it known whether the late one has failed, or there were no words. A better recogniser that failed before is
on *trial* beside the current one, unheard, and takes its place in a pause once it has understood something.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from livekit import rtc
from livekit.agents import LanguageCode, stt

from voyaltis_flow.runtime.protocols import Failure
from voyaltis_flow.voice.hearing.kept import Kept
from voyaltis_flow.voice.hearing.line import TRANSCRIPTS, Line
from voyaltis_flow.voice.hearing.recogniser import Recogniser
from voyaltis_flow.voice.hearing.roster import Roster
from voyaltis_flow.voice.vendors import Observer

SETTLED = 0.8
"""Seconds of quiet in which a line may be exchanged for another: nothing is being said, and no words are under way."""
MUTE = 3.0
"""Seconds of speech in which a recogniser that tells its guesses must have told one."""
STARVED = 0.3
"""Seconds without sound, after which a microphone has been switched off."""
OVERLAP = 0.05
"""Seconds by which words may reach beyond those already told and still be the same."""

IsSpeech = Callable[[Sequence[rtc.AudioFrame]], Awaitable[bool]]

log = logging.getLogger(__name__)


class Listening:
    """Hears a stream of sound through one recogniser or another. `tell` gets what is understood, each word once;
    `unheard` is called when somebody spoke and nobody found words in it.
    """

    def __init__(
        self,
        roster: Roster,
        kept: Kept,
        observer: Observer,
        is_speech: IsSpeech,
        tell: Callable[[stt.SpeechEvent], None],
        unheard: Callable[[], None],
    ) -> None:
        self._roster, self._kept, self._observer, self._is_speech = roster, kept, observer, is_speech
        self._tell, self._unheard = tell, unheard
        self.offset = 0.0
        """Where the stream's sound begins by the session's reckoning, in seconds."""
        self.failed: Failure | None = None
        """Why nobody is listening any more: all have failed, and what was heard is kept."""
        self._current: Line | None = None
        self._late: Line | None = None
        self._trial: Line | None = None
        self._trial_due: float | None = None
        self._tried: set[Recogniser] = set()
        self._stale: set[Recogniser] = set()
        self._speaking = self._ended = self._wordless = self._worded = False
        self._heard_at = time.monotonic()
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def over(self) -> bool:
        """No more sound comes, and all that was said is told."""
        return self._ended and self._current is None and not self._late

    @property
    def _working(self) -> list[Line]:
        return [line for line in (self._current, self._late, self._trial) if line is not None]

    def begin(self) -> None:
        """Has somebody listen. What is kept from before is heard first."""
        self.failed = None
        self._tried.clear()
        self._heard_at = time.monotonic()
        if not self._succeed():
            self.failed = "unavailable"

    def hear(self, frame: rtc.AudioFrame) -> None:
        """More sound."""
        self._heard_at = time.monotonic()
        self._kept.hear(frame)
        for line in self._working:
            line.push([frame])

    def flush(self) -> None:
        """What was said so far is over."""
        for line in self._working:
            line.flush()

    def end(self) -> None:
        """No more sound is to come."""
        self._ended = True
        for line in self._working:
            line.end()

    def renew(self, recognisers: Iterable[Recogniser]) -> None:
        """These expect something else now: in the next pause their lines are opened anew."""
        self._stale.update(recognisers)

    async def tick(self) -> None:
        """To be called ten times a second: sees who is late, and exchanges lines in pauses."""
        self._fill_in()
        if self._kept.spoken and self._is_late():
            await self._doubt()
        elif not self._kept.spoken and self._kept.quiet_seconds > SETTLED and not self._ended:
            self._exchange()
        self._judge_trial()

    async def aclose(self) -> None:
        """Lets go of all lines. What no words were made of stays kept."""
        for line in self._working:
            self._close(line)
        self._current = self._late = self._trial = None
        if self._closing:
            await asyncio.wait(self._closing)

    def _open(self, recogniser: Recogniser) -> Line:
        self._stale.discard(recogniser)
        line = Line(recogniser, self.offset + self._kept.start, self._on_event, self._on_lost)
        line.push(self._kept.frames())
        if self._ended:
            line.end()
        return line

    def _close(self, line: Line) -> None:
        line.recogniser.circuit.left()
        task = asyncio.create_task(line.aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _succeed(self, after: Line | None = None) -> bool:
        """The next one listens. False where all have been tried."""
        recogniser = self._roster.next(but=self._tried)
        self._current = self._open(recogniser) if recogniser is not None else None
        if recogniser is not None and after is not None:
            log.warning("recogniser_taken_over: %s by %s", after.recogniser.vendor, recogniser.vendor)
            self._observer.took_over("stt", recogniser.vendor)
        return recogniser is not None

    def _blame(self, line: Line, failure: Failure) -> None:
        vendor = line.recogniser.vendor
        log.warning("recogniser_failed: %s: %s", vendor, failure)
        line.recogniser.circuit.failed(failure)
        self._observer.failed("stt", vendor, failure)
        self._tried.add(line.recogniser)

    def _on_lost(self, line: Line, failure: Failure | None) -> None:
        """A line has ended by itself."""
        current = line is self._current
        self._part_with(line)
        if failure is None and self._ended and not (current and self._kept.spoken):
            return
        self._blame(line, failure or "cut")
        if current and not self._succeed(after=line):
            self._current, self._late = self._late, None
            self.failed = None if self._current else failure or "cut"

    def _part_with(self, line: Line) -> None:
        if line is self._trial:
            self._trial = self._trial_due = None
        elif line is self._late:
            self._late = None
        elif line is self._current:
            self._current = None

    def _on_event(self, line: Line, event: stt.SpeechEvent) -> None:
        if event.type == stt.SpeechEventType.RECOGNITION_USAGE and event.recognition_usage:
            self._observer.used(line.recogniser.vendor, "seconds", event.recognition_usage.audio_duration)
        elif event.type == stt.SpeechEventType.FINAL_TRANSCRIPT:
            if event.alternatives and event.alternatives[0].text.strip():
                self._on_final(line, event)
        elif line is self._current:
            self._note_words(line, event)
            self._pass_on(event)

    def _note_words(self, line: Line, event: stt.SpeechEvent) -> None:
        """An utterance that ends without a word, by one that would have told it, is doubtful at once."""
        if event.type == stt.SpeechEventType.START_OF_SPEECH:
            self._wordless, self._worded = False, False
        elif event.type == stt.SpeechEventType.END_OF_SPEECH:
            self._wordless = line.recogniser.certain and not self._worded

    def _pass_on(self, event: stt.SpeechEvent) -> None:
        if event.type == stt.SpeechEventType.START_OF_SPEECH:
            if self._speaking:
                return
            self._speaking = True
        elif event.type == stt.SpeechEventType.END_OF_SPEECH:
            self._speaking = False
        elif event.type in TRANSCRIPTS and self._told_already(event):
            return
        self._tell(event)

    def _on_final(self, line: Line, event: stt.SpeechEvent) -> None:
        line.recogniser.circuit.succeeded()
        if line is self._trial:
            self._trial_due = None
            return
        self._wordless, self._worded = False, True
        if self._told_already(event):
            return
        self._settle_doubt(line)
        self._tried.clear()
        end = event.alternatives[0].end_time
        if self._kept.quiet_seconds < line.recogniser.patience:
            self._observer.recognised(line.recogniser.vendor, self._kept.quiet_seconds)
        self._kept.cover(end - self.offset if end > 0 else self._kept.before_pause())
        if self._trial is not None and not self._trial.proven and self._trial_due is None:
            self._trial_due = time.monotonic() + self._trial.recogniser.patience
        self._tell(event)

    def _told_already(self, event: stt.SpeechEvent) -> bool:
        end = event.alternatives[0].end_time if event.alternatives else 0.0
        return 0 < end <= self.offset + self._kept.covered + OVERLAP

    def _settle_doubt(self, line: Line) -> None:
        """Words were found: by the late one after all, or by the one that heard the same."""
        late, self._late = self._late, None
        if late is None:
            return
        if line is late:
            assert self._current is not None
            self._close(self._current)
            self._current = late
        else:
            self._blame(late, "stalled")
            self._observer.took_over("stt", line.recogniser.vendor)
            self._close(late)

    def _is_late(self) -> bool:
        line = self._current
        if line is None:
            return False
        if self._wordless:
            return True
        if min(self._kept.quiet_seconds, line.age) >= line.recogniser.patience:
            return True
        guesses = line.recogniser.stt.capabilities.interim_results
        return guesses and not line.understood and min(self._kept.loud_seconds, line.age) > MUTE

    async def _doubt(self) -> None:
        """Somebody spoke, it seems, and the current line has no words for it."""
        line, place, self._wordless = self._current, self._kept.covered, False
        looked_at = self._kept.at
        speech = await self._is_speech(self._kept.frames())
        if line is None or line is not self._current or place != self._kept.covered:
            return
        if not speech:
            self._kept.forget(looked_at)
            return
        self._tried.add(line.recogniser)
        if line.understood:
            self._blame(line, "stalled")
        if line.understood or self._late is not None:
            self._close(line)
        else:
            self._late = line
        if not self._succeed(after=line if line.understood else None):
            self._give_up(line.understood)

    def _give_up(self, guess: str) -> None:
        """Nobody found words. What was guessed is told; without a guess, that nothing was understood."""
        self._current, self._late = self._late, None
        at_work = self._current.recogniser if self._current else None
        self._stale.update(recogniser for recogniser in self._roster if recogniser is not at_work)
        if guess:
            end = self.offset + self._kept.at
            said = stt.SpeechData(language=LanguageCode(""), text=guess, end_time=end)
            self._tell(stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[said]))
            self._kept.forget()
        else:
            self._unheard()
            self._kept.let_go()
        if self._current is None:
            self.begin()

    def _exchange(self) -> None:
        """Nothing is being said: lines may change."""
        line = self._current
        if line is None or self._late is not None:
            return
        if self._trial is not None and self._trial.proven:
            self._current, self._trial = self._trial, None
            log.info("recogniser_back: %s", self._current.recogniser.vendor)
            self._close(line)
        elif line.recogniser in self._stale:
            self._current = self._open(line.recogniser)
            self._close(line)
        elif self._trial is not None and self._trial.recogniser in self._stale:
            trial, self._trial, self._trial_due = self._trial, None, None
            self._close(trial)
        elif self._trial is None and (better := self._roster.better(line.recogniser)):
            self._trial = self._open(better)

    def _judge_trial(self) -> None:
        if self._trial is not None and self._trial_due is not None and time.monotonic() > self._trial_due:
            trial, self._trial, self._trial_due = self._trial, None, None
            self._blame(trial, "stalled")
            self._close(trial)

    def _fill_in(self) -> None:
        """A microphone that was switched off in mid-word gives no pause to tell the word's end by: it is made."""
        starved = time.monotonic() - self._heard_at
        if self._kept.spoken and starved > STARVED and not self._ended:
            rate = self._kept.frames()[-1].sample_rate
            self.hear(rtc.AudioFrame(bytes(2 * int(rate * starved)), rate, 1, int(rate * starved)))
