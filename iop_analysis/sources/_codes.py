"""Answers out of code sets: which rows carry a code, and what a code that is not there means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iop_analysis.catalog.answers import ANSWER_TYPE, ANSWERS, NOT_ASKED, YES
from iop_analysis.raw.distinct import in_one

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
    found = [(yes, YES)]
    if first["exempt"] in has:
        found.append((has[first["exempt"]], NOT_ASKED))
    if first["silent"]:
        category = first["category"]
        spoken = filled.get(category)
        if spoken is None:
            spoken = np.logical_or.reduce([has[rule["code"]] for rule in asked if rule["category"] == category])
        found.append((~spoken, first["silent"]))
    return first_of(found, first["blank"])


def first_of(cases: Iterable[tuple[Flags, str]], otherwise: str) -> pd.Categorical:
    """Answers by the first case that holds in each row, as numbers of the four: texts would be compared one by one."""
    flags, texts = zip(*cases, strict=True)
    numbers = [ANSWERS.index(text) for text in texts]
    return pd.Categorical.from_codes(np.select(flags, numbers, ANSWERS.index(otherwise)), dtype=ANSWER_TYPE)


def words(texts: pd.Series, separator: str | None = None) -> pa.LargeListArray:
    """The stripped words of each text; missing counts as no text.

    Parameters
    ----------
    texts
        Text, missing allowed.
    separator
        Blank space where None, else the separating text.
    """
    column = in_one(texts.fillna(""))
    if separator is None:
        return pc.utf8_split_whitespace(pc.utf8_trim_whitespace(column))
    split = pc.split_pattern(column, separator)
    return pa.ListArray.from_arrays(split.offsets, pc.utf8_trim_whitespace(split.values))


def flags(listed: pa.ListArray) -> dict[str, Flags]:
    """For each word of the lists that `words` gives, a flag per row that carries it.

    Examples
    --------
    >>> {word: here.tolist() for word, here in flags(words(pd.Series(["MD PI", None, "PI"]))).items()}
    {'MD': [True, False, False], 'PI': [True, False, True]}
    """
    numbered = listed.flatten().dictionary_encode()
    table = np.zeros((len(numbered.dictionary), len(listed)), dtype=bool)
    table[numbered.indices, pc.list_parent_indices(listed)] = True
    return {word: here for word, here in zip(numbered.dictionary.to_pylist(), table, strict=True) if word}


def texts(has: Mapping[str, Flags], count: int) -> list[str]:
    """Words that each row carries, separated by blanks."""
    if not has:
        return [""] * count
    row, word = np.nonzero(np.column_stack(list(has.values())))
    names = np.array(list(has), dtype=object)[word].tolist()
    ends = np.cumsum(np.bincount(row, minlength=count)).tolist()
    return [" ".join(names[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
