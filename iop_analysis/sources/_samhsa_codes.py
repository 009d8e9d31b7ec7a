"""What SAMHSA's service codes say, in its directory and in its locator alike: answers, ownership, languages."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers, service_codes
from iop_analysis.sources import _codes

CODE_TABLE = "samhsa"
# A sheet with fewer codes than this share of the known form is a part of one.
WHOLE_FORM = 0.8


def form_of(kind: str, seen: Iterable[str]) -> tuple[str, frozenset[str]]:
    """Name of the known form (`su`, `mh`, `export`) that a list of codes is, and the codes that can be carried."""
    codes = frozenset(seen)
    name = service_codes.nearest_form(kind, codes)
    known = service_codes.forms()[name]
    return name, codes if len(codes) >= WHOLE_FORM * len(known) else codes | known


def coded(has: dict[str, _codes.Flags], side: str, count: int, form: frozenset[str] | None = None) -> dict[str, object]:
    """Answers, ownership and languages that SAMHSA's service codes give.

    Parameters
    ----------
    has
        For each code a flag per row: the row carries it.
    side
        `su` or `mh`.
    count
        Number of rows.
    form
        Codes that the rows could carry: a question of which no code is among them was not asked. Every code where
        None.
    """
    rules = catalog.code_rules(CODE_TABLE)
    none = np.zeros(count, dtype=bool)
    full = {rule["code"]: has.get(rule["code"], none) for rule in rules}
    asked = full if form is None else {code: flag for code, flag in full.items() if code in form or flag.any()}
    found: dict[str, object] = dict(_codes.from_codes(asked, rules, side))
    if side == "su" and {"FEM", "MALE"} <= set(asked):
        found["serves_women_only"] = only(full["FEM"], full["MALE"])
        found["serves_men_only"] = only(full["MALE"], full["FEM"])
    found["ownership_type"] = ownership(full, rules, count)
    found["languages"] = labels(full, [rule for rule in rules if rule["variable"] == "languages"], count)
    return found


def only(these: _codes.Flags, others: _codes.Flags) -> pd.Categorical:
    """Whether a row takes these and not the others; a row that names neither does not say."""
    return _codes.first_of([(these & ~others, answers.YES), (these | others, answers.NO)], answers.NOT_REPORTED)


def ownership(has: dict[str, _codes.Flags], rules: tuple[dict[str, str], ...], count: int) -> list[str]:
    """One class per row; two different classes are `several`, none is `not reported`."""
    mine = [rule for rule in rules if rule["variable"] == "ownership_type"]
    texts = labels(has, mine, count)
    return ["not reported" if not text else "several" if ";" in text else text for text in texts]


def labels(has: dict[str, _codes.Flags], rules: list[dict[str, str]], count: int) -> list[str]:
    """Labels of the codes that each row carries, without repeats, joined by semicolons."""
    texts: list[dict[str, None]] = [{} for _ in range(count)]
    for rule in rules:
        for row in np.flatnonzero(has[rule["code"]]):
            texts[row][rule["label"]] = None
    return ["; ".join(text) for text in texts]


def free_for_all(facilities: pd.DataFrame) -> pd.Series:
    """`No payment accepted` beside a payer contradicts itself: such rows are not reported."""
    payers = [name for name in map(str, facilities) if name.startswith("accepts_") and name != "accepts_new_patients"]
    paid = (facilities[payers] == answers.YES).any(axis=1)
    free = facilities.get("is_free_for_all", pd.Series(answers.NOT_ASKED, index=facilities.index))
    return free.mask(free.eq(answers.YES) & paid, answers.NOT_REPORTED)
