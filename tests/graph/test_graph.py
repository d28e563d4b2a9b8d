"""The picture of a flow: all that it asks and what it costs, well-formed whatever the flow says."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from voyaltis_flow.graph import Arrow, mermaid, picture, svg
from voyaltis_flow.project import load_flow
from voyaltis_flow.script.models import Flow

ODD = "\"<b>&amp;#'`{}[]()|\\é\n --> end; %% "
SVG = "{http://www.w3.org/2000/svg}"


def flow(**more: object) -> Flow:
    points = [
        {
            "id": "sales",
            "type": "quantities",
            "collect": "What was sold",
            "ask": "What?",
            "required": True,
            "questions": 2,
        },
        {"id": "mood", "type": "choice", "collect": "The mood", "options": ["a", "b"], "default": "b"},
        {"id": "why", "type": "text", "collect": ODD, "ask": "Why?", "when": "mood == 'a' and points.sales|length > 1"},
    ]
    written = {"version": 2, "flow": "f", "opening": "Hi? ", "points": points, "report": {"sales": "sales"}, **more}
    return Flow.model_validate(written)


def test_the_points_stand_in_their_order_with_what_they_cost() -> None:
    boxes = picture(flow(), "en").boxes
    assert [(box.id, box.kind) for box in boxes] == [
        ("opening", "end"),
        ("sales", "asked"),
        ("mood", "heard"),
        ("why", "asked"),
        ("closing", "end"),
    ]
    assert boxes[0].lines == ("1 question",)
    assert boxes[1].lines == ("What was sold", "quantities, required", "questions: 2 at most", "shown as: sales")
    assert boxes[2].lines == ("The mood", "choice", "never asked, only listened for", "else: b")


def test_an_arrow_leads_to_what_is_asked_next_and_from_what_a_condition_reads() -> None:
    arrows = picture(flow(), "en").arrows
    when = "mood == 'a' and points.sales|length > 1"
    assert arrows == (
        Arrow("opening", "sales"),
        Arrow("sales", "why"),
        Arrow("why", "closing"),
        Arrow("mood", "why", when),
        Arrow("sales", "why", when),
    )


def test_the_budget_is_told_with_its_units() -> None:
    told = picture(flow(budget={"questions": 1, "minutes": 2.5, "dollars": 0.1}, opening="Hi."), "en")
    assert told.budget == "1 question, 2.5 minutes, $0.10 of model"
    assert told.boxes[0].lines == ()


def test_a_flow_is_drawn_in_the_language_that_is_asked_for() -> None:
    shipped = load_flow("event_debrief").value
    assert picture(shipped, "fr").title == "Débrief après un événement"
    assert picture(shipped, "en").title == "Debrief after an event"


def test_mermaid_has_a_node_a_box_and_a_line_an_arrow() -> None:
    drawn = picture(flow(title=ODD), "en")
    lines = mermaid(drawn).splitlines()
    nodes = [line for line in lines if re.fullmatch(r'  n\d+(\(\[".*"\]\)|\[".*"\]):::(end_|asked|heard)', line)]
    arrows = [line for line in lines if re.fullmatch(r'  n\d+ (-->|-\. "[^"]*" \.->) n\d+', line)]
    assert (len(nodes), len(arrows)) == (len(drawn.boxes), len(drawn.arrows))
    assert len(lines) == 3 + 1 + len(nodes) + len(arrows) + 3
    assert "<b>sales</b>" in nodes[1]
    assert "#60;b#62;" in nodes[3], "what an author wrote is no markup"


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    found = ElementTree.fromstring(drawing).findall(f"{SVG}rect[@class]")
    return [tuple(float(box.attrib[key]) for key in ("x", "y", "width", "height")) for box in found]  # type: ignore[misc]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=120), st.booleans()), min_size=1, max_size=12))
def test_a_drawing_is_well_formed_and_no_box_covers_another(points: list[tuple[str, bool]]) -> None:
    printable = [("".join(char for char in said if char.isprintable()), asked) for said, asked in points]
    written = [
        {"id": f"p{n}", "type": "text", "collect": said, "ask": said if asked else "never", "when": f"p{n - 1}"}
        for n, (said, asked) in enumerate(printable)
    ]
    drawing = svg(picture(flow(points=written, title=ODD, report={}), "fr"))
    drawn = boxes(drawing)
    assert len(drawn) == len(points) + 2
    whole = ElementTree.fromstring(drawing).attrib
    for x, y, width, height in drawn:
        assert 0 <= x <= x + width <= float(whole["width"])
        assert 0 <= y <= y + height <= float(whole["height"])
        others = [box for box in drawn if box != (x, y, width, height)]
        assert not [o for o in others if x < o[0] + o[2] and o[0] < x + width and y < o[1] + o[3] and o[1] < y + height]


def test_what_an_author_wrote_is_no_markup_in_a_drawing() -> None:
    said = " ".join(ElementTree.fromstring(svg(picture(flow(title=ODD), "en"))).itertext())
    assert "<b>&amp;" in said
