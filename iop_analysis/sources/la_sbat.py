"""SBAT: Los Angeles County's list of treatment sites, with the agency's and its intake's hours per weekday."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.hours.minutes import span
from iop_analysis.hours.week import DAYS
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, Note, aside, join_text, notes, rename

# A site whose street is withheld is written ", City, CA 90000"; a no-break space stands before the ZIP code.
ADDRESS = r"^(?:(?P<street>.*?)\s*,)?\s*(?P<city>[^,]+?)\s*,\s*(?P<state>[A-Za-z]{2})\s+(?P<zip>\d{5})(?:-\d{4})?\s*$"
CLOSED = "closed"
# What the page prints before a value also where there is none.
NAME_LABEL, DATE_LABEL = "Secondary Agency Name:", r"^Last Updated:\s*"
SITE = ("name", "address", "phone", "modified", "beds")
# Hours of the agency are those of the building.
SCOPES = {"agency": "site", "intake": "intake"}
STATE = "CA"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one export as text under the catalog's names."""
    return rename(raw.read_text_table(path), release, path)


def _with_second_names(rows: pd.DataFrame) -> pd.Series:
    """Second name of each row; a line of the list of results has that of the same site among the details.

    The export holds each site twice: with its details, and as a line that leaves out the second name and the hours.
    With its name the gate sees that it is a repeat.
    """
    second = rows["second_name"].str.removeprefix(NAME_LABEL).str.strip()
    lines = rows["wheelchair"] == ""
    site = [rows[name] for name in SITE]
    number = rows.groupby([*site, lines]).cumcount()
    keys = pd.MultiIndex.from_arrays([*site, number])
    details = pd.Series(second[~lines].to_numpy(), index=keys[~lines])
    found = details.reindex(keys).fillna("").to_numpy()
    return second.where(~lines | (second != ""), found)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical sites and hours of one export; the facility of an hours row is its position."""
    cells = pd.concat([_cells(rows, who) for who in SCOPES], ignore_index=True)
    facilities = pd.DataFrame(_who_and_where(rows))
    facilities["hours_status"] = _status(rows, cells)
    facilities["hours_text"] = _text(rows)
    hours = cells[cells["written"] & ~cells["closed"]].sort_values(["facility_id", "number"], kind="stable")
    unknown = _blank_days(cells)
    hours = pd.concat([hours, unknown], ignore_index=True)[HOURS_COLUMNS]
    written = rows["modified"].str.replace(DATE_LABEL, "", regex=True).str.strip() != ""
    late = aside(written & facilities["information_date"].isna(), rows["modified"], "modified", "no_date")
    return Cleaned(facilities, hours, _notes(cells, facilities), aside=late)


def _who_and_where(rows: pd.DataFrame) -> dict[str, object]:
    address = rows["address"].str.replace("\u00a0", " ").str.extract(ADDRESS)
    hidden = address["street"].fillna("") == ""
    return {
        "name": join_text([rows["name"], _with_second_names(rows)], " - "),
        "street": address["street"].mask(hidden),
        "city": address["city"],
        "state": address["state"].str.upper().fillna(STATE),
        "zip": address["zip"],
        "address_hidden": hidden,
        "phone": rows["phone"],
        "website": rows["website"],
        "facility_type": "",
        "languages": rows["languages"].map(_other_languages),
        "information_date": _dates(rows),
    }


def _other_languages(text: str) -> str:
    """Languages besides English, of a list with commas or of names that the page ran together."""
    spaced = pd.Series([text]).str.replace(r"(?<=[a-z])(?=[A-Z])", ",", regex=True).iloc[0]
    words = [word.strip() for word in str(spaced).split(",")]
    return "; ".join(word for word in words if word not in ("", "English"))


def _dates(rows: pd.DataFrame) -> pd.Series:
    texts = rows["modified"].str.replace(DATE_LABEL, "", regex=True).str.strip()
    return pd.to_datetime(texts, format="%m/%d/%Y %I:%M:%S %p", errors="coerce").dt.strftime("%Y-%m-%d")


def _cells(rows: pd.DataFrame, who: str) -> pd.DataFrame:
    """One row per site and day: what its pair of cells says, minutes missing where it says no opening hours."""
    parts = [_day(rows, who, day).assign(number=number) for number, day in enumerate(DAYS)]
    return pd.concat(parts, ignore_index=True)


def _day(rows: pd.DataFrame, who: str, day: str) -> pd.DataFrame:
    opens, closes = (rows[f"{who}_{day}_{end}"].str.strip() for end in ("opens", "closes"))
    pairs = list(zip(opens, closes, strict=True))
    spans = [found if found and found[0] < found[1] else (None, None) for found in (span(*pair) for pair in pairs)]
    table = pd.DataFrame(spans, columns=["opens_minute", "closes_minute"], index=rows.index).astype("Int64")
    unread = table["opens_minute"].isna()
    return table.assign(
        facility_id=rows.index,
        day=day,
        scope=SCOPES[who],
        written=(opens != "") | (closes != ""),
        closed=(opens.str.lower() == CLOSED) & (closes.str.lower() == CLOSED),
        label=(opens + "-" + closes).where(unread, ""),
    )


def _blank_days(cells: pd.DataFrame) -> pd.DataFrame:
    """A row without minutes for each blank day beside written ones: the publisher writes "Closed"."""
    spoken = cells.groupby(["facility_id", "scope"])["written"].transform("any")
    return cells[spoken & ~cells["written"]].assign(label="")


def _status(rows: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    site = cells[cells["scope"] == SCOPES["agency"]]
    site = site.assign(
        read=site["closed"] | site["opens_minute"].notna(),
        whole=(site["closes_minute"] - site["opens_minute"]).eq(1440).fillna(False),
    )
    days = site.groupby("facility_id")
    status = pd.Series("known", index=rows.index).mask(~days["read"].all(), "partial")
    return status.mask(days["whole"].all(), "always").mask(~days["written"].any(), "unknown")


def _text(rows: pd.DataFrame) -> pd.Series:
    parts = []
    for who in SCOPES:
        for day in DAYS:
            pair = rows[f"{who}_{day}_opens"] + "-" + rows[f"{who}_{day}_closes"]
            pair = pair.str.replace(r"(?i)^closed-closed$", "closed", regex=True)
            named = f"{day} " + pair if who == "agency" else f"intake {day} " + pair
            parts.append(named.mask(pair == "-", ""))
    return join_text(parts, "; ")


def _notes(cells: pd.DataFrame, facilities: pd.DataFrame) -> tuple[Note, ...]:
    unread = cells["written"] & ~cells["closed"] & cells["opens_minute"].isna()
    status = facilities["hours_status"]
    return notes(
        (
            status.eq("always").sum(),
            "sites are open day and night all week: a 24-hour day (unknown for evening)",
        ),
        (unread.sum(), "day cells close before they open or cannot be read: not corrected, that day is unknown"),
        (len(_blank_days(cells)), "blank day cells beside filled ones: that day is unknown, closed is written"),
        (facilities["address_hidden"].sum(), "sites whose street is withheld or unreadable; they are never linked"),
        (status.eq("unknown").sum(), "rows without any hours (many repeat a row with hours): unknown, never closed"),
    )
