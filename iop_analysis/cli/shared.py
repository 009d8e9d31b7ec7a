"""What every command shares: words to stderr, tables to stdout, the two errors as exit codes."""

from __future__ import annotations

import errno
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from iop_analysis.errors import CallError, DataError

if TYPE_CHECKING:
    import pandas as pd

# Rooms are imported inside the commands: `--help` and small commands need not load the whole house.


# What the machine says when there is no room left, or a disk does not take what it is given.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def say(text: str) -> None:
    """Write a line for the person to stderr; nothing in it steers the terminal."""
    from iop_analysis.raw.printable import printable

    click.echo(printable(text), err=True)


class Finite(click.FloatRange):
    """A number on the command line that is one: neither `nan` nor `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; anything else is a wrong call."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number that a distance or a time can have.", param, ctx)
        return number


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
        except BrokenPipeError:
            raise  # who read the output has enough: click ends in silence
        except OSError as error:
            _end(error)

    return run


def _end(error: OSError) -> None:
    """End in a sentence where the machine could not read or write."""
    if error.filename is None:
        _close_stdout()
    what = f"{error.filename} cannot be read or written" if error.filename else "The output cannot be written"
    what = "A file cannot be read or written" if error.errno is None else what
    why = " ".join((error.strerror or str(error)).split())
    if error.errno in NO_ROOM:
        say(f"Error: {what}: {why}; make room and run the command again. What was there before stands.")
        sys.exit(1)
    say(f"Error: {what}: {why}; name another folder or file.")
    sys.exit(2)


def _close_stdout() -> None:
    """Throw away what could not be written to stdout, or Python would try again at its end and say so."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show(table: pd.DataFrame, style: str) -> None:
    """Print a table to stdout as CSV or as aligned text of at most 80 columns (shares with three decimals)."""
    if style == "csv":
        from iop_analysis.raw.workbooks import harmless

        texts = table.select_dtypes(["object", "string"])
        safe = table.assign(**{str(name): texts[name].map(harmless) for name in texts})
        click.echo(safe.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        from iop_analysis.cli import narrow
        from iop_analysis.raw.printable import printable

        click.echo(printable(narrow.text(table)))


def postal_code(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The postal code of a state that is written out (`New Jersey`, `nj`); any other text is left to be refused."""
    from iop_analysis import places

    if value is None:
        return None
    states = places.states()
    names = {str(name).casefold(): str(code) for name, code in zip(states["name"], states["state"], strict=True)}
    return names.get(value.strip().casefold(), value.strip().upper() if len(value.strip()) == 2 else value)


FORMAT = click.option("--format", "style", type=click.Choice(["csv", "table"]), default="table", show_default=True)
HAVE = click.option("--have", required=True, help="Criterion, such as 'evening & medicaid'.")
OF = click.option("--of", "of", default="iop", show_default=True, help="Universe: the rows where this is yes.")
SOURCE = click.option("--source", "name", default=None, help="SOURCE@RELEASE; needed where more than one fits.")
SIDE = click.option("--side", type=click.Choice(["", "su", "mh"]), default="", help="Universe of a survey.")
STATE = click.option("--state", default=None, callback=postal_code, help="Postal code, or name in full.")
TRAVEL = click.option(
    "--travel",
    default=None,
    metavar="FILE",
    help="Your own travel times: CSV, Parquet, a folder of Parquet, or an address such as s3://bucket/folder.",
)
