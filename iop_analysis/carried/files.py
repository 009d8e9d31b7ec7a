"""Carried tables as files: compressed CSV whose bytes depend on the table alone, read once in a process."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "data"
IDENTIFIERS = ("place", "county_fips", "state", "after")


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, compressed where the name ends in `.gz`, without a clock in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = table.to_csv(index=False, lineterminator="\n").encode()
    path.write_bytes(gzip.compress(plain, 9, mtime=0) if path.suffix == ".gz" else plain)
    return path


@lru_cache(maxsize=16)
def read_table(path: Path) -> pd.DataFrame:
    """A carried table; shared, so nobody may change it. Identifiers are text, an empty text stays one."""
    table = pd.read_csv(path, dtype=dict.fromkeys(IDENTIFIERS, "str"))
    texts = table.select_dtypes(["object", "string"]).columns
    return table.fillna(dict.fromkeys(texts, ""))
