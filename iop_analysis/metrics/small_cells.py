"""Small cells of surveys: what is hidden follows from the words of a question, not from the way it is asked.

The table that is decided on crosses a state with the words of the question, on one side of a survey. Its interior are
the cells in which two words meet (a side other than the survey's first counts as a word). Where one of them, yes or
no against yes or no, holds 1 to 4 respondents, the whole interior of that state is hidden, and with one such state
alone that of another, since a nation's total would tell it. One
word by state is shown, as publishers print it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.criteria import disclosure
from iop_analysis.metrics import coverage

SMALL = range(1, 5)
STATES = ("yes", "no", "unknown")
ANSWER_OF = {"yes": answers.YES, "no": answers.NO, "unknown": answers.NOT_REPORTED}
NO_HOURS = pd.DataFrame({"facility_id": [], "day": [], "opens_minute": [], "closes_minute": [], "scope": []})
SHARES = {
    "known_share": ("complete", "yes"),
    "lower_share": ("yes", "facilities"),
    "upper_share": ("yes", "unknown", "facilities"),
    "widest_lower_share": ("yes", "facilities", "universe_unknown", "universe_unknown_yes"),
    "widest_upper_share": ("yes", "unknown", "facilities", "universe_unknown", "universe_unknown_no"),
}


def cells(respondents: pd.DataFrame, names: list[str], place: pd.Series) -> pd.DataFrame:
    """Respondents of each place by their answers to one or two words; the columns are all pairs of `STATES`."""
    said = {name: _said(respondents[name]) for name in names}
    table = pd.crosstab(place, list(said.values()), dropna=False)
    whole = list(product(STATES, repeat=len(names))) if len(names) > 1 else list(STATES)
    return table.reindex(columns=whole, fill_value=0)


def _said(column: pd.Series) -> pd.Series:
    return answers.to_boolean(column).astype(object).map({True: "yes", False: "no"}).fillna("unknown")


def hidden_places(respondents: pd.DataFrame, names: list[str], place: pd.Series, side_counts: bool = False) -> set[str]:
    """Places whose interior is hidden for a set of words; none where fewer than two things are crossed.

    Parameters
    ----------
    respondents
        Every respondent of one side: a state that is hidden may hide another.
    names
        Columns that the question asks, at most two.
    place
        Place of each respondent.
    side_counts
        Whether the side is not the survey's first and so counts as a word.
    """
    if not names or len(names) + side_counts != disclosure.MOST_ATTRIBUTES:
        return set()
    table = cells(respondents, names, place)
    known = [name for name in table if "unknown" not in np.atleast_1d(np.array(name, dtype=object)).tolist()]
    small = table[known].isin(SMALL).any(axis=1)
    return set(_with_another(small, table, len(names)))


def _with_another(small: pd.Series, table: pd.DataFrame, words: int) -> pd.Index:
    """The hidden places, and where one is alone, or alone open, the smallest other that is open.

    A place is open where its margins leave more than one interior possible.
    """
    hidden = small.index[small]
    if words == 1:
        is_open = (table > 0).sum(axis=1) > 1
    else:
        margins = [table.T.groupby(level=level).sum().T for level in (0, 1)]
        is_open = (margins[0] > 0).sum(axis=1).gt(1) & (margins[1] > 0).sum(axis=1).gt(1)
    others = table.sum(axis=1)[~small & is_open]
    if 1 not in (len(hidden), (small & is_open).sum()) or others.empty:
        return hidden
    return hidden.append(pd.Index([others.idxmin()]))


def interior(have: str, of: str, names: list[str], side_counts: bool = False) -> set[str]:
    """Counts of a coverage table that are sums of interior cells: neither nobody, nor everybody, nor one word's answer.

    Examples
    --------
    >>> "facilities" in interior("medicaid", "iop", ["offers_iop", "accepts_medicaid"])
    False
    >>> "facilities" in interior("all", "iop & ~medicaid", ["offers_iop", "accepts_medicaid"])
    True
    """
    if not names:
        return set()
    every = list(product(STATES, repeat=len(names)))
    columns = {name: [ANSWER_OF[one[number]] for one in every] for number, name in enumerate(names)}
    rows = pd.DataFrame(columns | {"hours_status": answers.NOT_ASKED}).astype(dict.fromkeys(names, answers.ANSWER_TYPE))
    marks = coverage.marks(rows, NO_HOURS, have, of)
    return {str(name) for name in marks if not _is_margin(marks[name].to_numpy(), len(names), side_counts)}


def _is_margin(covered: np.ndarray, words: int, side_counts: bool) -> bool:
    if (covered == covered[0]).all():
        return True
    square = covered.reshape([len(STATES)] * words)
    one_word = words == 1 or (square == square[:1]).all() or (square == square[:, :1]).all()
    return bool(one_word and not side_counts)


def hide(counts: pd.DataFrame, hidden: pd.Series, covered: set[str]) -> pd.DataFrame:
    """A coverage table with the interior counts of some rows missing, their shares too, and a flag `hidden`.

    Parameters
    ----------
    counts
        Columns of `coverage.COLUMNS` or `coverage.COUNTS`.
    hidden
        Whether the interior of each row is hidden.
    covered
        Columns that are sums of interior cells, from `interior`.
    """
    whole = [str(name) for name in counts if name in coverage.COUNTS or str(name).startswith("unknown_")]
    kept = counts.assign(hidden=hidden & bool(covered)).astype(dict.fromkeys(whole, "Int64"))
    kept.loc[hidden, [name for name in whole if name in covered]] = pd.NA
    shares = [name for name, parts in SHARES.items() if name in counts and covered.intersection(parts)]
    kept.loc[hidden, shares] = float("nan")
    return kept


def coverage_of(
    respondents: pd.DataFrame,
    have: str,
    of: str,
    by: str | None,
    places: Iterable[str] = (),
    *,
    state: str | None = None,
    side_counts: bool = False,
) -> pd.DataFrame:
    """`metrics.coverage.coverage` of the respondents of one side, small cells of places hidden.

    Parameters
    ----------
    respondents
        Every respondent of the side, also those outside `state`.
    have, of, by, places
        As in `coverage`.
    state
        The one state that is counted.
    side_counts
        As in `hidden_places`.
    """
    here = respondents if state is None else respondents[respondents["state"].eq(state)]
    counts = coverage.coverage(here, NO_HOURS, have, of, by, places=places)
    if not by and not state:
        return counts
    names = disclosure.attributes(have, of)
    if len(names) + side_counts > disclosure.MOST_ATTRIBUTES:
        return counts.assign(hidden=False)
    level = by or "state"
    gone = hidden_places(respondents, names, coverage.place_of(respondents, level), side_counts)
    asked = counts["place"] if by else pd.Series(state, index=counts.index)
    return hide(counts, asked.isin(gone), interior(have, of, names, side_counts))


def side_counts(source: str, side: str) -> bool:
    """Whether a side is not the first of a survey's: asking for it is asking for one word more."""
    return side != catalog.source(source).sides[0]
