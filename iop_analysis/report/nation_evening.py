"""Evening in the nation: by state from one national list, and only where most of its programs are known."""

from __future__ import annotations

import pandas as pd

from iop_analysis import places
from iop_analysis.carried import evenings
from iop_analysis.carried.listings import Standard
from iop_analysis.metrics import coverage
from iop_analysis.metrics import witnesses as measure
from iop_analysis.report import words
from iop_analysis.report.gathered import EVENING

# A state is shaded where at least this share of its listed programs is known to be at an open or a closed site.
LEAST_KNOWN_SHARE = 0.6
NOTE = "Shaded where the hours of six in ten listed IOPs or more are known."
LABEL = "share of listed IOPs at a site open an hour past 6 pm, at least"


def counts(national: Standard) -> pd.DataFrame:
    """Sites open after 6 pm for every state: `place`, the counts and shares of `coverage`, and `known` (0-1).

    From the national list with its witnesses where it is built; else what the package carries, and nothing known of
    the other states.
    """
    states = list(places.states()["state"])
    if national.asks(EVENING):
        rows = [national.row(EVENING, "iop", "state", state) for state in states]
        table = pd.DataFrame(rows).assign(place=states)[["place", "facilities", "yes", "no", "unknown"]]
    else:
        table = pd.DataFrame([_carried(national, state) for state in states])
    table = table.astype(dict.fromkeys(["facilities", "yes", "no", "unknown"], "int64"))
    known = (table["yes"] + table["no"]) / table["facilities"].where(table["facilities"] > 0)
    return measure.with_shares(table).assign(known=known.fillna(0.0))


def _carried(national: Standard, state: str) -> dict[str, object]:
    programs = int(national.row("iop", "all", "state", state)["yes"])
    table = evenings.carried(national.release.list_name, state)
    mine = table[(table["links"] == "all") & (table["universe"] == measure.LISTED) & (table["after"] == "18:00")]
    if mine.empty:
        return {"place": state, "facilities": programs, "yes": 0, "no": 0, "unknown": programs}
    row = mine.iloc[0]
    return {"place": state} | {name: int(row[name]) for name in ("facilities", "yes", "no", "unknown")}


def said(row: pd.Series) -> str:
    """What a row of `counts` says: bounds where most programs are known, else how few are.

    Examples
    --------
    >>> said(pd.Series({"facilities": 132, "yes": 56, "no": 40, "unknown": 36, "known": 96 / 132}))
    'at least 56 and at most 92 of 132 (42% to 70%)'
    >>> said(pd.Series({"facilities": 509, "yes": 53, "no": 11, "unknown": 445, "known": 64 / 509}))
    'not collected (64 of 509 known)'
    >>> said(pd.Series({"facilities": 232, "yes": 0, "no": 0, "unknown": 232, "known": 0.0}))
    'not collected'
    """
    if row["known"] >= LEAST_KNOWN_SHARE:
        return words.bounds(row)
    known = int(row["yes"] + row["no"])
    return f"not collected ({known:,} of {int(row['facilities']):,} known)" if known else "not collected"


def drawn_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table of a map: a state of which too little is known is drawn as nothing known."""
    few = table["known"] < LEAST_KNOWN_SHARE
    shown = table.assign(yes=table["yes"].mask(few, 0), no=table["no"].mask(few, 0))
    shown["unknown"] = shown["facilities"] - shown["yes"] - shown["no"]
    rest = {name: 0 for name in coverage.COUNTS if name not in shown}
    return measure.with_shares(shown.assign(**rest))
