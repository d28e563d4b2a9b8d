"""The shipped electronics catalog, indexed once."""

from __future__ import annotations

import pytest

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.project import load_catalog


@pytest.fixture(scope="session")
def electronics() -> CatalogIndex:
    return CatalogIndex([load_catalog("electronics").value])
