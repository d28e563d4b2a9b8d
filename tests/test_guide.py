"""The guide, walked from its first line to its last in one folder: its files, its changes, its commands.

A `yaml` block is the file that its first line names; a `diff` block changes a file. A line of a `console` block that
begins with `$ ` is a command, one with `› ` is typed into it, and the others it prints, in this order. A block that is
marked `fails` ends with 1.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reports.scene import opened, order
from voyaltis_flow.engine.events import Heard
from voyaltis_flow.project import find_project, load_script
from voyaltis_flow.reports import Store

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = ["guide.md", "guide.fr.md"]
BLOCK = re.compile(r"^```(\w+)( fails)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAST_MONTH = {
    "guide.md": {
        "lyon": [
            ("opening", "Two City and a helmet."),
            ("which:helmet", "The Air."),
            ("feedback", "They found the City too heavy. We ran out of Trail by noon."),
        ],
        "nice": [("opening", "Three mountain bikes."), ("feedback", "Everybody asked for a child seat.")],
    },
    "guide.fr.md": {
        "lyon": [
            ("opening", "Deux City et un casque."),
            ("which:casque", "Le Air."),
            ("clients", "Ils ont trouvé le City trop lourd. On était en rupture de Trail dès midi."),
        ],
        "nice": [("opening", "Trois VTT."), ("clients", "Tout le monde demande un siège enfant.")],
    },
}
MARCH = 1_772_600_000.0
"""A day of March 2026."""


class Walk:
    """A manager's folder, the store of their agent, and the folder in which it runs."""

    def __init__(self, folder: Path) -> None:
        self.here, self.production = folder / "here", folder / "production"
        self.here.mkdir()
        for name in ("flows", "catalogs"):
            (self.production / name).mkdir(parents=True)
        self.environ = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PRODUCTION": str(self.production),
            "VOYALTIS_STORE": f"sqlite:///{folder / 'store.db'}",
            "PIP_NO_INDEX": "1",
        }

    def step(self, kind: str, fails: bool, text: str) -> None:
        """What a block of the guide asks for."""
        if kind == "yaml":
            (self.here / text.partition("\n")[0].removeprefix("# ")).write_text(text, "utf-8")
        elif kind == "diff":
            self._change(text)
        else:
            assert kind == "console"
            for command, said, printed in commands(text):
                self._run(command, said, printed, 1 if fails else 0)

    def _change(self, text: str) -> None:
        head, *lines = text.splitlines()
        path = self.here / head.removeprefix("--- ")
        gone, new = ("".join(f"{line[1:]}\n" for line in lines if line[0] == sign) for sign in "-+")
        before = path.read_text("utf-8")
        assert before.count(gone) == 1
        path.write_text(before.replace(gone, new), "utf-8")

    def _run(self, command: str, said: str, printed: list[str], code: int) -> None:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.here,
            env=self.environ,
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
        lines = iter(done.stdout.replace("\u00a0", " ").splitlines())
        for line in map(str.strip, printed):
            assert any(line in found for found in lines), (
                f"{command} does not print, in its turn: {line}\n{done.stdout}"
            )


def commands(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """The commands of a block, each with what is typed and what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *rest = part.splitlines()
        said = "".join(f"{line[2:]}\n" for line in rest if line.startswith("› "))
        yield command, said, [line for line in rest if not line.startswith("› ")]


async def _fill(store: Store, flow: str, language: str, conversations: dict[str, list[tuple[str, str]]]) -> None:
    for number, (name, turns) in enumerate(conversations.items()):
        lease = await store.take(order(name), name)
        begun = replace(opened(name), flow=flow, language=language, at=MARCH + number)
        said = [Heard(at=MARCH, turn=turn, text=words, asked=asked) for turn, (asked, words) in enumerate(turns)]
        await store.append(lease, [begun, *said])
        await store.release(lease)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_leads_to_a_changed_flow_in_production(guide: str, tmp_path: Path) -> None:
    walk = Walk(tmp_path)
    text = (DOCS / guide).read_text("utf-8")
    flow = next(iter(re.findall(r"^flow: (\w+)", text, re.MULTILINE)))
    store = Store.open(walk.environ["VOYALTIS_STORE"])
    asyncio.run(_fill(store, flow, "fr" if ".fr" in guide else "en", LAST_MONTH[guide]))
    store.close()
    blocks = BLOCK.findall(text)
    for kind, fails, block in blocks:
        walk.step(kind, bool(fails), block)
        for catalog in (walk.here / "catalogs").glob("*.yaml") if (walk.here / "catalogs").is_dir() else ():
            shutil.copy(catalog, walk.production / "catalogs")
    live = load_script(flow, project=find_project(walk.production)).flow
    assert [point.type for point in live.points] == ["quantities", "text", "list"]
    assert len(blocks) >= 12


def test_both_languages_go_the_same_way() -> None:
    ways = []
    for guide in GUIDES:
        blocks = BLOCK.findall((DOCS / guide).read_text("utf-8"))
        ways.append([(kind, fails, len(block.splitlines())) for kind, fails, block in blocks])
    assert ways[0] == ways[1]
