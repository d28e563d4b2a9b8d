"""Claude's Messages API on 127.0.0.1: streams scripted replies at a set pace, and fails in every way on demand.

python -m tests.standins.messages_api --port 8099 --first-token-ms 300 --tokens-per-second 80
ANTHROPIC_BASE_URL=http://127.0.0.1:8099 ANTHROPIC_API_KEY=any voyaltis-flow talk event_debrief --responder claude
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

from aiohttp import web

from tests.standins.message_batches import MessageBatches
from tests.standins.messages_rules import complaints, error, error_response, thinks, unwelcome

CHARACTERS_PER_TOKEN = 4
CACHEABLE_TOKENS = 512

Fault = Literal[
    "unauthorized",
    "rate_limited",
    "overloaded",
    "server_error",
    "no_answer",
    "mute",
    "stall",
    "cut",
    "ends_early",
    "error_event",
    "garbage_event",
    "refusal",
    "max_tokens",
    "invalid_json",
    "against_schema",
    "expired",
    "canceled",
]
"""The last two befall requests of a batch alone."""
ANSWERED_WITH: dict[Fault, tuple[int, str]] = {
    "unauthorized": (401, "authentication_error"),
    "rate_limited": (429, "rate_limit_error"),
    "overloaded": (529, "overloaded_error"),
    "server_error": (500, "api_error"),
}
MIDWAY: tuple[Fault, ...] = ("stall", "cut", "ends_early", "error_event", "garbage_event", "refusal", "max_tokens")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a reply comes. Tokens are of four characters; 0 tokens a second is all at once."""

    first_token_ms: float = 0.0
    tokens_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer: the text, and what goes wrong `after` that share of it."""

    text: str = ""
    fault: Fault | None = None
    after: float = 0.5
    pace: Pace | None = None
    retry_after_ms: int = 20

    def chunks(self) -> list[str]:
        """The text in tokens, up to where it goes wrong."""
        text = self.text
        if self.fault == "invalid_json":
            keys = text.split('":')
            middle = len(keys) // 2
            text = '":'.join(keys[:middle]) + '"' + '":'.join(keys[middle:])
        elif self.fault == "against_schema":
            text = json.dumps({**json.loads(text), "nextMessage": 7, "surprise": True}, ensure_ascii=False)
        elif self.fault in MIDWAY:
            text = text[: int(len(text) * self.after)]
        return [text[at : at + CHARACTERS_PER_TOKEN] for at in range(0, len(text), CHARACTERS_PER_TOKEN)]


Body = dict[str, Any]
Answering = Callable[[Body], Reply]


@dataclass
class MessagesApi:
    """A server for the time of an `async with`. `replies` are given in turn (the last one for ever), or made by a
    function of the request's body; `requests` are the bodies that came."""

    replies: Iterable[Reply] | Answering
    pace: Pace = field(default_factory=Pace)
    port: int = 0
    requests: list[Body] = field(default_factory=list)
    prepared: int = 0
    base_url: str = ""

    def __post_init__(self) -> None:
        self.batches = MessageBatches(self._result)

    async def __aenter__(self) -> Self:
        self._answer = self.replies if callable(self.replies) else _in_turn(self.replies)
        self._cached: set[str] = set()
        app = web.Application()
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_get("/v1/models/{model}", self._model)
        self.batches.add_to(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _model(self, http: web.Request) -> web.Response:
        self.prepared += 1
        name = http.match_info["model"]
        return web.json_response(
            {"type": "model", "id": name, "display_name": name, "created_at": "2026-10-07T00:00:00Z"}
        )

    async def _messages(self, http: web.Request) -> web.StreamResponse:
        if refused := unwelcome(http):
            return refused
        body = await http.json()
        self.requests.append(body)
        if complaint := next(complaints(body), None):
            return error_response(400, "invalid_request_error", complaint)
        if not body["model"].startswith("claude-"):
            return error_response(404, "not_found_error", f"model: {body['model']}")
        reply = self._answer(body)
        if reply.fault in ANSWERED_WITH:
            status, kind = ANSWERED_WITH[reply.fault]
            return error_response(status, kind, reply.fault, {"retry-after-ms": str(reply.retry_after_ms)})
        if reply.fault == "no_answer":
            await asyncio.sleep(3600)
        return await self._stream(http, body, reply)

    def _result(self, body: Body) -> Body:
        """What comes of a request in a batch: it is looked at only now, and a bad one fails alone."""
        self.requests.append(body)
        refusal = next(complaints(body), None) or ("stream: not supported in a batch" if "stream" in body else None)
        if refusal:
            return {"type": "errored", "error": error("invalid_request_error", refusal)}
        reply = self._answer(body)
        if reply.fault in ANSWERED_WITH:
            return {"type": "errored", "error": error(ANSWERED_WITH[reply.fault][1], reply.fault)}
        if reply.fault in ("expired", "canceled"):
            return {"type": reply.fault}
        chunks = reply.chunks()
        usage = {**self._usage(body), "output_tokens": len(chunks), "service_tier": "batch"}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "usage": usage}
        message |= {"content": [{"type": "text", "text": "".join(chunks)}], "stop_sequence": None}
        return {"type": "succeeded", "message": message | {"stop_reason": _stop_reason(reply.fault)}}

    async def _stream(self, http: web.Request, body: Body, reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={
                "content-type": "text/event-stream; charset=utf-8",
                "cache-control": "no-cache",
                "request-id": "req_1",
            }
        )
        due = asyncio.get_running_loop().time()
        await response.prepare(http)
        usage = self._usage(body)
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": []}
        message |= {"stop_reason": None, "stop_sequence": None, "usage": usage}
        await _event(response, "message_start", message=message)
        index = 0
        if thinks(body):
            await _thinking(response)
            index = 1
        await _event(response, "content_block_start", index=index, content_block={"type": "text", "text": ""})
        await _event(response, "ping")
        if reply.fault == "mute":
            await asyncio.sleep(3600)
        written = await self._write(response, reply, due, index)
        if not await _goes_wrong(http, response, reply.fault):
            await _close(response, reply.fault, written, index)
        return response

    async def _write(self, response: web.StreamResponse, reply: Reply, due: float, index: int) -> int:
        pace = reply.pace or self.pace
        due += pace.first_token_ms / 1000
        chunks = reply.chunks()
        for chunk in chunks:
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            await _event(response, "content_block_delta", index=index, delta={"type": "text_delta", "text": chunk})
            due += 1 / pace.tokens_per_second if pace.tokens_per_second else 0
        return len(chunks)

    def _usage(self, body: Body) -> dict[str, int]:
        """Tokens in, with a cache that holds what was marked and is long enough."""
        system = body.get("system", [])
        blocks = [{"text": system}] if isinstance(system, str) else system
        marked = "".join(block["text"] for block in blocks if "cache_control" in block)
        fresh = json.dumps([block["text"] for block in blocks if "cache_control" not in block] + body["messages"])
        kept = _tokens(marked) if _tokens(marked) >= CACHEABLE_TOKENS else 0
        read = kept if marked in self._cached else 0
        self._cached.add(marked)
        return {
            "input_tokens": _tokens(fresh) + _tokens(marked) - kept,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": kept - read,
            "output_tokens": 1,
        }


