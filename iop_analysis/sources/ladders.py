"""LADDERS: Colorado's licensed behavioral-health sites, with hours per weekday, fees and coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.hours.week import DAYS, read_cell
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, Note, _codes, notes, numbers, refuse_first, rename, row_number

# The publisher's line break inside an address, and the sentence that stands where the address is withheld.
LINE_BREAK = "_BR_ENCODED_"
ADDRESS = (
    r"^(?P<street>.*?),?\s*,\s*(?P<city>[^,]+),\s*(?P<state>[A-Za-z]+)"
    r"(?:\s*-\s*[A-Za-z]+|\.)?\s+(?P<zip>\d{5})(?:-\d{4})?$"
)
LISTS = ("substance_use", "mental_health", "fees", "population")
CLOSED_WORDS = ("fees",)


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one export as text under the catalog's names (three layouts since 2022)."""
    return rename(raw.read_text_table(path), release, path)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities and hours of one export."""
    hours = _hours(rows)
    status = _status(rows, hours)
    facilities = pd.DataFrame(_who_and_where(rows, release) | _answers(rows, release))
    facilities["hours_status"] = status
    facilities["hours_text"] = _hours_text(rows)
    return Cleaned(facilities, hours[HOURS_COLUMNS], _notes(rows, hours, facilities))


def _who_and_where(rows: pd.DataFrame, release: catalog.Release) -> dict[str, pd.Series]:
    address = rows["address"].str.replace(LINE_BREAK, ", ").str.strip()
    parts = address.str.extract(ADDRESS)
    hidden = (rows["hidden"] == "1") | parts["street"].isna()
    kinds = pd.Series("", index=rows.index)
    for name, kind in (
        ("sud_license", "substance use license"),
        ("mh_designation", "mental health designation"),
    ):
        kinds = kinds.where(rows[name] != "1", (kinds + "; " + kind).str.removeprefix("; "))
    return {
        "facility_id": rows["facility_id"],
        "name": rows["name"],
        "street": parts["street"].where(~hidden),
        "city": parts["city"].where(~hidden),
        "state": pd.Series("CO", index=rows.index),
        "zip": parts["zip"].where(~hidden),
        "county": rows["county"] if "county" in rows else pd.Series("", index=rows.index),
        "latitude": numbers(rows, "latitude", release).where(~hidden),
        "longitude": numbers(rows, "longitude", release).where(~hidden),
        "address_hidden": hidden,
        "phone": rows["phone"],
        "website": rows["website"],
        "facility_type": kinds,
        "languages": rows["languages"].str.split(";").map(_other_languages),
        "information_date": _dates(rows, "modified", release),
    }


def _dates(rows: pd.DataFrame, name: str, release: catalog.Release) -> pd.Series:
    found = pd.to_datetime(rows[name], format="%m/%d/%Y %I:%M %p", errors="coerce")
    bad = found.isna() & (rows[name] != "")
    refuse_first(bad, rows, name, release, "which is no date such as 5/16/2023 9:30 AM; mend the file")
    return found.dt.strftime("%Y-%m-%d")


def _other_languages(words: list[str]) -> str:
    return "; ".join(word.strip() for word in words if word.strip() not in ("", "English"))


def _answers(rows: pd.DataFrame, release: catalog.Release) -> dict[str, pd.Categorical]:
    rules = catalog.code_rules("ladders")
    found: dict[str, _codes.Flags] = {}
    for name in LISTS:
        words = _codes.flags(rows[name], ";")
        _refuse_unknown_words(name, words, rules, release)
        found |= {f"{name}:{word}": here for word, here in words.items()}
    for name, column in {"license": "sud_license", "designation": "mh_designation"}.items():
        found[f"{name}:1"] = (rows[column] == "1").to_numpy()
    for name in ("telehealth", "new_patients"):
        if name in rows:
            found |= {f"{name}:{word}": (rows[name] == word).to_numpy() for word in rows[name].unique()}
    on_the_form = set(rows.columns) | {"license", "designation"}
    none = np.zeros(len(rows), dtype=bool)
    has = {rule["code"]: found.get(rule["code"], none) for rule in rules if rule["code"].split(":")[0] in on_the_form}
    return _codes.from_codes(has, rules, "site", _filled(rows))


def _filled(rows: pd.DataFrame) -> dict[str, _codes.Flags]:
    single = {name: (rows[name] != "").to_numpy() for name in rows.columns}
    return {
        **single,
        "lists": single["substance_use"] | single["mental_health"],
        "licenses": single["sud_license"] | single["mh_designation"],
    }


def _refuse_unknown_words(
    name: str, words: dict[str, _codes.Flags], rules: tuple[dict[str, str], ...], release: catalog.Release
) -> None:
    if name not in CLOSED_WORDS:
        return
    known = {rule["code"].split(":", 1)[1] for rule in rules if rule["code"].startswith(f"{name}:")}
    for word, here in words.items():
        if word not in known:
            heading = catalog.columns(release)[name]
            raise DataError(
                f"{release.file}: row {row_number(int(here.argmax()))}, column {heading!r} holds {word!r}, which the "
                f"catalog does not know; add it to catalog/codes/ladders.csv with what it means."
            )


def _hours(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per filled cell; a cell that closes before it opens or cannot be read has no minutes."""
    cells = rows.melt("facility_id", list(DAYS), "day", "text")
    cells = cells[cells["text"].str.strip() != ""]
    read = {str(text): read_cell(str(text)) for text in cells["text"].unique()}
    spans = {text: span for text, span in read.items() if span and span[0] < span[1]}
    for place, name in enumerate(("opens_minute", "closes_minute")):
        cells[name] = cells["text"].map({text: span[place] for text, span in spans.items()}).astype("Int64")
    cells["label"] = cells["text"].where(cells["opens_minute"].isna(), "")
    return cells.assign(scope="site")


