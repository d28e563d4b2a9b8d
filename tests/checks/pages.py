"""The pages of docs/rules as tests see them: what they say of their rule, and their examples as files.

A block marked `yaml flow`, `yaml style`, `yaml catalog` or `yaml scenarios` has keys that take the place of those of a
small one, as do the lines of a style; one marked with a path is that file; one marked `yaml` is a whole flow. A
`console` block has commands that make the files. Scenarios are of a flow with sales, feedback and a mood beside them.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).parents[2] / "docs" / "rules"
SECTIONS = ("What it does", "Why it is bad", "Example", "Use instead")

_HEADING = re.compile(r"^# (VF\d{3}): (.+)\n\n(An error|A warning)\.\n", re.MULTILINE)
_FENCE = re.compile(r"^```(\S+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^(\w+)\s*:", re.MULTILINE)

SMALL = {
    "flow": {
        "version": "version: 1",
        "flow": "flow: example",
        "notice": "notice: I'm an assistant, and I take notes.",
        "opening": "opening: What got sold?",
        "points": 'points:\n  - {id: feedback, type: text, collect: What customers said, ask: "And the customers?"}',
    },
    "style": {
        "version": "version: 1",
        "style": "style: example",
        "prompt": "prompt: Be brief.",
        "lines": """lines:
  acknowledge: "Noted, {{ items }}."
  did_not_hear: "Pardon?"
  still_there: "Still there?"
  which: "{{ mention }}, which one?"
  how_many: "How many {{ product }}?"
  confirm: "{{ product or items }}, right?"
  off_topic: "Back to your day."
  repeat: "{{ question }}"
  recap: "So: {{ items }}."
  resumed: "Let's go on."
  closing: "Thanks." """,
    },
    "catalog": {
        "version": "version: 1",
        "catalog": "catalog: example",
        "language": "language: en",
        "house_brands": "house_brands: [Velora]",
        "categories": "categories:\n  - {id: bike, label: Bike, words: [bike, bicycle]}",
        "products": "products:\n  - {id: city-7, name: Velora City 7, category: bike}",
    },
    "scenarios": {
        "version": "version: 1",
        "scenarios": "scenarios: example",
        "scripted": 'scripted:\n  - {name: a good day, steps: ["I sold two City 7."]}',
    },
}
PLACES = {"scenarios": "flows/example.scenarios.yaml"}
STAGED = """catalog: example
languages: [en]
points:
  - {id: sales, type: quantities, collect: Sales, ask: What got sold?}
  - {id: feedback, type: text, collect: What customers said, ask: "And the customers?"}
  - {id: mood, type: choice, options: [happy, tired], collect: The rep's mood}
"""


class Page(NamedTuple):
    code: str
    title: str
    severity: str
    sections: dict[str, str]


def read_page(path: Path) -> Page:
    text = path.read_text("utf-8")
    heading = _HEADING.match(text)
    assert heading, f"{path.name} begins with its code, its title and its severity"
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    severity = "error" if heading[3] == "An error" else "warning"
    return Page(heading[1], heading[2], severity, dict(zip(parts[::2], parts[1::2], strict=True)))


def write_example(example: str, folder: Path) -> Path:
    """Writes the files of an example into a project; gives the one that it is about, its first."""
    (folder / "voyaltis.yaml").write_text("")
    for kind in ("flow", "style", "catalog"):
        (folder / f"{kind}s").mkdir()
    (folder / "right.yaml").write_text(_whole("flow", ""), "utf-8")
    first = None
    for language, mark, body in _FENCE.findall(example):
        path = folder / (mark if "." in mark else PLACES.get(mark, f"{mark or 'flow'}s/example.yaml"))
        if mark == "scenarios":
            (folder / "flows" / "example.yaml").write_text(_whole("flow", STAGED), "utf-8")
            (folder / "catalogs" / "example.yaml").write_text(_whole("catalog", ""), "utf-8")
        if language == "console":
            commands = "\n".join(line.removeprefix("$ ") for line in body.splitlines())
            subprocess.run(["/bin/sh", "-ec", commands], cwd=folder, check=True)
        else:
            path.write_text(_whole(mark, body) if mark in SMALL else body, "utf-8")
        first = first or path
    assert first, "an example has a block"
    return first


def _whole(kind: str, keys: str) -> str:
    written = set(_KEY.findall(keys))
    rest = "".join(f"{text}\n" for key, text in SMALL[kind].items() if key not in written)
    return rest + keys + (_other_lines(keys) if "lines" in written else "")


def _other_lines(keys: str) -> str:
    """The lines of the small style that are not written; `lines:` is the last key."""
    lines = SMALL["style"]["lines"].splitlines()[1:]
    return "".join(f"{line}\n" for line in lines if line.partition(":")[0] not in keys)
