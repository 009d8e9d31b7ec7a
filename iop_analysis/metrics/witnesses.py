"""What a combined release can say for sure: evening by the clock with bounds, both universes, and weaker links."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis import criteria
from iop_analysis.catalog import answers
from iop_analysis.criteria import hours_tests
from iop_analysis.metrics import several

TIMES = ("17:00", "18:00", "19:00", "20:00")
# Up to this clock time "says evening" counts; later only a clock does.
SAID_UNTIL = "18:00"
MINUTES = 60
LEAST_SCORE, STRONG_SCORE = 0.65, 0.9
LISTED, AGREED = "listed", "lists agree"
UNIVERSES = {LISTED: "iop", AGREED: "iop & iop_elsewhere"}
Flags = npt.NDArray[np.bool_]
COUNTS = ["facilities", "yes", "no", "unknown", "lower_share", "upper_share"]


def evening_by_clock(
    facilities: pd.DataFrame, hours: pd.DataFrame, of: str = "iop", clocks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Programs that meet in the evening, by the clock: what is known of the program itself, with bounds.

    A program counts by its own hours, by a clock that its page tells without days, and by its own word "evening" (at
    17:00 and 18:00 only). A building that is closed holds no group: no. One that is open late proves nothing. Where a
    program's own hours and its word differ, the word stands.

    Parameters
    ----------
    facilities, hours
        Canonical tables.
    of
        Universe.
    clocks
        Clock times told without days: `facility_id`, `opens_minute`, `closes_minute`.

    Returns
    -------
    DataFrame
        `after`, `facilities`, `yes`, `no`, `unknown`, `lower_share`, `upper_share` (0-1); one row for each of 17:00,
        18:00, 19:00 and 20:00.
    """
    inside = criteria.evaluate(of, facilities, hours).result.fillna(False).to_numpy(dtype=bool)
    rows = []
    for after in TIMES:
        yes, no = _evening(facilities, hours, after, clocks)
        counts = {"facilities": inside, "yes": inside & yes, "no": inside & no, "unknown": inside & ~yes & ~no}
        rows.append({"after": after} | {name: int(flags.sum()) for name, flags in counts.items()})
    return with_shares(pd.DataFrame(rows))


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Counts with their bounds, 0-1; missing where nobody is counted."""
    whole = table["facilities"].where(table["facilities"] > 0)
    return table.assign(lower_share=table["yes"] / whole, upper_share=(table["yes"] + table["unknown"]) / whole)


def _evening(
    facilities: pd.DataFrame, hours: pd.DataFrame, after: str, clocks: pd.DataFrame | None
) -> tuple[Flags, Flags]:
    """Flags of the programs that surely meet then, and of those that surely do not."""
    test = criteria.evaluate(f"evening(after='{after}', minutes={MINUTES}, scope='program')", facilities, hours).result
    word = answers.to_boolean(facilities["offers_evening_iop"])
    yes = test.fillna(False).to_numpy(dtype=bool).copy()
    if after <= SAID_UNTIL:
        yes |= word.fillna(False).to_numpy(dtype=bool)
    if clocks is not None:
        late = clocks["closes_minute"] - clocks["opens_minute"].clip(lower=hours_tests.clock(after)) >= MINUTES
        yes |= facilities["facility_id"].isin(clocks.loc[late, "facility_id"]).to_numpy()
    no = (test.eq(False).fillna(False) | word.eq(False).fillna(False)).to_numpy(dtype=bool)
    return yes, no & ~yes


def link_sensitivity(
    facilities: pd.DataFrame, hours: pd.DataFrame, links: pd.DataFrame, times: Sequence[str] = TIMES
) -> pd.DataFrame:
    """Sites open in the evening, with all links and with the strong ones, over all listed IOPs and over agreed ones.

    Parameters
    ----------
    facilities, hours
        Tables of a combined release.
    links
        Its links: `facility_id`, `witness`, `score` (below 0.65 only where a person made the link).
    times
        Clock times.

    Returns
    -------
    DataFrame
        `links` (all, 0.9 and better), `universe` (listed, lists agree), `after` and counts and shares as in `coverage`.
    """
    weak = links[links["score"].between(LEAST_SCORE, STRONG_SCORE, inclusive="left")]
    told = pd.MultiIndex.from_frame(hours[["facility_id", "witness"]])
    strong_hours = hours[~told.isin(pd.MultiIndex.from_frame(weak[["facility_id", "witness"]]))]
    sure = facilities["facility_id"].isin(links.loc[~links.index.isin(weak.index), "facility_id"])
    elsewhere = facilities["offers_iop_elsewhere"].mask(~sure, answers.NOT_ASKED)
    views = {
        "all": (facilities, hours),
        "0.9 and better": (facilities.assign(offers_iop_elsewhere=elsewhere), strong_hours),
    }
    tables = [
        several.sensitivity(*tables, of, times).assign(links=name, universe=universe)
        for name, tables in views.items()
        for universe, of in UNIVERSES.items()
    ]
    return pd.concat(tables, ignore_index=True)[["links", "universe", "after", *COUNTS]]


def of_witnesses(listed: pd.DataFrame, links: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Who the witnesses of some facilities are and what they brought.

    Parameters
    ----------
    listed
        Facilities of a combined release.
    links, evidence
        Its tables.

    Returns
    -------
    DataFrame
        `witness`, `linked` (facilities), `hours` and `answers` (facilities with hours, or another fact, from it),
        `oldest`, `newest` (dates of what it says, empty where it has none); the most linked first.
    """
    mine = links[links["facility_id"].isin(listed["facility_id"])]
    facts = evidence[evidence["facility_id"].isin(listed["facility_id"])]
    is_hours = facts["fact"].str.startswith("hours")
    dated = mine[mine["date"] != ""].groupby("witness")["date"]
    table = pd.DataFrame({"linked": mine.groupby("witness")["facility_id"].nunique()})
    for name, here in (("hours", is_hours), ("answers", ~is_hours)):
        table[name] = facts[here].groupby("witness")["facility_id"].nunique().reindex(table.index).fillna(0).astype(int)
    table["oldest"], table["newest"] = dated.min().reindex(table.index), dated.max().reindex(table.index)
    table = table.fillna({"oldest": "", "newest": ""}).reset_index()
    return table.sort_values(["linked", "witness"], ascending=[False, True], ignore_index=True)


def agreed_sentence(facilities: pd.DataFrame, hours: pd.DataFrame, have: str, of: str = "iop") -> str:
    """What holds of the programs whose IOP a linked list confirms; empty text where no other list was asked."""
    inside = criteria.evaluate(of, facilities, hours).result.fillna(False).to_numpy(dtype=bool)
    elsewhere = facilities["offers_iop_elsewhere"].to_numpy(dtype=object)
    confirmed, denied = inside & (elsewhere == answers.YES), inside & (elsewhere == answers.NO)
    if not confirmed.any() and not denied.any():
        return ""
    result = criteria.evaluate(have, facilities, hours).result[confirmed]
    yes, unknown = int(result.fillna(False).sum()), int(result.isna().sum())
    return (
        f"Of these {int(np.count_nonzero(inside)):,} a linked list confirms the IOP of {len(result):,} "
        f"({yes:,} yes, {len(result) - yes - unknown:,} no, {unknown:,} unknown) and says that "
        f"{int(np.count_nonzero(denied)):,} have none."
    )
