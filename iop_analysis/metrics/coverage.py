"""Coverage: for any place, how many facilities of a universe meet a criterion, with bounds for what is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog, criteria
from iop_analysis.errors import CallError

COLUMNS = [
    "place",
    "facilities",
    "yes",
    "no",
    "unknown",
    "complete",
    "known_share",
    "lower_share",
    "upper_share",
    "universe_unknown",
    "widest_lower_share",
    "widest_upper_share",
]
# Facilities that do not say whether they belong to the universe, and how many of them do and do not meet the criterion.
OUTSIDE = ["universe_unknown", "universe_unknown_yes", "universe_unknown_no"]
COUNTS = ["facilities", "yes", "no", "unknown", "complete", "complete_yes", *OUTSIDE]
SHARES = ["known_share", "lower_share", "upper_share", "widest_lower_share", "widest_upper_share"]
BY = {
    "state": "state",
    "county": "county_fips",
    "ownership": "ownership_type",
    "urban_rural": "urban_rural",
    "congress": "district_congress",
    "upper": "district_upper",
    "lower": "district_lower",
}
NOT_PLACED = "not placed"
NO_OWNER = "not reported"
KIND_COUNTS = [f"unknown_{kind}" for kind in criteria.UNKNOWN_KINDS]


def coverage(
    facilities: pd.DataFrame,
    hours: pd.DataFrame,
    have: str,
    of: str = "iop",
    by: str | None = None,
    *,
    places: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Count the facilities that meet a criterion, per place, with reporting bounds.

    The universe is every row for which `of` is yes. Rows that do not report whether they belong to it are counted in
    `universe_unknown`, and enter only the widest bounds; rows that were not asked are outside. An empty share means
    that there is nothing to divide by, or, for `known_share`, that the source cannot record a no for a word of the
    criterion.

    Parameters
    ----------
    facilities, hours
        Canonical tables of one release.
    have, of
        Criteria: what is asked, and of whom.
    by
        A key of `BY` (`state`, `county`, `ownership`, `congress`, `upper`, `lower`), or None for one row `all`.
    places
        Places that get a row even where no facility is (counts 0, empty shares).

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`: `facilities` = yes + no + unknown; `complete` = rows for which every word of the
        criterion is known; `known_share` = yes among these, within the bounds; `lower_share` = yes / facilities;
        `upper_share` = (yes + unknown) / facilities, limits for missing answers only; `widest_lower_share` and
        `widest_upper_share` the sharp bounds over missing memberships too. Shares are 0-1.

    References
    ----------
    Manski (1989), Anatomy of the selection problem: bounds without assumptions on missing answers.
    """
    counts = count(facilities, hours, have, of, by, places=places)
    return shares(counts, _blind(facilities, have))[COLUMNS]


def count(
    facilities: pd.DataFrame,
    hours: pd.DataFrame,
    have: str,
    of: str = "iop",
    by: str | None = None,
    *,
    places: Iterable[str] | None = None,
) -> pd.DataFrame:
    """The counts of `coverage` without shares: `place` and the columns of `COUNTS`, plus unknowns by kind.

    The columns `unknown_KIND` (one for each of `criteria.UNKNOWN_KINDS`) add up to `unknown`.
    """
    return sum_by(marks(facilities, hours, have, of), place_of(facilities, by), list(places or []))


def marks(
    facilities: pd.DataFrame, hours: pd.DataFrame, have: str, of: str = "iop", memory: dict[Any, Any] | None = None
) -> pd.DataFrame:
    """0 or 1 per facility for each count of `count`, to be summed over a place; `memory` as in `criteria.evaluate`."""
    members = criteria.evaluate(of, facilities, hours, memory)
    universe, silent = members.result, members.kind.eq("not_asked").to_numpy()
    asked = criteria.evaluate(have, facilities, hours, memory)
    inside = universe.fillna(False).to_numpy(dtype=bool)
    unknown = asked.result.isna().to_numpy()
    yes = asked.result.fillna(False).to_numpy(dtype=bool)
    complete, kinds = asked.complete.to_numpy(), asked.kind.cat.codes.to_numpy()
    columns = {
        "facilities": inside,
        "yes": inside & yes,
        "no": inside & ~yes & ~unknown,
        "unknown": inside & unknown,
        "complete": inside & complete,
        "complete_yes": inside & complete & yes,
    }
    outside = universe.isna().to_numpy() & ~silent
    columns |= dict(zip(OUTSIDE, (outside, outside & yes, outside & ~yes & ~unknown), strict=True))
    columns |= {name: inside & (kinds == number) for number, name in enumerate(KIND_COUNTS)}
    return pd.DataFrame({name: marks.astype("int64") for name, marks in columns.items()}, index=facilities.index)


