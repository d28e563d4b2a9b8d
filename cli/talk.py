"""`voyaltis-flow talk`: a conversation in the terminal, in which you are the rep."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import EndReason, Person
from voyaltis_flow.project import Settings
from voyaltis_flow.responders.choose import automatic
from voyaltis_flow.runtime.loop import Session
from voyaltis_flow.runtime.protocols import Responder

from .account import account
from .content import AllowHooks, language_of, name_of, responder_of, script_of, settings_of, target
from .exits import Code, CommandError, any_end_is_an_interrupt
from .terminal import Dialogue, Face, Plain


def talk(  # noqa: PLR0913, PLR0917 - each is a flag of the command
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow, by name or path.")],
    style: Annotated[str | None, typer.Option("--style", help="How the agent speaks.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="The language to begin in: fr or en.")] = None,
    responder: Annotated[
        str | None, typer.Option("--responder", help="rules, claude, replay:FILE, record:FILE or auto.")
    ] = None,
    catalog: Annotated[list[str] | None, typer.Option("--catalog", help="In place of the flow's own.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Write the report to this file.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="For pipes: a line in is a turn, a line out a sentence.")
    ] = False,
    rep: Annotated[str | None, typer.Option("--rep", help="Your name.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Where you were.")] = None,
    voice: Annotated[
        bool, typer.Option("--voice", help="Have it spoken: starts a server, an agent, and a rep made of software.")
    ] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Hold a conversation in the terminal, and print its report. Ctrl-D ends it, and so does Ctrl-C."""
    script, settings = script_of(flow, style, catalog, allow_hooks), settings_of(responder)
    language = language_of(script.flow, lang)
    target("--save", save)
    if voice:
        if plain or catalog:
            raise CommandError(Code.MISUSE, "--plain and --catalog do not go with --voice")
        _spoken()(name_of(flow), script, language, Person(name=rep), Person(name=event), responder, save)
        return
    conversation = Conversation(
        CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks),
        uuid4().hex,
        rep=Person(name=rep),
        event=Person(name=event),
        language=language,
        today=date.today(),
    )
    _say_who_speaks(settings)
    console = Console(highlight=False)
    face = Plain() if plain else Dialogue(conversation, console)
    held = Held(conversation, responder_of(settings), face, save)
    with any_end_is_an_interrupt():
        code = held.to_its_end()
    if not plain:
        console.print()
        console.print(account(conversation.script, conversation.report()))
    if code is not Code.FINE:
        raise CommandError(code)


class Held:
    """A conversation being held. However it ends, its report is written."""

    def __init__(self, conversation: Conversation, responder: Responder, face: Face, save: Path | None) -> None:
        self._conversation, self._responder, self._face, self._save = conversation, responder, face, save
        self._session = Session(conversation, responder)

    def to_its_end(self) -> Code:
        """Turn by turn; the code that the command ends with."""
        with asyncio.Runner() as runner:
            try:
                self._turns(runner)
            except EOFError:
                self._end("end_of_input")
            except KeyboardInterrupt:
                self._end("interrupted")
                return Code.INTERRUPTED
            except BrokenPipeError:
                self._end("hung_up")
                raise
            except BaseException:
                self._end("failed")
                raise
            finally:
                runner.run(self._responder.aclose())
        return Code.FINE

    def _turns(self, runner: asyncio.Runner) -> None:
        runner.run(self._responder.prepare())
        runner.run(self._face.show(self._session.open()))
        self._write()
        while not self._conversation.ended:
            runner.run(self._face.show(self._session.hear(self._face.listen())))
            self._write()

    def _end(self, because: EndReason) -> None:
        self._conversation.end(because, time.time())
        self._write()

    def _write(self) -> None:
        """The report as it stands, after every turn: it is there even if nothing comes after."""
        if self._save is not None:
            written = json.dumps(self._conversation.report(), ensure_ascii=False, indent=2) + "\n"
            if self._save.exists() and not self._save.is_file():
                self._save.write_text(written, encoding="utf-8")
                return
            fresh = self._save.resolve().with_name(self._save.name + ".new")
            fresh.write_text(written, encoding="utf-8")
            fresh.replace(self._save.resolve())


def _spoken() -> Callable[..., None]:
    """The spoken conversation, whose packages are an extra."""
    try:
        return import_module(".spoken", __package__).spoken  # type: ignore[no-any-return]
    except ModuleNotFoundError as missing:
        told = f"--voice needs {missing.name}, which is not installed: pip install 'voyaltis-flow[demo]'"
        raise CommandError(Code.LACKING, told) from missing


def _say_who_speaks(settings: Settings) -> None:
    """Where nobody chose, the choice is told."""
    if settings.responder == "auto":
        chosen = automatic(settings)
        Console(stderr=True, highlight=False).print(f"{chosen.name}: {chosen.reason}", style="dim", soft_wrap=True)
