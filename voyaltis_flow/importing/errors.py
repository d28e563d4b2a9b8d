"""Why a spreadsheet gives no catalog."""


class TableError(Exception):
    """A table from which no catalog can be made; the message is for people."""


class UnreadableError(TableError):
    """A file that is no table that can be read."""