def _blind(facilities: pd.DataFrame, have: str) -> bool:
    """Whether the source of a table can never record a no for a word of the criterion; of no rows none is known."""
    sources = facilities["source"].dropna().unique() if "source" in facilities else ()
    return any(bool(criteria.cannot_say_no(have, str(one))) for one in sources)


def place_of(facilities: pd.DataFrame, by: str | None) -> pd.Series:
    """The place of each facility at a level (a key of `BY`, or None for `all`)."""
    if by is None:
        return pd.Series("all", index=facilities.index)
    if not isinstance(by, str) or by not in BY:
        raise CallError(f"Places are counted by one of {', '.join(BY)}, or by none for one row; not by {by!r}.")
    missing = NO_OWNER if by == "ownership" else NOT_PLACED
    return facilities[BY[by]].astype(object).where(facilities[BY[by]].notna(), missing)


def sum_by(table: pd.DataFrame, place: pd.Series, places: Sequence[str]) -> pd.DataFrame:
    """Marks summed per place, the places of the list first seen or not, rows without a place last."""
    groups = place.astype("category").cat
    codes, names = groups.codes.to_numpy(), groups.categories.astype(object)
    # Counting is several times as fast as grouping, and a report sums two hundred times.
    sums = {name: np.bincount(codes, table[name], len(names)).astype("int64") for name in table}
    here = np.bincount(codes, minlength=len(names)) > 0
    table = pd.DataFrame(sums, index=names)[here]
    listed = set(places)
    seen = [name for name in table.index if name not in listed]
    # Places that nothing refers to appear only where the caller lists them; unplaced rows come last.
    seen = [name for name in seen if name != NOT_PLACED or table.loc[name].any()]
    order = sorted({*places, *seen} - {NOT_PLACED}) + [NOT_PLACED] * (NOT_PLACED in seen)
    if not order:
        order = ["all"]
    return table.reindex(order, fill_value=0).rename_axis("place").reset_index()


def shares(counts: pd.DataFrame, blind: bool = False) -> pd.DataFrame:
    """Add the shares of `SHARES` to counts; `blind` leaves the known share empty.

    `known_share` is moved to the nearer bound where the complete rows alone would lie outside what is possible: a row
    can be a sure no by one word while another is unknown, and such rows are not complete.
    """
    whole = counts["facilities"].where(counts["facilities"] > 0)
    complete = counts["complete"].where((counts["complete"] > 0) & (not blind))
    lower, upper = counts["yes"] / whole, (counts["yes"] + counts["unknown"]) / whole
    silent, silent_yes, silent_no = (counts[name] for name in OUTSIDE)
    # Of those that do not say whether they belong, the lower bound takes in all but the yes, the upper all but the no.
    widest = counts["facilities"] + silent - silent_yes, counts["facilities"] + silent - silent_no
    possible = counts["yes"] + counts["unknown"] + silent - silent_no
    return counts.assign(
        known_share=(counts["complete_yes"] / complete).clip(lower, upper),
        lower_share=lower,
        upper_share=upper,
        widest_lower_share=counts["yes"] / widest[0].where(widest[0] > 0),
        widest_upper_share=possible / widest[1].where(widest[1] > 0),
    ).astype(dict.fromkeys(SHARES, "float64"))


