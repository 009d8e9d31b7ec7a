"""Locator lists of 2021 with points and without codes: where facilities are, and nothing of what they offer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.sources import Cleaned, join_text, rename


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one list as text under the catalog's names (three layouts, one in Latin-1)."""
    return rename(raw.read_text_table(path), release, path)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one list; the gate gives a ZIP code that a spreadsheet shortened its zeros back."""
    blank = pd.Series("", index=rows.index)
    facilities = pd.DataFrame(
        {
            "name": join_text([rows["name1"], rows.get("name2", blank)], " - "),
            "street": join_text([rows["street1"], rows.get("street2", blank)], ", "),
            "first_line": rows["street1"],
            "city": rows["city"],
            "state": rows["state"].str.upper(),
            "zip": rows["zip"],
            "county": rows.get("county", blank),
            "latitude": rows["latitude"],
            "longitude": rows["longitude"],
            "address_hidden": False,
            "phone": rows.get("phone", blank),
            "website": rows.get("website", blank),
            "facility_type": release.facts["facility_type"],
        }
    )
    return Cleaned(facilities)
