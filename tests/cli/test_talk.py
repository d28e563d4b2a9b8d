"""`talk` in a terminal: what a person sees while talking, and when it is over."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from voyaltis_cli.exits import Code

from tests.cli.conftest import COMMAND, environment

ROOT = Path(__file__).parents[2]
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """A person at a terminal."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 80, **environ: str) -> None:
        self.process = pexpect.spawn(
            COMMAND,
            ["talk", *arguments],
            cwd=str(folder),
            env=environment(**environ),
            encoding="utf-8",
            timeout=20,
            dimensions=(40, columns),
        )

    def sees(self, text: str) -> None:
        """Waits until a text is on the screen, wherever its words are broken or coloured."""
        between = r"(?:\s|\x1b\[[0-9;?]*[a-zA-Z])*"
        self.process.expect(between.join(map(re.escape, text.split())))

    def asked(self) -> None:
        """Waits for the prompt, which comes on a line of its own."""
        self.process.expect("› ")

    def says(self, text: str) -> None:
        self.asked()
        self.process.sendline(text)

    def ends(self) -> int:
        """Waits for the end; the exit code. What was left to be seen is in `rest`."""
        self.process.expect(pexpect.EOF)
        self.rest = _CONTROL.sub("", self.process.before or "")
        self.process.close()
        return int(self.process.exitstatus or 0)


@pytest.fixture
def slow_claude() -> Iterator[dict[str, str]]:
    """The environment of a Claude that takes its time before the first word."""
    command = [sys.executable, "-m", "tests.standins.messages_api", "--first-token-ms", "8000"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield {"ANTHROPIC_API_KEY": "any", "ANTHROPIC_BASE_URL": process.stdout.readline().strip()}
    process.terminate()
    process.wait()


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_person_sees_the_reply_the_record_the_budget_and_the_report(tmp_path: Path, columns: int) -> None:
    seen = Terminal(tmp_path, "event_debrief", "--rep", "Zoé", columns=columns)
    seen.sees("Bonjour Zoé !")
    seen.sees("1/5")
    seen.says("Deux S25 et un frigo américain.")
    seen.sees("S25")
    seen.says("Ils ont adoré l'écran tactile.")
    seen.says("Rien à signaler.")
    assert seen.ends() == 0
    assert "« Deux S25 »" in seen.rest.replace("\u00a0", " ")
    assert "/5 questions" in seen.rest


def test_the_quotes_stand_beside_the_words(tmp_path: Path) -> None:
    seen = Terminal(tmp_path, "event_debrief", columns=120)
    seen.says("Deux S25.")
    seen.sees("+ 2 S25")
    seen.sees("« Deux S25 »")
    seen.sees("à voir:")
    seen.asked()
    seen.process.sendeof()
    assert seen.ends() == 0


def test_a_correction_is_told_apart(tmp_path: Path) -> None:
    seen = Terminal(tmp_path, "event_debrief", columns=120)
    seen.says("Deux S25.")
    seen.says("En fait j'ai vendu trois S25, pas deux.")
    seen.sees("~ 3 S25")
    seen.asked()
    seen.process.sendeof()
    assert seen.ends() == 0


def test_an_empty_line_is_no_turn(tmp_path: Path) -> None:
    seen = Terminal(tmp_path, "event_debrief", "--save", "r.json")
    seen.says("")
    seen.says("   ")
    seen.says("Deux S25.")
    seen.asked()
    seen.process.sendeof()
    assert seen.ends() == 0
    assert json.loads((tmp_path / "r.json").read_text())["timing"]["turns"] == 1


def test_ctrl_c_at_the_prompt_leaves_report_and_130(tmp_path: Path) -> None:
    seen = Terminal(tmp_path, "event_debrief", "--save", "r.json")
    seen.says("Deux S25.")
    seen.asked()
    seen.process.sendintr()
    assert seen.ends() == Code.INTERRUPTED
    assert "Traceback" not in seen.rest
    assert "S25" in seen.rest
    assert json.loads((tmp_path / "r.json").read_text())["ended_because"] == "interrupted"


def test_ctrl_c_in_mid_turn_keeps_what_was_said(tmp_path: Path, slow_claude: dict[str, str]) -> None:
    seen = Terminal(tmp_path, "event_debrief", "--responder", "claude", "--save", "r.json", **slow_claude)
    seen.says("Les gens étaient contents, et deux S25 de vendus.")
    seen.sees("2 S25")
    seen.process.sendintr()
    assert seen.ends() == Code.INTERRUPTED
    assert "Traceback" not in seen.rest
    report = json.loads((tmp_path / "r.json").read_text())
    assert (report["sales"], report["ended_because"]) == ({"ph-s25": 2}, "interrupted")


def test_without_colour_no_colour_is_sent(tmp_path: Path) -> None:
    seen = Terminal(tmp_path, "event_debrief", NO_COLOR="1", TERM="dumb")
    seen.sees("Bonjour !")
    seen.asked()
    assert "\x1b[3" not in (seen.process.before or "")
    seen.process.sendeof()
    assert seen.ends() == 0


def test_a_pipe_without_plain_is_told_who_speaks(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "talk", "event_debrief"],
        input="Deux S25.\n",
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "› Deux S25.\n" in done.stdout
    assert "\x1b" not in done.stdout
