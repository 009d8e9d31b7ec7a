"""Locator lists of 2021 with points and without codes: where facilities are, and nothing of what they offer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.sources import Cleaned, join_text, notes, numbers, rename


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one list as text under the catalog's names (three layouts, one in Latin-1)."""
    return rename(raw.read_text_table(path), release, path)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one list; a ZIP code that a spreadsheet shortened gets its zeros back."""
    short = rows["zip"].str.fullmatch(r"\d{3,4}")
    blank = pd.Series("", index=rows.index)
    facilities = pd.DataFrame(
        {
            "name": join_text([rows["name1"], rows.get("name2", blank)], " - "),
            "street": join_text([rows["street1"], rows.get("street2", blank)], ", "),
            "first_line": rows["street1"],
            "city": rows["city"],
            "state": rows["state"].str.upper(),
            "zip": rows["zip"].where(~short, rows["zip"].str.zfill(5)),
            "county": rows.get("county", blank),
            "latitude": numbers(rows, "latitude", release),
            "longitude": numbers(rows, "longitude", release),
            "address_hidden": False,
            "phone": rows.get("phone", blank),
            "website": rows.get("website", blank),
            "facility_type": release.facts["facility_type"],
        }
    )
    return Cleaned(facilities, notes=notes((short.sum(), "ZIP codes that had lost their leading zeros: padded")))
