"""Why a mention is what it is, in words for the author of the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge
from voyaltis_flow.language.tokens import Token


def reason(reading: Reading, tokens: Sequence[Token]) -> str:
    """What each word was taken for: `"frigo" is a refrigerateur, "bispoque" sounds like "bespoke"`."""
    return ", ".join(_parts(reading, tokens)) or "no word of it is the catalog's"


def _parts(reading: Reading, tokens: Sequence[Token]) -> Iterator[str]:
    for edge in reading.path:
        first, *rest = tokens[edge.first : edge.last]
        said = first.text + "".join(token.gap + token.text for token in rest)
        if edge.facets:
            yield f'"{said}" {_taken_for(edge)}'
        elif edge.kind in ("foreign", "measure") or (edge.kind == "quantity" and edge is not reading.path[0]):
            yield f'"{said}" is not in the catalog'


def _taken_for(edge: Edge) -> str:
    facet = edge.facets[0]
    if edge.kind == "ear" and edge.term:
        return f'sounds like "{" ".join(edge.term.words)}"'
    if edge.kind == "number":
        return f"is the number {facet[1:]}"
    kinds = {"@": "is a word for", "!": "is the brand", "×": "is the competitor", "~": "is part of a word for"}
    return f"{kinds[facet[0]]} {facet[1:]}" if facet[0] in kinds else "is in the name"
