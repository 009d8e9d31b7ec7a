"""LADDERS: Colorado's licensed behavioral-health sites, with hours per weekday, fees and coordinates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog.answers import YES
from iop_analysis.sources import Cleaned, Note, aside, notes, rename
from iop_analysis.sources._listed import answers_of, kinds, one_line_addresses, words_besides
from iop_analysis.sources._weekdays import weekly

LINE_BREAK = "_BR_ENCODED_"
DATE = "%m/%d/%Y %I:%M %p"
KINDS = {"sud_license": "substance use license", "mh_designation": "mental health designation"}


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one export as text under the catalog's names (three layouts since 2022)."""
    return rename(raw.read_text_table(path), release, path)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities and hours of one export; a withheld address is a sentence in its place."""
    parts = one_line_addresses(rows["address"].str.replace(LINE_BREAK, ", "))
    hidden = (rows["hidden"] == "1") | parts["street"].isna()
    week = weekly(rows)
    answered, strange = answers_of(rows, release)
    dates = pd.to_datetime(rows["modified"], format=DATE, errors="coerce").dt.strftime("%Y-%m-%d")
    plain = ["facility_id", "name", "county", "latitude", "longitude", "phone", "website"]
    facilities = rows[[name for name in plain if name in rows]].assign(
        **parts[["street", "city", "zip"]],
        state="CO",
        address_hidden=hidden,
        facility_type=kinds(rows, KINDS),
        languages=words_besides(rows["languages"], "English"),
        information_date=dates,
        hours_status=week.status,
        hours_text=week.text,
        **answered,
    )
    where = ["street", "city", "zip", "latitude", "longitude"]
    facilities[where] = facilities[where].mask(hidden)
    late = aside(dates.isna() & rows["modified"].ne(""), rows["modified"], "modified", "no_date")
    return Cleaned(facilities, week.hours, _notes(rows, facilities) + week.notes, aside=strange + late)


def _notes(rows: pd.DataFrame, facilities: pd.DataFrame) -> tuple[Note, ...]:
    hidden = facilities["address_hidden"]
    listed = (facilities[["offers_iop", "offers_iop_mental_health"]] == YES).any(axis=1)
    flags = [rows[name] == "1" for name in ("iop_flag", "iop_flag_mental_health") if name in rows]
    flagged = pd.concat(flags, axis=1).any(axis=1).sum() if flags else 0
    unmarked = "of them not marked as hidden: their address is blank or written in a way that is not known"
    return notes(
        (hidden.sum(), "sites whose address is withheld; they stay without street and point"),
        ((hidden & (rows["hidden"] != "1")).sum(), unmarked),
        (flagged, f"sites marked as IOP by 0/1 flags against {listed.sum()} in the service lists; the lists are used"),
    )
