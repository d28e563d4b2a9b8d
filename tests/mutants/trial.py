"""One trial: a process of its own in which a module is another one than on disk, and what `simulate` says of that."""

from __future__ import annotations

import importlib.abc
import importlib.util
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from tests.mutants.changes import Mutant

ROOT = Path(__file__).parents[2]
UNNOTICED, BY_FIGURES, EXACTLY = 0, 1, 2
"""Nothing was noticed; scripts or figures failed; only `--exact` failed."""
SECONDS = 120
"""A mutant that takes longer is one that never ends, and that anybody would notice."""


def noticed(mutant: Mutant | None, baselines: Path, *, scripts_only: bool = False) -> int:
    """What `simulate` says with this mutant in place. Without one, it writes the baselines that it is held to."""
    process = multiprocessing.get_context("fork").Process(target=_trial, args=(mutant, baselines, scripts_only))
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode if process.exitcode in (UNNOTICED, EXACTLY) else BY_FIGURES


def _trial(mutant: Mutant | None, baselines: Path, scripts_only: bool) -> NoReturn:
    """Ends with what was noticed; a crash is noticed by anybody."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    assert not any(name.startswith("voyaltis_flow.") for name in sys.modules), "it would run as it is on disk"
    if mutant is not None:
        sys.meta_path.insert(0, _Instead(_name(mutant.path), mutant.source))
    from tests.mutants.judge import judge  # noqa: PLC0415 - the product is imported with the mutant in place

    os._exit(judge(baselines, anew=mutant is None, scripts_only=scripts_only))


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from another source than its file."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        file = ROOT / Path(*fullname.split(".")).with_suffix(".py")
        return importlib.util.spec_from_file_location(fullname, file, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, str(module.__file__), "exec"), module.__dict__)
