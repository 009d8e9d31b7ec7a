"""What every command shares: words to stderr, tables to stdout, the two errors as exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from iop_analysis.errors import CallError, DataError

if TYPE_CHECKING:
    import pandas as pd

# Rooms are imported inside the commands: `--help` and small commands need not load the whole house.


def say(text: str) -> None:
    """Write a line for the person to stderr."""
    click.echo(text, err=True)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the two errors of the package into one sentence and the exit codes 1 (data) and 2 (call)."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DataError as error:
            say(f"Error: {error}")
            sys.exit(1)
        except CallError as error:
            say(f"Error: {error}")
            sys.exit(2)
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            say(f"Error: {error.filename} cannot be written: {error.strerror}; name another folder or file.")
            sys.exit(2)

    return run


def show(table: pd.DataFrame, style: str) -> None:
    """Print a table to stdout as CSV or as aligned text (shares with three decimals)."""
    if style == "csv":
        from iop_analysis.raw.workbooks import harmless

        texts = table.select_dtypes(["object", "string"])
        safe = table.assign(**{str(name): texts[name].map(harmless) for name in texts})
        click.echo(safe.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        click.echo(table.to_string(index=False, float_format=lambda number: f"{number:.3f}", na_rep=""))


FORMAT = click.option("--format", "style", type=click.Choice(["csv", "table"]), default="table", show_default=True)
HAVE = click.option("--have", required=True, help="Criterion, such as 'evening & medicaid'.")
OF = click.option("--of", "of", default="iop", show_default=True, help="Universe: the rows where this is yes.")
SOURCE = click.option("--source", "name", default=None, help="SOURCE@RELEASE; needed where more than one fits.")
SIDE = click.option("--side", type=click.Choice(["", "su", "mh"]), default="", help="Universe of a survey.")
STATE = click.option("--state", default=None, help="Two-letter postal code.")
