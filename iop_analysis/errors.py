"""The two ways this package says no: the data are wrong, or the call is wrong."""


class DataError(Exception):
    """The data are wrong: one sentence that names the file, the row, the column and what to do (exit code 1)."""


class CallError(Exception):
    """The call is wrong: one sentence that says what would be right (exit code 2)."""