def widest_sentence(row: Mapping[str, Any] | pd.Series) -> str:
    """One sentence on the bounds where membership is not reported; empty text where every facility says it.

    Examples
    --------
    >>> counts = {"facilities": 10, "yes": 2, "no": 6, "unknown": 2, "complete": 8, "complete_yes": 2}
    >>> outside = {"universe_unknown": 5, "universe_unknown_yes": 1, "universe_unknown_no": 2}
    >>> widest_sentence(shares(pd.DataFrame([counts | outside])).iloc[0])
    '5 more do not say whether they are such a program: counted either way, 14.3 to 53.8 %, at most 7.'
    """
    silent = int(row["universe_unknown"])
    if not silent or pd.isna(row["widest_upper_share"]):
        return ""
    lower, upper = 100 * row["widest_lower_share"], 100 * row["widest_upper_share"]
    most = int(row["yes"] + row["unknown"] + silent - row["universe_unknown_no"])
    verb = "does" if silent == 1 else "do"
    return (
        f"{silent:,} more {verb} not say whether {'it is' if silent == 1 else 'they are'} such a program: "
        f"counted either way, {lower:.1f} to {upper:.1f} %, at most {most:,}."
    )


def why_no_known_share(have: str, source: str) -> str:
    """One sentence on why `known_share` is empty for a criterion in a source; empty text where it is not."""
    blind = criteria.cannot_say_no(have, source)
    if not blind:
        return ""
    labels = " and ".join(catalog.variables()[name].label.lower() for name in blind)
    return (
        f"The file lists a {labels} where there is one and cannot show who has none, "
        "so no share of known answers exists."
    )


def funnel_criteria(steps: Sequence[str]) -> pd.DataFrame:
    """The criteria behind a funnel, one row a step: `step`, `in_order`, `alone`, `lost_only`.

    `in_order` is the step and all before it; `alone` the step by itself; `lost_only` every other step and not this
    one: who would be able to use the program but for this barrier.

    Examples
    --------
    >>> funnel_criteria(["evening", "medicaid"])["lost_only"].tolist()
    ['(medicaid) & ~(evening)', '(evening) & ~(medicaid)']
    """
    rows = []
    for place, step in enumerate(steps):
        others = [f"({other})" for other in steps if other != step]
        rows.append(
            {
                "step": step,
                "in_order": " & ".join(f"({one})" for one in steps[: place + 1]) if place else step,
                "alone": step,
                "lost_only": " & ".join([*others, f"~({step})"]),
            }
        )
    return pd.DataFrame(rows)


def funnel(facilities: pd.DataFrame, hours: pd.DataFrame, steps: Sequence[str], of: str = "iop") -> pd.DataFrame:
    """A funnel: for each step yes, no and unknown in order, alone, and lost only because of it.

    Returns
    -------
    DataFrame
        `step`, `facilities`, then `yes`, `no`, `unknown` for each of `in_order_`, `alone_`, `lost_only_`.

    Raises
    ------
    CallError
        The steps are one text: a funnel takes a list of criteria.
    """
    if isinstance(steps, str):
        raise CallError(f"A funnel takes a list of steps, as in [{steps!r}], not one text.")
    rows = []
    for step in funnel_criteria(steps).to_dict("records"):
        row: dict[str, object] = {"step": step["step"]}
        for part in ("in_order", "alone", "lost_only"):
            counts = count(facilities, hours, str(step[part]), of).iloc[0]
            row["facilities"] = counts["facilities"]
            row |= {f"{part}_{name}": counts[name] for name in ("yes", "no", "unknown")}
        rows.append(row)
    return pd.DataFrame(rows)


def unknown_kinds(facilities: pd.DataFrame, hours: pd.DataFrame, have: str, of: str = "iop") -> pd.DataFrame:
    """Why a criterion is unknown: `kind` (one of `criteria.UNKNOWN_KINDS`) and `facilities`, only kinds that occur."""
    counts = count(facilities, hours, have, of).iloc[0]
    rows = [{"kind": kind, "facilities": int(counts[f"unknown_{kind}"])} for kind in criteria.UNKNOWN_KINDS]
    table = pd.DataFrame(rows)
    return table[table["facilities"] > 0].reset_index(drop=True)
