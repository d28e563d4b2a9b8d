"""What a command is given by name, ready to use; what can't be had ends the command with words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.project import (
    ContentError,
    ProjectError,
    Script,
    Settings,
    find_project,
    kind_named,
    load_catalog,
    load_flow,
    load_script,
    read_settings,
)
from voyaltis_flow.project.places import SUFFIXES, is_path
from voyaltis_flow.project.validation import kind_at
from voyaltis_flow.responders.choose import ResponderChoiceError, ResponderUnavailableError, batched, choose
from voyaltis_flow.responders.claude import BatchedClaude
from voyaltis_flow.responders.prices import PriceFileError
from voyaltis_flow.responders.replay import RecordingError
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.script.load import Kind
from voyaltis_flow.script.models import Catalog, Flow
from voyaltis_flow.simulate.suite import Suite, suites_of

from .exits import Code, CommandError

AllowHooks = Annotated[bool | None, typer.Option("--allow-hooks", help="Let flows run Python of their authors' own.")]
"""The flag of every command that runs a flow; not given, `allow_hooks:` of voyaltis.yaml decides."""


def script_of(flow: str, style: str | None, catalogs: Sequence[str] | None, allow_hooks: bool | None = None) -> Script:
    """A flow with its style and catalogs, by name or path."""
    with _told_to_people():
        return load_script(flow, style, catalogs or None, allow_hooks=allow_hooks)


def kind_of(name: str) -> Kind:
    """Whether a name or a path is a flow, a style or a catalog."""
    with _told_to_people():
        return kind_named(name)


def flow_of(name: str, allow_hooks: bool | None = None) -> Flow:
    """A flow, by name or path."""
    with _told_to_people():
        return load_flow(name, allow_hooks=allow_hooks).value


def language_of(flow: Flow, lang: str | None) -> str:
    """The language to begin in: the one that the flag names, or the flow's first."""
    if lang is not None and lang not in flow.languages:
        told = f"--lang is one of {', '.join(flow.languages)}; `{lang}` is none of them"
        raise CommandError(Code.MISUSE, told)
    return lang or flow.languages[0]


def name_of(flow: str) -> str:
    """The name by which an agent finds a flow; a path will do where it is the file of that name."""
    if not is_path(flow):
        return flow
    path, project = Path(flow).resolve(), find_project()
    if path.stem in project.names("flow") and project.find("flow", path.stem).resolve() == path:
        return path.stem
    way_out = f"put it into flows/ where the agent runs, and say `{path.stem}`"
    raise CommandError(Code.MISUSE, f"{flow}: an agent finds flows by their names; {way_out}")


def target(flag: str, path: Path | None, *, content: bool = False) -> Path | None:
    """A file that a flag names, and that can be written when the time comes.

    Flows, styles and catalogs are never written over by what is no `content` itself.
    """
    if path is None:
        return None
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise CommandError(Code.MISUSE, f"{flag} {path}: a file in a folder that exists, please")
    if not content and path.is_file() and path.suffix.lower() in SUFFIXES and kind_at(path) is not None:
        raise CommandError(Code.MISUSE, f"{flag} would overwrite {path}, which is content; name another file")
    return path


def catalogs_of(names: Sequence[str]) -> list[Catalog]:
    """Catalogs, by name or path."""
    with _told_to_people():
        return [load_catalog(name).value for name in names]


def suites_named(flows: Sequence[str], allow_hooks: bool | None = None) -> list[Suite]:
    """The scenarios of flows, by name or path; of all flows that have any where none is named."""
    with _told_to_people():
        return suites_of(list(flows), allow_hooks=allow_hooks)


def settings_of(responder: str | None = None, agent: str | None = None) -> Settings:
    """The settings, with what flags say put before them."""
    with _told_to_people():
        return read_settings(responder=responder, agent=agent)


def responder_of(settings: Settings) -> Responder:
    """The responder that the settings name."""
    with _told_to_people():
        return choose(settings.responder, settings)


def batched_responder_of(settings: Settings, kept: Path, tell: Callable[[str], None]) -> BatchedClaude:
    """A Claude that is asked in batches; `kept` is the file of what came."""
    with _told_to_people():
        return batched(settings, kept, tell)


@contextmanager
def _told_to_people() -> Iterator[None]:
    try:
        yield
    except ContentError as error:
        raise CommandError(Code.FAILED, f"the content has errors\n{error}") from error
    except ProjectError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    except ResponderUnavailableError as error:
        raise CommandError(Code.LACKING, str(error)) from error
    except (ResponderChoiceError, PriceFileError, RecordingError) as error:
        raise CommandError(Code.MISUSE, str(error)) from error