def least(schema: Any) -> Any:
    """The least document that a wire schema allows: empty lists, empty texts, null wherever it may be."""
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    options = schema.get("anyOf", [])
    if "null" in kinds or any(option.get("type") == "null" for option in options):
        return None
    if options:
        return least(options[0])
    if "object" in kinds:
        return {name: least(child) for name, child in schema.get("properties", {}).items()}
    blanks = {"array": [], "string": "", "integer": 0, "number": 0, "boolean": False}
    return blanks[kinds[0]]


TO_SAY = re.compile(r"""[«"]\s*(?P<words>[^»"]+?)\s*[»"](?:\s+asksAbout \w+ "(?P<about>[^"]+)"\.)?(?:\n|$)""")
"""A question and what it is about, or a closing, as the engine's prompts give them in French and in English."""

SENTENCES = (
    "Belle journée, tu as drôlement bien travaillé.",
    "Merci, ça va servir à toute l'équipe.",
    "Je vois très bien la situation.",
    "Voilà qui est parfaitement clair.",
    "Intéressant, je le garde dans un coin.",
)


def polite(body: Body) -> Reply:
    """An answer for any flow, that records nothing: one of `SENTENCES`, and the question or closing of the prompt."""
    document = least(body["output_config"]["format"]["schema"])
    turn = body["system"][-1]["text"] if isinstance(body.get("system"), list) else ""
    told = TO_SAY.search(turn)
    said = f"{polite_sentence(body)} {told['words']}" if told else polite_sentence(body)
    document |= {
        "nextMessage": said,
        "asksAbout": told and told["about"],
        "isComplete": bool(told and not told["about"]),
    }
    return Reply(json.dumps(document, ensure_ascii=False))


