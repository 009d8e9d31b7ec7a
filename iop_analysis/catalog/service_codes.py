"""The service codes of SAMHSA's sheets: what each means, on which form it stands, and what its absence says."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from iop_analysis import catalog
from iop_analysis.errors import CallError

TABLE = "samhsa_codes"
# Forms by name: the side and year of a directory, the year of an export (its side is that of the entry).
PLAIN = ("code", "category", "label")
SIDES = ("su", "mh")


@dataclass(frozen=True)
class Absence:
    """What it means that an entry lacks a code, and what if it has no code of the category (empty: the same)."""

    blank: str
    silent: str
    category: frozenset[str]


@cache
def codes() -> dict[str, dict[str, str]]:
    """Every known code: `category`, `label` and a mark under each form that holds it."""
    return {row["code"]: row for row in catalog.code_rules(TABLE)}


@cache
def forms() -> dict[str, frozenset[str]]:
    """Codes of each known form, oldest first."""
    rows = catalog.code_rules(TABLE)
    names = [name for name in rows[0] if name not in PLAIN]
    return {name: frozenset(row["code"] for row in rows if row[name]) for name in names}


def nearest_form(kind: str, seen: Iterable[str]) -> str:
    """The known form of a kind (`su`, `mh`, `export`) that has most in common with the codes seen, the newest of them.

    Examples
    --------
    >>> nearest_form("su", ["OIT", "DLC", "MWS"])
    'su-2023'
    """
    found = frozenset(seen)
    alike = [name for name in forms() if name.startswith(f"{kind}-")]
    return max(reversed(alike), key=lambda name: len(found & forms()[name]) - len(found - forms()[name]))


def known_code(text: str) -> str:
    """A code in capitals; a `CallError` names the nearest ones where there is none such."""
    code = text.strip().upper()
    if code in codes():
        return code
    near = difflib.get_close_matches(code, codes(), n=3, cutoff=0.4) or sorted(codes())[:3]
    named = ", ".join(f"{one} ({codes()[one]['label'] or 'not explained'})" for one in near)
    raise CallError(f"There is no service code {text!r}; did you mean {named}?")


@cache
def absence(form: str, code: str) -> Absence:
    """What it says that an entry lacks a code; the form is named as built releases do, such as `mh/export-2026`."""
    side, _, name = form.partition("/")
    directories = [one for one in forms() if one.split("-")[0] in SIDES]
    of_a_side = {one.split("-")[0] for one in directories if code in forms()[one]}
    if code not in forms().get(name, ()) or (of_a_side and side not in of_a_side):
        return Absence("not_asked", "", frozenset())
    category = codes()[code]["category"]
    for row in catalog.code_rules("samhsa_categories"):
        if row["category"] == category:
            members = frozenset(one for one, facts in codes().items() if facts["category"] == category)
            return Absence(row["blank"], row["silent"], members)
    return Absence("no", "", frozenset())
