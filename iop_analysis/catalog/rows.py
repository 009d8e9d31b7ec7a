"""The catalog's CSV files as rows of text."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent


def read_rows(path: str) -> list[dict[str, str]]:
    """Rows of a catalog CSV as dictionaries of text; `path` is relative to the catalog folder."""
    with (FOLDER / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
