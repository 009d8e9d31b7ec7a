"""The command about what programs say on their own web pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iop_analysis.cli.shared import FORMAT, guarded, show

if TYPE_CHECKING:
    from iop_analysis.sources.pages import Row

COLUMNS = ["page", "iop_evening", "iop_weekend", "track", "days", "opens", "closes", "population", "mode", "quote"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@FORMAT
@guarded
def pages(file: Path, style: str) -> None:
    """Show what web pages say of when their own IOP meets, with their words; nothing is built.

    FILE is a WARC, one page in HTML, a folder or zip of pages, or lines of JSON with `id` and `text`. Each page has
    one row a session, and one row where it tells none.
    """
    import pandas as pd

    show(pd.DataFrame(list(_rows(file)), columns=COLUMNS), style)


def _rows(file: Path) -> Iterator[Row]:
    from tqdm import tqdm

    from iop_analysis.sources.pages import page_rows

    for rows in tqdm(page_rows(file), desc="pages", unit=" pages", leave=False):
        yield from rows