def polite_sentence(body: Body) -> str:
    """What `polite` says to a request."""
    return SENTENCES[sum(message["role"] == "user" for message in body["messages"]) % len(SENTENCES)]


def _in_turn(replies: Iterable[Reply]) -> Answering:
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


async def _goes_wrong(http: web.Request, response: web.StreamResponse, fault: Fault | None) -> bool:
    match fault:
        case "stall":
            await asyncio.sleep(3600)
        case "cut":
            assert http.transport is not None
            http.transport.abort()
        case "error_event":
            await _event(response, "error", error={"type": "overloaded_error", "message": "Overloaded"})
        case "garbage_event":
            await response.write(b"event: content_block_delta\ndata: {not json\n\n")
    return fault in ("stall", "cut", "ends_early", "error_event", "garbage_event")


async def _thinking(response: web.StreamResponse) -> None:
    """A thinking block with its text left out, as the newer models send it."""
    await _event(response, "content_block_start", index=0, content_block={"type": "thinking", "thinking": ""})
    await _event(response, "content_block_delta", index=0, delta={"type": "signature_delta", "signature": "c2ln"})
    await _event(response, "content_block_stop", index=0)


async def _close(response: web.StreamResponse, fault: Fault | None, written: int, index: int) -> None:
    await _event(response, "content_block_stop", index=index)
    delta = {"stop_reason": _stop_reason(fault), "stop_sequence": None}
    await _event(response, "message_delta", delta=delta, usage={"output_tokens": written})
    await _event(response, "message_stop")
    await response.write_eof()


def _stop_reason(fault: Fault | None) -> str:
    return fault if fault in ("refusal", "max_tokens") else "end_turn"


async def _event(response: web.StreamResponse, kind: str, **data: Any) -> None:
    line = json.dumps({"type": kind, **data}, ensure_ascii=False)
    await response.write(f"event: {kind}\ndata: {line}\n\n".encode())


def _tokens(text: str) -> int:
    return len(text) // CHARACTERS_PER_TOKEN


async def _serve(asked: argparse.Namespace) -> None:
    def answer(body: Body) -> Reply:
        said = Reply(asked.reply) if asked.reply else polite(body)
        return replace(said, fault=asked.fault)

    pace = Pace(asked.first_token_ms, asked.tokens_per_second)
    async with MessagesApi(answer, pace, asked.port) as api:
        print(api.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.messages_api", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first-token-ms", type=float, default=0.0)
    parser.add_argument("--tokens-per-second", type=float, default=0.0)
    parser.add_argument("--reply", help="the text of every reply, instead of one that fits the request")
    parser.add_argument("--fault", choices=get_args(Fault), help="what goes wrong in every reply")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
