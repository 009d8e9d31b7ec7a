"""What notebooks say and keep: a finding computed from the release at hand, tables for reading, tables as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.criteria import cannot_say_no
from iop_analysis.metrics.asking import coverage_of
from iop_analysis.raw.keeping import replacing
from iop_analysis.raw.workbooks import harmless
from iop_analysis.releases.listing import Listing
from iop_analysis.report import words
from iop_analysis.report.gathered import state_name


def finding(release: Listing, have: str, what: str, of: str = "iop", state: str | None = None) -> str:
    """One sentence on a release: how many of a universe meet a criterion, from at least to at most.

    People in custody are left out, as in reports. The synthetic sample is named as such.

    Parameters
    ----------
    release
        A list of facilities.
    have, of
        Criteria.
    what
        How the sentence ends, such as `list Medicaid`.
    state
        Postal code; every place of the release where None.

    Examples
    --------
    >>> from iop_analysis.releases.many import open_release
    >>> finding(open_release("ladders@sample"), "medicaid", "list Medicaid").startswith("SYNTHETIC: In")
    True
    """
    table, _ = coverage_of(release.public, have, of, state=state)
    blind = bool(cannot_say_no(have, release.release.list_source))
    where = f"{state_name(state)}, " if state else ""
    mark = "SYNTHETIC: " if release.release.synthetic else ""
    source = catalog.source_of(release.release)
    return (
        f"{mark}In {where}{source.title}, release {release.release.key}: {words.bounds(table.iloc[0], blind)} {what}."
    )


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """A table for reading: places by their names, shares with two decimals, columns that hold nothing left out.

    Examples
    --------
    >>> rows = pd.DataFrame({"place": ["34001", "NJ"], "yes": [1, 3], "lower_share": [0.12345, 0.5]})
    >>> tidy(rows.assign(known_share=None)).values.tolist()
    [['Atlantic County', 1, 0.12], ['New Jersey', 3, 0.5]]
    """
    named = table.assign(place=table["place"].map(_names()).fillna(table["place"])) if "place" in table else table
    shares = [str(name) for name in named if str(name).endswith("_share")]
    rounded = named.assign(**{name: pd.to_numeric(named[name]).astype(float).round(2) for name in shares})
    return rounded.dropna(axis="columns", how="all").reset_index(drop=True)


def _names() -> dict[str, str]:
    counties, states = places.counties(), places.states()
    named = dict(zip(counties["county_fips"], counties["name"], strict=True))
    return named | dict(zip(states["state"], states["name"], strict=True))


def save_tables(notebook: str, tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write tables as CSV into a folder of the notebook's name beside the reports; texts cannot act as formulas."""
    folder = raw.reports_folder() / notebook
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        with replacing(path) as temporary:
            safe = table.map(lambda value: harmless(value) if isinstance(value, str) else value)
            safe.to_csv(temporary, index=False, lineterminator="\n")
    return paths
