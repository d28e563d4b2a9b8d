"""The language as frozen types: what a flow, a style and a catalog are once their YAML has been read.

Shapes only. What is wrong with a file is told by `script.load`, which collects pydantic's errors and gives them
positions, and by `checks`, which knows what the parts mean.
"""

from voyaltis_flow.script.models.base import (
    ANY_LANGUAGE,
    NO_TEXT,
    Id,
    LanguageCode,
    Meta,
    Names,
    NoBoolean,
    Node,
    Number,
    OneOrMore,
    Text,
    Whole,
    also_written,
    doc,
)
from voyaltis_flow.script.models.catalog import Active, Catalog, Category, Product
from voyaltis_flow.script.models.flow import (
    Ask,
    Budget,
    Flow,
    Option,
    Point,
    PointType,
    ReportView,
    WordList,
    WordLists,
)
from voyaltis_flow.script.models.style import Lines, Style, Voice

__all__ = [
    "ANY_LANGUAGE",
    "NO_TEXT",
    "Active",
    "Ask",
    "Budget",
    "Catalog",
    "Category",
    "Flow",
    "Id",
    "LanguageCode",
    "Lines",
    "Meta",
    "Names",
    "NoBoolean",
    "Node",
    "Number",
    "OneOrMore",
    "Option",
    "Point",
    "PointType",
    "Product",
    "ReportView",
    "Style",
    "Text",
    "Voice",
    "Whole",
    "WordList",
    "WordLists",
    "also_written",
    "doc",
]
