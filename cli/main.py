"""`voyaltis-flow`: the commands, each in the module of its name, imported when it is called."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from .exits import Code, CommandError

COMMANDS = {
    "talk": "Hold a conversation in the terminal, and print its report.",
    "validate": "Find what is wrong in flows, styles and catalogs.",
    "extract": "Read recorded transcripts, and write down what each one says.",
    "diff": "Show what a changed flow or catalog would record of last month's transcripts.",
    "resolve": "Find the product that a mention means.",
    "schema": "Print the JSON Schema of a flow or of the report.",
    "reports": "List the conversations in the store, or print a report.",
    "agent": "Hold conversations in LiveKit rooms.",
    "call": "Call a running agent as a rep who says some lines.",
}
EXTRAS = {"reports": "store", "agent": "voice", "call": "offline"}
"""What a command needs beyond the package itself."""


class Deferred(TyperCommand):
    """A command of which only name and summary are known, until it is called or asked for its help."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return _load(str(self.name)).make_context(info_name, args, parent=parent, **extra)


class Commands(TyperGroup):
    """The table of commands, so that `--help` imports none of them."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        summary = COMMANDS.get(cmd_name)
        return Deferred(cmd_name, help=summary) if summary else None


PLAIN: Any = {"context_settings": {"help_option_names": ["-h", "--help"]}, "rich_markup_mode": None}
app = typer.Typer(cls=Commands, no_args_is_help=True, **PLAIN)


def main() -> None:
    """The entry point: runs a command, and turns whatever stops it into a line for people and an exit code."""
    _never_fail_on_odd_characters()
    debugging = bool(os.environ.get("VOYALTIS_DEBUG"))
    logging.basicConfig(level=logging.INFO if debugging else logging.CRITICAL)
    if not debugging:
        warnings.simplefilter("ignore")
    try:
        get_command(app)(prog_name="voyaltis-flow")
    except CommandError as error:
        sys.exit(_tell(str(error), error.code))
    except KeyboardInterrupt:
        sys.exit(Code.INTERRUPTED)
    except OSError as error:
        sys.exit(_tell(f"{error.filename or 'a file'}: {error.strerror or error}", Code.MISUSE))
    except Exception as fault:
        if debugging:
            raise
        told = f"internal fault: {type(fault).__name__}: {fault} (VOYALTIS_DEBUG=1 shows where; please report it)"
        sys.exit(_tell(told, Code.FAILED))


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version("voyaltis-flow"))
        raise typer.Exit


@app.callback()
def _options(
    show: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Conversations that a sales manager writes in YAML, and reports that can be trusted."""


def _load(name: str) -> Any:
    """The command: a function of its module's name, or a group of commands."""
    command = getattr(_module(name), name)
    lone = typer.Typer(add_completion=False, **PLAIN)
    if isinstance(command, typer.Typer):
        lone.add_typer(command, name=name)
        return get_command(lone).commands[name]  # type: ignore[attr-defined]
    lone.command(name)(command)
    return get_command(lone)


def _module(name: str) -> Any:
    try:
        return import_module(f".{name}", __package__)
    except ModuleNotFoundError as missing:
        if name not in EXTRAS:
            raise
        told = f"`{name}` needs {missing.name}, which is not installed: pip install 'voyaltis-flow[{EXTRAS[name]}]'"
        raise CommandError(Code.LACKING, told) from missing


def _tell(message: str, code: int) -> int:
    if message:
        print(f"voyaltis-flow: {message}", file=sys.stderr)
    return int(code)


def _never_fail_on_odd_characters() -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
