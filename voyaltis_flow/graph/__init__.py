"""A flow as a picture: what it asks in which order, on which conditions, and what each point may cost."""

from voyaltis_flow.graph.mermaid import mermaid
from voyaltis_flow.graph.picture import Arrow, Box, Picture, picture
from voyaltis_flow.graph.svg import svg

__all__ = ["Arrow", "Box", "Picture", "mermaid", "picture", "svg"]
