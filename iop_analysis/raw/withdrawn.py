"""Programs that asked not to be quoted: `catalog/withdrawn.csv` in the data folder, honoured by every command."""

from __future__ import annotations

import csv

from iop_analysis.errors import DataError
from iop_analysis.raw.releases import data_folder
from iop_analysis.raw.saved_pages import host


def withdrawn() -> frozenset[str]:
    """Hosts whose words are neither collected nor read nor shown; none where there is no such file.

    Raises
    ------
    DataError
        The file has no column `host`.
    """
    path = data_folder() / "catalog" / "withdrawn.csv"
    if not path.is_file():
        return frozenset()
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if rows and "host" not in rows[0]:
        raise DataError(f"{path}: row 1 has no column 'host'; name one host a row (columns host, date, reason).")
    return frozenset(filter(None, (host(row["host"] or "") for row in rows)))
