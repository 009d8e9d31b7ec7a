"""What may be said of survey respondents: no county, no names, at most two attributes by state, small cells hidden."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, criteria
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError

MOST_ATTRIBUTES = 2
FINER = ("county", "congress", "upper", "lower")
SMALL = range(1, 5)
CELLS = ("yes", "no", "unknown", "complete", "complete_yes")
SHARES = ("known_share", "lower_share", "upper_share")


def attributes(have: str, of: str) -> list[str]:
    """Columns that a question crosses with the place, each once.

    Examples
    --------
    >>> attributes("medicaid & sliding_fee", "iop")
    ['offers_iop', 'accepts_medicaid', 'offers_sliding_fee']
    """
    atoms = (*criteria.parse(of).atoms, *criteria.parse(have).atoms)
    return list(dict.fromkeys(atom.name for atom in atoms))


def check(source: str, have: str, of: str, by: str | None = None, state: str | None = None) -> None:
    """Refuse a question that a survey cannot answer or must not be asked; a `CallError` says why.

    Parameters
    ----------
    source
        Key of a source; of a source that is not a survey nothing is refused.
    have, of
        Criteria.
    by, state
        As in `coverage`: the level of the places, and the one state that is asked about.
    """
    if not catalog.for_statistics(source):
        return
    title = catalog.source(source).title
    names = attributes(have, of)
    if by in FINER:
        raise CallError(f"{title} tells a respondent's state and nothing finer; ask --by state or a directory.")
    if any(name in hours_tests.TESTS for name in names):
        raise CallError(f"{title} does not ask for opening hours; ask a source that has them.")
    crossed = len(names) + (by == "ownership")
    if (by == "state" or state) and crossed > MOST_ATTRIBUTES:
        raise CallError(
            f"{title} is for statistics: by state at most {MOST_ATTRIBUTES} attributes are crossed, and this question "
            f"crosses {crossed}; ask it for the nation, or ask for fewer at a time."
        )


def with_another(hidden: pd.Series, sizes: pd.Series) -> pd.Series:
    """The hidden rows, and where it is one alone among several, the smallest of the others that is not empty.

    Examples
    --------
    >>> with_another(pd.Series([True, False, False, False]), pd.Series([8, 90, 0, 20])).tolist()
    [True, False, False, True]
    """
    others = sizes[~hidden & (sizes > 0)]
    if hidden.sum() != 1 or others.empty:
        return hidden
    return hidden | (sizes.index == others.idxmin())


def hide_small(table: pd.DataFrame, have: str, of: str) -> pd.DataFrame:
    """A coverage table of respondents by state with small cells hidden, and a flag `hidden` on these rows.

    Where two attributes cross and 1 to 4 respondents say yes, or no, all cells and shares of the row are missing:
    with one of them left, the other follows by subtraction. So it would from the nation's total where one place
    alone is hidden: then the smallest of the others is hidden too. Counts become nullable integers.
    """
    small = table[["yes", "no"]].isin(SMALL).any(axis=1)
    crossed = len(attributes(have, of)) >= MOST_ATTRIBUTES
    hidden = with_another(small, table["facilities"]) if crossed else small & False
    counts = [name for name in table if name in CELLS or str(name).startswith("unknown_")]
    shares = [name for name in SHARES if name in table]
    kept = table.assign(hidden=hidden).astype(dict.fromkeys(counts, "Int64"))
    kept.loc[hidden, counts] = pd.NA
    kept.loc[hidden, shares] = float("nan")
    return kept
