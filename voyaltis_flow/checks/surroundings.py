"""What a part of the language stands among: the names that it may refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voyaltis_flow.script.models import Catalog, Flow


@dataclass(frozen=True)
class Staged:
    """A flow with the catalogs that it names, as far as they could be read."""

    flow: Flow
    catalogs: tuple[Catalog, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """The names that there are. Those that are None are not known, and references to them are not checked."""

    styles: frozenset[str] | None = None
    catalogs: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    word_lists: frozenset[str] | None = None
    opened: Mapping[str, Catalog] = field(default_factory=dict)
    """The catalogs that a flow names, by name, as far as they could be read."""
    flows: Mapping[str, Staged | None] | None = None
    """The flows that scenarios stand among, by name; None for one that could not be read."""
