"""Recording a responder, and playing the recording back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.responders.conftest import document, make_request
from tests.responders.scripted import Clock, Item, Scripted
from voyaltis_flow.engine.request import Request
from voyaltis_flow.responders.replay import Recorder, RecordingError, Replay
from voyaltis_flow.runtime.protocols import Responder, ResponderError, Restart, Usage

USAGE = Usage("claude", "claude-haiku-5-5", input_tokens=12, output_tokens=40, cost=0.0001, first_token_ms=310.0)
STREAM: list[Item] = ["{", document()[1:], USAGE]


async def gather(responder: Responder, request: Request | None = None) -> list[Item]:
    return [item async for item in responder.respond(request or make_request())]


async def test_a_recording_plays_back_what_came_part_by_part(tmp_path: Path) -> None:
    stream = ["{", Restart("cut", "rules"), *STREAM]
    assert await gather(Recorder(Scripted([*stream]), tmp_path / "run.jsonl")) == stream
    assert await gather(Replay(tmp_path / "run.jsonl")) == stream


async def test_a_failure_is_recorded_and_fails_again(tmp_path: Path) -> None:
    recorder = Recorder(Scripted(["{", ResponderError("cut", "broken")]), tmp_path / "run")
    with pytest.raises(ResponderError):
        await gather(recorder)
    reply = Replay(tmp_path / "run").respond(make_request())
    assert await anext(reply) == "{"
    with pytest.raises(ResponderError, match="broken") as caught:
        await anext(reply)
    assert caught.value.failure == "cut"


async def test_replies_to_the_same_request_are_played_in_turn_and_the_last_for_ever(tmp_path: Path) -> None:
    recorder = Recorder(Scripted(["1"], ["2"]), tmp_path / "run")
    await gather(recorder)
    await gather(recorder)
    replay = Replay(tmp_path / "run")
    assert [await gather(replay) for _ in range(3)] == [["1"], ["2"], ["2"]]


async def test_a_changed_prompt_still_finds_the_reply_to_the_same_words(tmp_path: Path) -> None:
    await gather(Recorder(Scripted(["1"]), tmp_path / "run"))
    other = replace(make_request(turn_text="Ask about: sales"), stable="Another style.", conversation="c2")
    assert await gather(Replay(tmp_path / "run"), other) == ["1"]


async def test_a_reply_to_the_very_same_prompt_is_preferred(tmp_path: Path) -> None:
    other = make_request(turn_text="Ask about: sales")
    recorder = Recorder(Scripted(["1"], ["2"]), tmp_path / "run")
    await gather(recorder)
    await gather(recorder, other)
    assert await gather(Replay(tmp_path / "run"), other) == ["2"]


@pytest.mark.parametrize("request_", [make_request(turn=1), make_request(says="rien du tout")])
async def test_a_request_that_was_never_recorded_is_told_with_its_turn(tmp_path: Path, request_: Request) -> None:
    await gather(Recorder(Scripted(["1"]), tmp_path / "run"))
    with pytest.raises(ResponderError, match=rf"run has no reply for turn {request_.turn}") as caught:
        await gather(Replay(tmp_path / "run"), request_)
    assert caught.value.failure == "unavailable"
    assert "rien" not in str(caught.value)


async def test_a_paced_replay_keeps_the_recorded_times(tmp_path: Path) -> None:
    await gather(Recorder(Scripted(["1", 0.05, "2"]), tmp_path / "run"))
    clock = asyncio.get_running_loop().time
    started = clock()
    await gather(Replay(tmp_path / "run"))
    quick, started = clock() - started, clock()
    await gather(Replay(tmp_path / "run", paced=True))
    assert quick < 0.03
    assert 0.045 < clock() - started < 0.2


async def test_a_reply_let_go_early_is_not_kept(tmp_path: Path) -> None:
    recorder = Recorder(Scripted(["1", "2"]), tmp_path / "run")
    reply = recorder.respond(make_request())
    await anext(reply)
    await reply.aclose()
    assert not (tmp_path / "run").exists()


async def test_only_its_owner_reads_a_recording_and_times_are_in_milliseconds(tmp_path: Path) -> None:
    clock = Clock()
    reply = Recorder(Scripted(["1", "2"]), tmp_path / "run", clock).respond(make_request())
    async for _ in reply:
        clock.now += 0.25
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "run").read_text())["stream"] == [[0, "1"], [250, "2"]]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"key": "k"}',
        '{"key": "k", "words": "w", "stream": [[0, 7]]}',
        '{"key": "k", "words": "w", "stream": [[0, {"usage": {"x": 1}}]]}',
        '{"key": "k", "words": "w", "stream": [], "failure": {"failure": "tired", "message": ""}}',
    ],
)
def test_a_line_that_is_no_reply_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "run").write_text('{"key": "k", "words": "w", "stream": []}\n' + line + "\n")
    with pytest.raises(RecordingError, match=r"run:2: not a recorded reply"):
        Replay(tmp_path / "run")
