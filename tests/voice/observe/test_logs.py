"""No word of a rep's and no secret leaves the process, by logs or traces, whatever anybody logs, prints or raises."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.voice.observe.collector import Collector, collecting
from voyaltis_flow.voice.observe.logs import JsonLines
from voyaltis_flow.voice.observe.sources import place_of, said_at
from voyaltis_flow.voice.observe.tracing import ENDPOINT, trace_process

WORDS = ("zinfandel", "quokka")
KEY = "canary-key-7f3a"


@dataclass
class Leaks:
    """What a process that babbles lets out, and what it was told."""

    printed: str
    errors: str
    raw: str
    collector: Collector

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.errors.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"].startswith(logger)]


async def _babble(raw: Path) -> Leaks:
    async with collecting() as collector:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.voice.observe.babble", " ".join(WORDS), KEY, str(raw)),
            env={**os.environ, ENDPOINT: collector.url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    return Leaks(printed.decode(), errors.decode(), raw.read_text("utf-8"), collector)


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> Leaks:
    return asyncio.run(_babble(tmp_path_factory.mktemp("babble") / "raw.txt"))


@pytest.mark.parametrize("logger", ["livekit.agents", "aiohttp.access", "sqlalchemy.engine", "library", "py.warnings"])
def test_the_words_were_logged(leaks: Leaks, logger: str) -> None:
    told = [line for line in leaks.raw.splitlines() if line.startswith(logger)]
    assert any(WORDS[0] in line for line in told)
    assert leaks.of(logger)


def test_no_word_and_no_key_reaches_standard_error_or_output(leaks: Leaks) -> None:
    assert leaks.printed == ""
    for secret in (*WORDS, KEY):
        assert secret not in leaks.errors.lower()


def test_every_line_is_an_object_that_says_when_what_and_where(leaks: Leaks) -> None:
    for line in leaks.lines:
        assert {"time", "level", "logger", "event", "process"} <= line.keys()
    assert {"conversation": "c1", "room": "room-1", "job": "J1"}.items() <= leaks.of("livekit.agents")[0].items()


def test_of_a_library_its_place_and_its_constants_are_told(leaks: Leaks) -> None:
    told = [line.get("reason") for line in leaks.of("library")]
    assert told == [
        "a constant, and %s",
        None,
        None,
        "a constant",
        "%d of them",
        "a constant of log()",
        "it failed: %s",
    ]
    heard = [line for line in leaks.of("livekit.agents") if line.get("reason") == "received user transcript"]
    assert heard[0]["at"].startswith("livekit/agents/voice/audio_recognition.py:")


def test_a_fault_is_told_by_its_kind_and_its_way(leaks: Leaks) -> None:
    faults = {line["event"]: line["fault"] for line in leaks.of("voyaltis_flow") if "fault" in line}
    assert faults.keys() == {"fault", "fault_in_thread", "fault_passed_over", "job_failed"}
    assert {fault["type"] for fault in faults.values()} == {"builtins.ValueError"}
    assert faults["fault"]["through"][-1].startswith("voice/observe/babble.py:")
    assert [line["fault"]["type"] for line in leaks.of("library") if "fault" in line] == ["builtins.ValueError"]


def test_what_we_log_ourselves_is_told_but_for_secrets(leaks: Leaks) -> None:
    [shown] = [line for line in leaks.of("voyaltis_flow") if line["event"] == "key_shown"]
    assert (shown["level"], shown["reason"]) == ("ERROR", "***")
    [heard] = leaks.of("voyaltis_flow.voice") and [line for line in leaks.lines if line["event"] == "words_heard"]
    assert heard["reason"] == "2"


def test_traces_have_the_conversation_and_livekits_pipeline_without_a_word(leaks: Leaks) -> None:
    spans = {span.name: span for span in leaks.collector.spans}
    assert {"conversation", "turn", "agent_session", "user_turn", "agent_turn"} <= spans.keys()
    for body in leaks.collector.bodies:
        for secret in (*WORDS, KEY):
            assert secret.encode() not in body.lower()
    turn, conversation = spans["turn"], spans["conversation"]
    assert turn.parent_span_id == conversation.span_id
    assert (turn.start_time_unix_nano, turn.end_time_unix_nano) == (100_000_000_000, 100_700_000_000)
    assert {"voyaltis.first_sound", "voyaltis.turn_ended"} <= {attribute.key for attribute in turn.attributes}


def test_nothing_is_sent_anywhere_unless_it_was_asked_for() -> None:
    assert trace_process({}) is False


def test_a_secret_within_another_is_blotted_out_with_it_and_a_tiny_one_is_none() -> None:
    line = JsonLines(["word", "password", "a"])
    record = logging.LogRecord("voyaltis_flow", logging.INFO, "x.py", 1, "told: password, word, a", (), None)
    assert json.loads(line.format(record))["reason"] == "***, ***, a"


def test_a_message_is_found_in_the_source_where_it_is_a_constant(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text(
        'log.info("one")\n'
        "log.warning(\n"
        '    "two "\n'
        '    "lines",\n'
        "    extra={},\n"
        ")\n"
        'log.error(f"three {x}")\n'
        'log.log(level, "four", log.debug(five))\n'
        'print("six")\n'
    )
    assert [said_at(str(source), line) for line in range(1, 11)] == [
        "one",
        *["two lines"] * 5,
        None,
        "four",
        None,
        None,
    ]
    assert said_at(str(tmp_path / "none.py"), 1) is None


def test_a_place_is_told_without_where_it_is_installed() -> None:
    assert (
        place_of("/home/marie/.venv/lib/python3.11/site-packages/livekit/agents/job.py", 7) == "livekit/agents/job.py:7"
    )
    assert place_of("/usr/lib/python3.11/asyncio/events.py", 7).endswith("asyncio/events.py:7")
    assert place_of("/home/marie/ours/voyaltis_flow/voice/job.py", 7) == "voyaltis_flow/voice/job.py:7"
