"""The command about opening hours as people write them."""

from __future__ import annotations

from pathlib import Path

import click

from iop_analysis.cli.shared import FORMAT, guarded, show
from iop_analysis.errors import CallError


@click.command()
@click.argument("text", required=False)
@click.option("--file", type=click.Path(path_type=Path), default=None, help="CSV or XLSX with a column of hours.")
@click.option("--column", default=None, help="Heading of that column.")
@FORMAT
@guarded
def hours(text: str | None, file: Path | None, column: str | None, style: str) -> None:
    """Read opening hours from TEXT, or row by row from a column of a file."""
    from iop_analysis.hours.table import describe, hours_table

    if (text is None) == (file is None):
        raise CallError("Give the hours as TEXT, or a --file with a --column.")
    if text is not None:
        if style == "csv":
            show(hours_table([text]), style)
        else:
            click.echo(describe(text))
        return
    assert file is not None
    show(hours_table(_progress(_column(file, column))), style)


def _column(file: Path, column: str | None) -> list[str]:
    import io

    import pandas as pd

    from iop_analysis import raw
    from iop_analysis.raw.sniffing import decode

    if not file.is_file():
        raise CallError(f"There is no file {file}.")
    if raw.sniff(file) == "xlsx":
        rows = raw.read_workbook(file)
    else:
        # Every row counts here, also one whose hours are empty: the output has a row for each.
        rows = pd.read_csv(io.StringIO(decode(file)[0]), dtype=str, keep_default_na=False)
    if column not in rows:
        raise CallError(f"{file.name} has no column {column!r}; it has {', '.join(map(repr, map(str, rows)))}.")
    return rows[column].tolist()


def _progress(texts: list[str]) -> list[str]:
    """The texts behind a progress bar on stderr."""
    from tqdm import tqdm

    return tqdm(texts, desc="hours", unit=" texts", leave=False)  # type: ignore[return-value]
