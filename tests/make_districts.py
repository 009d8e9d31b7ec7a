"""Write `catalog/places/districts.csv` from the lines of the districts: `python tests/make_districts.py`."""

from __future__ import annotations

import csv
import re

from iop_analysis import catalog
from iop_analysis.places import districts, states
from iop_analysis.releases import district_lines

TARGET = catalog.FOLDER / "places" / "districts.csv"


def main() -> None:
    """Code, level and name of every district of the 52 states that has an entry in the lines of 2024."""
    codes = set(states()["fips"])
    with TARGET.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["level", "district", "name"])
        for level in districts.LEVELS:
            for row in district_lines.lines(level).itertuples():
                if row.district[:2] in codes:
                    writer.writerow([level, row.district, re.sub(r"\b0+(?=\d)", "", row.name)])


if __name__ == "__main__":
    main()
