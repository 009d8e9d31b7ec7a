"""The command about opening hours as people write them."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, guarded, show
from iop_analysis.errors import CallError, DataError


@click.command()
@click.argument("text", required=False)
@click.option("--file", type=click.Path(path_type=Path), default=None, help="CSV or XLSX with a column of hours.")
@click.option("--column", default=None, help="Heading of that column.")
@FORMAT
@guarded
def hours(text: str | None, file: Path | None, column: str | None, style: str) -> None:
    """Read opening hours from TEXT, or row by row from a column of a file."""
    from iop_analysis.hours.table import describe, hours_table
    from iop_analysis.raw.printable import printable

    if (text is None) == (file is None):
        raise CallError("Give the hours as TEXT, or a --file with a --column.")
    if text is not None:
        if style == "csv":
            show(hours_table([text]), style)
        else:
            click.echo(printable(describe(text)))
        return
    assert file is not None
    show(hours_table(_progress(_column(file, column))), style)


def _column(file: Path, column: str | None) -> list[str]:
    from iop_analysis.raw.grids import grids

    if not file.is_file():
        raise CallError(f"There is no file {file}.")
    grid = grids(file)[0]
    headings = [heading.strip() for heading in grid.rows[0]] if grid.rows else []
    if column not in headings:
        raise CallError(f"{file.name} has no column {column!r}; it has {', '.join(map(repr, headings))}.")
    for line, row in zip(grid.lines, grid.rows, strict=True):
        if len(row) != len(headings) and any(row):
            raise DataError(
                f"{file.name}: row {line} has {len(row)} cells where the heading has {len(headings)}; repair it."
            )
    # Every row counts here, also one whose hours are empty: the output has a row for each.
    place = headings.index(column)
    return [row[place] if row else "" for row in grid.rows[1:]]


def _progress(texts: list[str]) -> list[str]:
    """The texts behind a progress bar on stderr."""
    from tqdm import tqdm

    return tqdm(texts, desc="hours", unit=" texts", leave=False)  # type: ignore[return-value]
