"""A catalog out of a spreadsheet: what it says is taken over, and what is left out is told."""

from voyaltis_flow.importing.catalog import Imported, imported
from voyaltis_flow.importing.columns import ROLES
from voyaltis_flow.importing.errors import TableError, UnreadableError
from voyaltis_flow.importing.table import Table, read_table
from voyaltis_flow.importing.writing import written

__all__ = ["ROLES", "Imported", "Table", "TableError", "UnreadableError", "imported", "read_table", "written"]
