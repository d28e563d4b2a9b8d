"""A picture as Mermaid, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

import json

from voyaltis_flow.graph.picture import Arrow, Box, Picture

_STYLES = (
    "classDef end_ fill:#eef2ff,stroke:#4f46e5,color:#1e1b4b",
    "classDef asked fill:#ffffff,stroke:#334155,color:#0f172a",
    "classDef heard fill:#f8fafc,stroke:#94a3b8,color:#334155,stroke-dasharray:5 4",
)
_ODD = {char: f"#{ord(char)};" for char in '#"<>&`\\'}


def mermaid(picture: Picture) -> str:
    """A flowchart from top to bottom."""
    names = {box.id: f"n{number}" for number, box in enumerate(picture.boxes)}
    title = json.dumps(f"{' '.join(picture.title.split())}: {picture.budget}", ensure_ascii=False)
    return "\n".join(
        [
            f"---\ntitle: {title}\n---",
            "flowchart TD",
            *(f"  {names[box.id]}{_shape(box)}" for box in picture.boxes),
            *(f"  {_arrow(arrow, names)}" for arrow in picture.arrows),
            *(f"  {style}" for style in _STYLES),
            "",
        ]
    )


def _shape(box: Box) -> str:
    said = "<br/>".join([f"<b>{_escaped(box.title)}</b>", *map(_escaped, box.lines)])
    if box.kind == "end":
        return f'(["{said}"]):::end_'
    return f'["{said}"]:::{box.kind}'


def _arrow(arrow: Arrow, names: dict[str, str]) -> str:
    start, end = names[arrow.start], names[arrow.end]
    return f'{start} -. "{_escaped(arrow.label)}" .-> {end}' if arrow.label else f"{start} --> {end}"


def _escaped(text: str) -> str:
    return "".join(_ODD.get(char, char) for char in " ".join(text.split()))
