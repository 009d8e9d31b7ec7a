"""Who told a program's hours and on what day, and what the program says in its own words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.releases import store
from iop_analysis.releases.evidence import SESSION
from iop_analysis.releases.listing import Listing

QUOTE_WORDS = 25


def is_combined(listed: Listing) -> bool:
    """Whether a release is a list with its witnesses, built on this machine."""
    return listed.release.list_name != listed.release.name and listed.release.name in store.built()


def days(listed: Listing, rows: pd.DataFrame) -> pd.Series:
    """Day on which the hours of each row were told: that of the newest witness that is heard, else of the entry."""
    own = rows["information_date"].fillna(listed.release.reference_date or "").astype("str")
    if not is_combined(listed):
        return own
    links = store.read(listed.release, ["links"])[0]["links"]
    told = listed.hours[["facility_id", "witness"]].drop_duplicates().merge(links, on=["facility_id", "witness"])
    newest = told[told["date"] != ""].groupby("facility_id")["date"].max()
    return rows["facility_id"].map(newest).fillna(own).astype("str")


def together(spoken: Iterable[tuple[str, str]]) -> str:
    """Hours of one facility and scope as one text: what its witnesses agree on, else what each of them says.

    Parameters
    ----------
    spoken
        Witness (empty where there is one file) and week in words.

    Examples
    --------
    >>> together([("", "Mon 9 am–5 pm")])
    'Mon 9 am–5 pm'
    """
    by_week: dict[str, list[str]] = {}
    for who, week in spoken:
        by_week.setdefault(week, []).append(who)
    if len(by_week) == 1:
        return next(iter(by_week))
    said = [f"{' and '.join(map(_title, who))}: {week}" for week, who in by_week.items()]
    return f"not known, sources differ ({'; '.join(said)})"


def _title(witness: str) -> str:
    return catalog.source_of(raw.find_release(witness)).title


def quotes(listed: Listing, rows: pd.DataFrame) -> pd.Series:
    """What each program says of its IOP's sessions in its own words, with address and day of the visit; else empty."""
    none = pd.Series("", index=rows.index, dtype="str")
    if not is_combined(listed):
        return none
    facts = store.read(listed.release, ["evidence"])[0]["evidence"]
    mine = facts[facts["fact"].isin([SESSION, "offers_evening_iop"]) & facts["words"].ne("")]
    mine = mine[mine["facility_id"].isin(rows["facility_id"])].drop_duplicates(["facility_id", "words"])
    columns = (mine[name].tolist() for name in ("facility_id", "words", "address", "date"))
    found: dict[str, str] = {}
    for facility, words, address, day in sorted(zip(*columns, strict=True)):
        found[facility] = " ".join(filter(None, (found.get(facility, ""), _quote(words, address, day))))
    return none.where(~rows["facility_id"].isin(found), rows["facility_id"].map(found))


def _quote(words: str, address: str, day: str) -> str:
    parts = words.split()
    cut = " ".join(parts[:QUOTE_WORDS]) + (" …" if len(parts) > QUOTE_WORDS else "")
    return f"“{cut}” ({address}, {_visited(day)})"


def _visited(day: str) -> str:
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        return "day of the visit not known"
    return f"visited {when.day} {when:%B %Y}"
