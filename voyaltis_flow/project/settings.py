"""Settings: a flag wins over the environment, the environment over `voyaltis.yaml`, that over the default."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import StrictBool

from voyaltis_flow.project.errors import ContentError, NotFoundError, ProjectError
from voyaltis_flow.project.library import Library
from voyaltis_flow.project.places import Project, find_project
from voyaltis_flow.script import codes
from voyaltis_flow.script.document import SMALL, place_all
from voyaltis_flow.script.load import Read, typed
from voyaltis_flow.script.models import Node, Whole


class ProjectFile(Node):
    """What `voyaltis.yaml` may say. Keys of vendors are secrets, and have no place in it."""

    version: Literal[1] = 1
    store: str | None = None
    responder: str | None = None
    stt: str | None = None
    tts: str | None = None
    model: str | None = None
    effort: str | None = None
    prices: str | None = None
    agent: str | None = None
    whisper: str | None = None
    end_of_turn: str | None = None
    keep_days: Whole | None = None
    livekit_url: str | None = None
    anthropic_base_url: str | None = None
    deepgram_base_url: str | None = None
    elevenlabs_base_url: str | None = None
    allow_hooks: StrictBool = False


_PASSWORD = re.compile(r"://[^/@:]*:(.+)@")


def _secret() -> Any:
    return field(default=None, repr=False)


@dataclass(frozen=True)
class Settings:
    """What a run is set to. Secrets are not shown by `repr`. `auto` chooses by what is there, and says so."""

    anthropic_api_key: str | None = _secret()
    deepgram_api_key: str | None = _secret()
    elevenlabs_api_key: str | None = _secret()
    livekit_url: str | None = None
    livekit_api_key: str | None = _secret()
    livekit_api_secret: str | None = _secret()
    anthropic_base_url: str | None = None
    deepgram_base_url: str | None = None
    elevenlabs_base_url: str | None = None
    store: str | None = _secret()
    """A URL, which may hold a password."""
    responder: str = "auto"
    stt: str = "auto"
    tts: str = "auto"
    model: str | None = None
    effort: str | None = None
    prices: str | None = None
    agent: str = "voyaltis"
    whisper: str | None = None
    """The offline recogniser's model: a folder, or a faster-whisper model's name that is on this machine."""
    end_of_turn: str = "auto"
    """`model` listens for whether a sentence is over, `vad` for a pause; `auto` is the model where it is installed."""
    keep_days: int | None = None
    """Days after which a conversation is forgotten; None keeps all."""
    allow_hooks: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that may be shown nowhere, and the password that is a part of one."""
        whole = [value for each in fields(self) if not each.repr and (value := getattr(self, each.name))]
        return (*whole, *_PASSWORD.findall(self.store or ""))


_VENDORS = ("anthropic_", "deepgram_", "elevenlabs_", "livekit_")


def variable(name: str) -> str:
    """The environment variable of a setting: vendors' under their own names, ours begin with `VOYALTIS_`."""
    return name.upper() if name.startswith(_VENDORS) else f"VOYALTIS_{name.upper()}"


def read_settings(
    project: Project | None = None, environ: Mapping[str, str] = os.environ, **flags: str | bool | None
) -> Settings:
    """The settings of a run. `flags` are those of the command line; None is a flag that was not given."""
    written = _file_settings(project or find_project())
    chosen: dict[str, Any] = {}
    for setting in fields(Settings):
        name = setting.name
        if flags.get(name) is not None:
            chosen[name] = flags[name]
        elif name != "allow_hooks" and environ.get(variable(name)):
            chosen[name] = environ[variable(name)]
        elif written.get(name) is not None:
            chosen[name] = written[name]
    return Settings(**{**chosen, "keep_days": _days(chosen.get("keep_days"))})


def _days(told: str | int | None) -> int | None:
    """A number of days, from 1. Raises ProjectError for anything else."""
    if told is None or (str(told).isdecimal() and int(told) > 0):
        return None if told is None else int(told)
    raise ProjectError(f"keep_days (VOYALTIS_KEEP_DAYS) is a whole number of days from 1, not {told!r}.")


def hooks_allowed(project: Project, flag: bool | None = None) -> bool:
    """Whether flows may run Python of their authors' own: as the flag says, else the project's own file.

    A file with mistakes allows nothing; whoever needs the settings tells of the mistakes.
    """
    if flag is not None or project.file is None:
        return bool(flag)
    try:
        written = read_project_file(Library(project), project.file).value
    except NotFoundError:
        return False
    return written is not None and written.allow_hooks


def read_project_file(library: Library, path: Path) -> Read[ProjectFile]:
    """A `voyaltis.yaml`. An empty one is right: it says where the project is."""
    document = library.document(path, SMALL)
    if [mistake.code for mistake in document.mistakes] == [codes.EMPTY]:
        return Read(replace(document, mistakes=()), ProjectFile())
    return typed(ProjectFile, document)


def _file_settings(project: Project) -> dict[str, Any]:
    if project.file is None:
        return {}
    read = read_project_file(Library(project), project.file)
    if problems := place_all(read.document, read.found):
        raise ContentError(problems)
    return read.value.model_dump() if read.value else {}
