"""The four answers of every attribute: yes, no, not_reported, not_asked; to nullable boolean and back."""

from __future__ import annotations

import pandas as pd

YES, NO, NOT_REPORTED, NOT_ASKED = "yes", "no", "not_reported", "not_asked"
ANSWERS = (YES, NO, NOT_REPORTED, NOT_ASKED)
ANSWER_TYPE = pd.CategoricalDtype(list(ANSWERS), ordered=False)


def to_boolean(answers: pd.Series) -> pd.Series:
    """Nullable boolean of a column of answers: yes -> True, no -> False, the two kinds of unknown -> NA.

    Examples
    --------
    >>> to_boolean(pd.Series(["yes", "no", "not_asked"])).tolist()
    [True, False, <NA>]
    """
    codes = answers.astype(ANSWER_TYPE).cat.codes.to_numpy()
    known = (codes == ANSWERS.index(YES)) | (codes == ANSWERS.index(NO))
    values = pd.arrays.BooleanArray(codes == ANSWERS.index(YES), ~known)
    return pd.Series(values, index=answers.index, name=answers.name)
