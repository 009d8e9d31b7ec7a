"""State directories with one row a site: lists of words that answer, addresses in one line, marks that name a kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.sources import Aside, _codes, aside

# An address in one line: street (it may hold commas), city, state in letters, ZIP code.
ONE_LINE = (
    r"^(?P<street>.*?),?\s*,\s*(?P<city>[^,]+),\s*(?P<state>[A-Za-z]+)"
    r"(?:\s*-\s*[A-Za-z]+|\.)?\s+(?P<zip>\d{5})(?:-\d{4})?$"
)
SET_ASIDE = "set aside"


def one_line_addresses(texts: pd.Series) -> pd.DataFrame:
    """Street, city, state and ZIP code of addresses in one line; all missing where a text is none.

    Examples
    --------
    >>> one_line_addresses(pd.Series(["1 Elm St, Suite 2, Denver, CO 80203"])).iloc[0].tolist()
    ['1 Elm St, Suite 2', 'Denver', 'CO', '80203']
    """
    return texts.str.strip().str.extract(ONE_LINE)


def kinds(rows: pd.DataFrame, marks: dict[str, str]) -> pd.Series:
    """What each row is, in the words for the columns that hold `1`, joined by semicolons."""
    texts = pd.Series("", index=rows.index)
    for name, kind in marks.items():
        texts = texts.where(rows[name] != "1", (texts + "; " + kind).str.removeprefix("; "))
    return texts


def words_besides(texts: pd.Series, left_out: str, separator: str = ";") -> pd.Series:
    """Words of a list but one, as "Spanish; French" besides English."""
    split = texts.str.split(separator)
    return split.map(lambda words: "; ".join(word.strip() for word in words if word.strip() not in ("", left_out)))


def answers_of(rows: pd.DataFrame, release: catalog.Release) -> tuple[dict[str, pd.Categorical], tuple[Aside, ...]]:
    """Answers under `codes/SOURCE.csv`, whose codes are `item:word`; `codes/SOURCE_items.csv` says where items stand.

    An item without a separator holds one word. A word that no rule knows goes to the gate where the item's facts say
    so; what else that row might have meant is then not reported.
    """
    rules = catalog.code_rules(release.source)
    items = [one for one in catalog.code_rules(f"{release.source}_items") if one["column"] in rows]
    has: dict[str, _codes.Flags] = {}
    filled: dict[str, _codes.Flags] = {}
    none = np.zeros(len(rows), dtype=bool)
    strange: tuple[Aside, ...] = ()
    for item in items:
        column = rows[item["column"]]
        mine = _flags(column, item)
        known = {rule["code"]: none for rule in rules if _item(rule) == item["item"]}
        odd = [word for word in mine if word not in known and item["unknown"] == SET_ASIDE]
        unread = np.logical_or.reduce([none, *(mine[word] for word in odd)])
        for word in odd:
            told = pd.Series(word.split(":", 1)[1], index=rows.index)
            strange += aside(pd.Series(mine[word]), told, item["column"], "no_known_word")
        has |= known | {word: flag for word, flag in mine.items() if word in known}
        category = item["category"]
        filled[category] = filled.get(category, none) | (column.ne("").to_numpy() & ~unread)
    return _codes.from_codes(has, rules, "site", filled), strange


def _item(rule: dict[str, str]) -> str:
    return rule["code"].split(":", 1)[0]


def _flags(column: pd.Series, item: dict[str, str]) -> dict[str, _codes.Flags]:
    found = _codes.flags(_codes.words(column, item["separator"] or "\n"))
    return {f"{item['item']}:{word}": flag for word, flag in found.items()}
