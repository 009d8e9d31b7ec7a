"""Answers out of code sets: which rows carry a code, and what a code that is not there means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis.catalog.answers import ANSWER_TYPE, NOT_ASKED, YES

Flags = npt.NDArray[np.bool_]


def from_codes(
    has: Mapping[str, Flags],
    rules: Iterable[Mapping[str, str]],
    side: str,
    filled: Mapping[str, Flags] | None = None,
) -> dict[str, pd.Categorical]:
    """Answers that the codes of each row give under the catalog's rules for one side of a source.

    Parameters
    ----------
    has
        For each code a flag per row: the row carries the code. A code that is no key was not on the form.
    rules
        Rows of a `codes/` table: `variable`, `code`, `category`, `side`, `blank` (what it means when none of a
        variable's codes is there), `silent` (what it means when the row has no code of the category at all)
        and `exempt` (rows with that code were not asked).
    side
        Which of the rules hold, such as `su` or `mh`.
    filled
        For each category a flag per row: the publisher's field holds anything. Where a category is no key, it is
        filled when the row carries any code of the category.

    Returns
    -------
    dict
        One categorical of answers for each variable that the rules ask on that side.
    """
    asked = [rule for rule in rules if rule["side"] == side and rule["code"] in has]
    names = dict.fromkeys(rule["variable"] for rule in asked if rule["variable"])
    return {name: _answer(name, asked, has, filled or {}) for name in names}


def _answer(
    name: str, asked: list[Mapping[str, str]], has: Mapping[str, Flags], filled: Mapping[str, Flags]
) -> pd.Categorical:
    mine = [rule for rule in asked if rule["variable"] == name]
    first = mine[0]
    yes = np.logical_or.reduce([has[rule["code"]] for rule in mine])
    answers = np.where(yes, YES, first["blank"]).astype(object)
    if first["silent"]:
        category = first["category"]
        members = [has[rule["code"]] for rule in asked if rule["category"] == category]
        spoken = filled.get(category, np.logical_or.reduce(members))
        answers[~yes & ~spoken] = first["silent"]
    if first["exempt"] in has:
        answers[~yes & has[first["exempt"]]] = NOT_ASKED
    return pd.Categorical(answers, dtype=ANSWER_TYPE)


def flags(texts: pd.Series, separator: str | None = None) -> dict[str, Flags]:
    """For each word of a column of separated words, a flag per row that carries it.

    Parameters
    ----------
    texts
        Text, missing allowed; position counts, not the index.
    separator
        Blank space where None, else the separating text; words are stripped.

    Examples
    --------
    >>> {word: here.tolist() for word, here in flags(pd.Series(["MD PI", None, "PI"])).items()}
    {'MD': [True, False, False], 'PI': [True, False, True]}
    """
    split = [text.split(separator) for text in texts.fillna("").tolist()]
    # Flat arrays instead of an exploded column: a directory holds more than a million codes.
    words = np.array([word for one in split for word in one], dtype=object)
    rows = np.repeat(np.arange(len(split)), [len(one) for one in split])
    numbers, names = pd.factorize(words)
    marks: dict[str, Flags] = {}
    table = np.zeros((len(names), len(split)), dtype=bool)
    table[numbers, rows] = True
    for name, here in zip(names, table, strict=True):
        if word := str(name).strip():
            marks[word] = marks[word] | here if word in marks else here
    return marks
