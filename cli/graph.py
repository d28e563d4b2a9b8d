"""`voyaltis-flow graph`: a flow as a picture, for people who discuss it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.graph import mermaid, picture, svg

from .content import flow_of, language_of, target
from .exits import Code, CommandError

FORMATS = {"mermaid": mermaid, "svg": svg}
ENDINGS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".md": "mermaid", ".txt": "mermaid"}


def graph(
    flow: Annotated[str, typer.Argument(help="A flow, by name or path.")],
    format_: Annotated[
        str | None, typer.Option("--format", help="mermaid or svg; as the output's name ends, else mermaid.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file, in place of standard output.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="The language of the flow's own words.")] = None,
) -> None:
    """Draw a flow: its points, what each may cost, and on what it depends whether it is asked."""
    chosen = format_ or (ENDINGS.get(output.suffix.lower()) if output is not None else "mermaid")
    if chosen is None:
        raise CommandError(
            Code.MISUSE, f"{output}: its name ends with {', '.join(ENDINGS)}, or --format says what it is"
        )
    if chosen not in FORMATS:
        raise CommandError(Code.MISUSE, f"--format is one of {', '.join(FORMATS)}; `{chosen}` is none of them")
    file, drawn = target("--output", output), flow_of(flow)
    text = FORMATS[chosen](picture(drawn, language_of(drawn, lang)))
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text, "utf-8")
