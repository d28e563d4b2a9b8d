"""`extract --responder claude --batch`: a month of transcripts, for half the price, in a run that can be stopped."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from voyaltis_cli.exits import Code

from tests.cli.conftest import COMMAND, Run, environment
from tests.cli.test_extract import TRANSCRIPTS, rows_of, write
from tests.standins.messages_api import Body, MessagesApi, Reply, polite

COMMAND_LINE = ("extract", "--flow", "event_debrief", "--input", "in.jsonl", "--output", "out.jsonl")
BATCH = (*COMMAND_LINE, "--responder", "claude", "--batch")


@contextmanager
def serving(api: MessagesApi) -> Iterator[dict[str, str]]:
    """The stand-in in a thread of its own; the environment that leads to it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(api.__aenter__(), loop).result(5)
    try:
        yield {"ANTHROPIC_API_KEY": "any", "ANTHROPIC_BASE_URL": api.base_url}
    finally:
        asyncio.run_coroutine_threadsafe(api.__aexit__(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def listening(body: Body) -> Reply:
    """A model that hears a mood: where the rep says they loved it, it claims that they are satisfied."""
    said = body["messages"][-1]["content"]
    reply = json.loads(polite(body).text)
    if "adoré" in said:
        reply["extractedData"]["customer_feedback"] = {"value": "adoré l'image", "quote": "Ils ont adoré l'image."}
    return Reply(json.dumps(reply, ensure_ascii=False))


def without_keys(path: Path) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != "reading"} for row in rows_of(path)]


def test_a_batch_writes_what_the_same_command_writes_without_it_and_leaves_nothing_beside(
    flow: Run, tmp_path: Path
) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    api = MessagesApi(listening)
    with serving(api) as environ:
        streamed = flow(*COMMAND_LINE, "--responder", "claude", **environ)
        at_once = (tmp_path / "out.jsonl").read_bytes()
        (tmp_path / "out.jsonl").unlink()
        done = flow(*BATCH, **environ)
    assert (streamed.returncode, done.returncode) == (0, 0), done.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == at_once
    assert [len(batch.requests) for batch in api.batches.sent] == [2, 2, 1]
    assert "3 read" in done.stderr
    assert "for $0." in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_stopped_run_goes_on_with_the_batch_that_is_under_way(flow: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    api = MessagesApi(listening)
    api.batches.looks = 10_000
    with serving(api) as environ:
        process = subprocess.Popen(
            [COMMAND, *BATCH], cwd=tmp_path, env=environment(**environ), stderr=subprocess.PIPE, text=True
        )
        while not any(batch.looks for batch in api.batches.sent):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        assert process.returncode == Code.INTERRUPTED
        assert "goes on from here" in told
        assert "Traceback" not in told
        api.batches.looks = 1
        done = flow(*BATCH, **environ)
    assert done.returncode == 0, done.stderr
    assert [len(batch.requests) for batch in api.batches.sent] == [2, 2, 1]
    assert [row["id"] for row in rows_of(tmp_path / "out.jsonl")] == ["fr-1", "en-1", 3]


def test_what_fails_for_good_is_read_by_the_rules_told_and_tried_again_alone(flow: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    refused = True

    def answer(body: Body) -> Reply:
        english = any("Three S25" in message["content"] for message in body["messages"])
        return replace(listening(body), fault="refusal" if refused and english else None)

    api = MessagesApi(answer)
    with serving(api) as environ:
        done = flow(*BATCH, **environ)
        assert done.returncode == Code.FAILED
        assert "2 replies failed (refused 2)" in done.stderr
        assert rows_of(tmp_path / "out.jsonl")[1]["sales"] == {"ph-s25-ultra": 3, "bg-ring": 2}
        refused, sent = False, len(api.batches.sent)
        again = flow(*BATCH, **environ)
    assert again.returncode == 0, again.stderr
    assert "1 read" in again.stderr
    assert sum(len(batch.requests) for batch in api.batches.sent[sent:]) == 2
    assert [row["id"] for row in rows_of(tmp_path / "out.jsonl")] == ["fr-1", "en-1", 3]


def test_a_service_that_refuses_the_key_ends_the_run_in_words(flow: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    api = MessagesApi(listening)
    api.batches.faults = [401]
    with serving(api) as environ:
        done = flow(*BATCH, **environ)
    assert done.returncode == Code.FAILED
    assert "does not accept the key" in done.stderr
    assert "the same command goes on from here" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((*COMMAND_LINE, "--batch"), Code.MISUSE, "--responder claude"),
        ((*COMMAND_LINE, "--batch", "--responder", "rules"), Code.MISUSE, "--responder claude"),
        (BATCH, Code.LACKING, "ANTHROPIC_API_KEY is not set"),
    ],
)
def test_a_batch_needs_claude_and_a_key(
    flow: Run, tmp_path: Path, arguments: tuple[str, ...], code: Code, told: str
) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    done = flow(*arguments)
    assert done.returncode == code
    assert told in done.stderr