def _status(rows: pd.DataFrame, hours: pd.DataFrame) -> pd.Series:
    """Publisher's rule: seven blanks are unknown, otherwise a blank day is closed."""
    spans = hours.groupby("facility_id")
    unread = spans["opens_minute"].apply(lambda minutes: minutes.isna().any())
    whole = ((hours["closes_minute"] - hours["opens_minute"]) == 1440).groupby(hours["facility_id"]).sum() == 7
    status = pd.Series("known", index=unread.index).mask(unread, "partial").mask(whole.fillna(False), "always")
    return rows["facility_id"].map(status).fillna("unknown")


def _hours_text(rows: pd.DataFrame) -> pd.Series:
    text = pd.Series("", index=rows.index)
    for day in DAYS:
        text = text.where(rows[day] == "", (text + "; " + day + " " + rows[day]).str.removeprefix("; "))
    return text


def _notes(rows: pd.DataFrame, hours: pd.DataFrame, facilities: pd.DataFrame) -> tuple[Note, ...]:
    whole = (hours["closes_minute"] - hours["opens_minute"]) == 1440
    unread = hours["opens_minute"].isna()
    no_address = facilities["address_hidden"] & (rows["hidden"] != "1")
    pairs = [
        (
            whole.sum(),
            "day cells with equal opening and closing times, read as a 24-hour day (unknown for evening)",
        ),
        (
            unread.sum(),
            "day cells that close before they open or cannot be read: not corrected, that day is unknown",
        ),
        (
            facilities["address_hidden"].sum(),
            "sites whose address is withheld; they stay without street and point",
        ),
        (
            no_address.sum(),
            "of them not marked as hidden: their address is blank or written in a way that is not known",
        ),
        (facilities["hours_status"].eq("unknown").sum(), "sites without any hours: unknown, never closed"),
    ]
    if "iop_flag" in rows:
        flagged = (rows["iop_flag"] == "1") | (rows["iop_flag_mental_health"] == "1")
        listed = (facilities[["offers_iop", "offers_iop_mental_health"]] == answers.YES).any(axis=1)
        text = f"sites marked as IOP by 0/1 flags against {listed.sum()} in the service lists; the lists are used"
        pairs.append((flagged.sum(), text))
    return notes(*pairs)
