"""A picture as SVG: the points that are asked one under the other, those that are only heard beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from voyaltis_flow.graph.picture import Arrow, Box, Picture

WIDTH, GAP, MARGIN, LINE = 330, 34, 28, 18
"""The width of a box, the space between two, around them all, and the height of a line, in pixels."""
_LETTERS = 46
"""Letters in a line of a box."""
_LANE, _HEADER = 26, 62

_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #334155 }
.title { font-weight: 600; fill: #0f172a } .head { font-size: 18px; font-weight: 600; fill: #0f172a }
.box { fill: #ffffff; stroke: #334155 } .heard { fill: #f8fafc; stroke: #94a3b8; stroke-dasharray: 5 4 }
.end { fill: #eef2ff; stroke: #4f46e5 } .arrow { fill: none; stroke: #334155 }
.when { fill: none; stroke: #b45309; stroke-dasharray: 4 3 } .tip { fill: #334155 } .whentip { fill: #b45309 }"""


@dataclass(frozen=True)
class _Placed:
    """A box, its lines as they fit into it, and where it stands."""

    box: Box
    lines: Sequence[str]
    x: float
    y: float

    @property
    def height(self) -> float:
        return LINE * (1 + len(self.lines)) + 16

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def svg(picture: Picture) -> str:
    """A drawing that needs nothing but itself."""
    conditions = [arrow for arrow in picture.arrows if arrow.label]
    left = MARGIN + _LANE * (len(conditions) + bool(conditions))
    placed = {one.box.id: one for one in _column(picture.boxes, left, heard=False)}
    placed |= {one.box.id: one for one in _column(picture.boxes, left + WIDTH + 2 * GAP, heard=True)}
    width = max(one.x for one in placed.values()) + WIDTH + MARGIN
    height = max(one.y + one.height for one in placed.values()) + MARGIN
    size = f'width="{width:g}" height="{height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {size}>',
        f"<title>{escape(picture.title)}</title><style>{_STYLE}</style>",
        f'<rect {size} fill="#ffffff"/>',
        _text(MARGIN, MARGIN + 8, picture.title, "head"),
        _text(MARGIN, MARGIN + 28, picture.budget),
        *(_down(placed[arrow.start], placed[arrow.end]) for arrow in picture.arrows if not arrow.label),
        *_around(conditions, placed, left),
        *(part for one in placed.values() for part in _drawn(one)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _column(boxes: Iterable[Box], x: float, *, heard: bool) -> Iterator[_Placed]:
    y = float(MARGIN + _HEADER)
    for box in boxes:
        if (box.kind == "heard") == heard:
            placed = _Placed(box, [part for line in box.lines for part in wrap(line, _LETTERS)], x, y)
            yield placed
            y += placed.height + GAP


def _drawn(one: _Placed) -> Iterator[str]:
    kind = {"end": "end", "asked": "box", "heard": "heard"}[one.box.kind]
    corner = 18 if one.box.kind == "end" else 6
    size = f'width="{WIDTH}" height="{one.height:g}" rx="{corner}"'
    yield f'<rect class="{kind}" x="{one.x:g}" y="{one.y:g}" {size}/>'
    yield _text(one.x + 14, one.y + 22, one.box.title, "title")
    for number, line in enumerate(one.lines, 2):
        yield _text(one.x + 14, one.y + 4 + LINE * number, line)


def _down(start: _Placed, end: _Placed) -> str:
    x, top, bottom = start.x + WIDTH / 2, start.y + start.height, end.y
    tip = f'<path class="tip" d="M{x:g} {bottom:g}l-5 -9h10z"/>'
    return f'<path class="arrow" d="M{x:g} {top:g}V{bottom - 8:g}"/>{tip}'


def _around(conditions: Sequence[Arrow], placed: Mapping[str, _Placed], left: float) -> Iterator[str]:
    """The arrows of conditions, each in a lane of its own to the left of the boxes."""
    for number, arrow in enumerate(conditions, 1):
        start, end = placed[arrow.start], placed[arrow.end]
        lane, low, high = left - _LANE * number, start.middle + 6, end.middle - 6
        hint = f"<title>{escape(arrow.end)}: {escape(arrow.label)}</title>"
        line = f'<path class="when" d="M{start.x:g} {low:g}H{lane:g}V{high:g}H{end.x - 8:g}">{hint}</path>'
        yield f'{line}<path class="whentip" d="M{end.x:g} {high:g}l-9 -5v10z"/>'


def _text(x: float, y: float, said: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:g}" y="{y:g}">{escape(said)}</text>'
