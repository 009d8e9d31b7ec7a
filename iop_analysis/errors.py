"""The two ways this package says no: the data are wrong, or the call is wrong."""


class DataError(Exception):
    """The data are wrong: one sentence that names the file, the row, the column and what to do (exit code 1)."""


class CallError(Exception):
    """The call is wrong: one sentence that says what would be right (exit code 2)."""


def first_line(problem: Exception) -> str:
    r"""What another library says of a problem, in one line; its kind where it says nothing.

    Examples
    --------
    >>> first_line(ValueError("no magic bytes\nat offset 4")), first_line(KeyError())
    ('no magic bytes', 'KeyError')
    """
    return next(iter(str(problem).strip().splitlines()), type(problem).__name__)
