"""What survey respondents may be asked: no county, no names, no owners within a state, two attributes by state."""

from __future__ import annotations

from iop_analysis import catalog, criteria
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError

MOST_ATTRIBUTES = 2
FINER = ("county", "congress", "upper", "lower")


def attributes(have: str, of: str) -> list[str]:
    """Columns that a question crosses with the place, each once.

    Examples
    --------
    >>> attributes("medicaid & sliding_fee", "iop")
    ['offers_iop', 'accepts_medicaid', 'offers_sliding_fee']
    """
    atoms = (*criteria.parse(of).atoms, *criteria.parse(have).atoms)
    return list(dict.fromkeys(atom.name for atom in atoms))


def check(source: str, have: str, of: str, by: str | None = None, state: str | None = None, *, side: str = "") -> None:
    """Refuse a question that a survey cannot answer or must not be asked; a `CallError` says why.

    Parameters
    ----------
    source
        Key of a source; of a source that is not a survey nothing is refused.
    have, of
        Criteria.
    by, state
        As in `coverage`: the level of the places, and the one state that is asked about.
    side
        `su` or `mh`; a side that is not the survey's first counts as an attribute.
    """
    if not catalog.for_statistics(source):
        return
    title = catalog.source(source).title
    names = attributes(have, of)
    if by in FINER:
        raise CallError(f"{title} tells a respondent's state and nothing finer; ask --by state or a directory.")
    if any(name in hours_tests.TESTS for name in names):
        raise CallError(f"{title} does not ask for opening hours; ask a source that has them.")
    if by == "ownership" and state:
        raise CallError(
            f"{title} is for statistics: owners within one state are few; ask --by ownership for the nation."
        )
    crossed = len(names) + (side not in ("", catalog.source(source).sides[0]))
    if (by or state) and crossed > MOST_ATTRIBUTES:
        raise CallError(
            f"{title} is for statistics: by state at most {MOST_ATTRIBUTES} attributes are crossed, and this question "
            f"crosses {crossed}; ask it for the nation, or ask for fewer at a time."
        )
