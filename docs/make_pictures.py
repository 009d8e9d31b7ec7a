"""Draw the aggregate maps of README and documentation from the tables that the package carries.

Run:  python docs/make_pictures.py
"""

from pathlib import Path

import pandas as pd

from iop_analysis import places, reference
from iop_analysis.maps import static
from iop_analysis.metrics import coverage

FOLDER = Path(__file__).parent / "pictures"
RELEASE = "national_directory@su-2023"
SOURCE = "Source: SAMHSA National Directory, 2023 edition (survey year 2022). Counted with iop_analysis."
PICTURES = {
    "medicaid_by_state": ("medicaid", "state", "share of listed substance-use IOPs that list Medicaid, at least"),
    "sliding_fee_by_state": (
        "sliding_fee",
        "state",
        "share of listed substance-use IOPs that list a sliding fee, at least",
    ),
}


def every_place(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """The table with a row for each place of the map, counts 0 where no facility is."""
    order = places.states()["state"] if level == "state" else places.counties()["county_fips"]
    counts = [*coverage.COUNTS, *coverage.KIND_COUNTS]
    whole = table.set_index("place").reindex(order)[counts].fillna(0).astype("int64")
    return coverage.shares(whole.rename_axis("place").reset_index())


def main() -> None:
    """Write every picture."""
    carried = reference.load(RELEASE)
    for name, (have, level, label) in PICTURES.items():
        table = every_place(carried.table(have, level=level), level)
        figure = static.figure(table, label=label, source=SOURCE)
        (FOLDER / f"{name}.png").write_bytes(static.to_png(figure, static.alt_text(table, label=label)))


if __name__ == "__main__":
    main()
