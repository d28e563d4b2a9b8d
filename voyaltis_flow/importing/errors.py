"""Why a spreadsheet gives no catalog."""


class TableError(Exception):
    """A file that is no table that can be read, or one without products; the message is for people."""
