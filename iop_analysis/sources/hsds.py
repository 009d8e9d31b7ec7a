"""HSDS: packages of 211 and other community directories in Open Referral's format, a service at a location a row."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog.answers import ANSWER_TYPE, NOT_REPORTED, YES
from iop_analysis.hours.clauses import scope_of
from iop_analysis.hours.week import Week, hours_rows
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, Note, _codes, join_text, notes
from iop_analysis.sources import _hsds_package as package
from iop_analysis.sources import _hsds_schedules as schedules
from iop_analysis.sources._words import codes_said, programs, sentences
from iop_analysis.sources._written import read_written

# What a publisher writes for a service that no longer runs.
ENDED = ("defunct", "inactive", "temporarily closed", "closed")
# The text from which a publisher made the structured times, where the package carries it.
TEXT = "original_text"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A row for each service at a location, under the catalog's names, with the schedule rows that hold for it."""
    tables, counts = package.tables(path)
    layout = package.version(tables)
    headings = {row["name"]: row[layout] for row in catalog.read_rows("columns/hsds.csv") if row[layout]}
    parts = _parts(tables, headings)
    rows = [_row(link, parts, headings) for link in package.records(tables["service_at_location"])]
    table = pd.DataFrame(rows, columns=[*headings])
    ended = table["status"].str.lower().isin(ENDED)
    table = table[~ended].reset_index(drop=True)
    table.attrs["notes"] = [f"an HSDS package in the layout of version {layout}"]
    counts["services that their publisher marks as ended are left out"] = int(ended.sum())
    table.attrs["counts"] = dict(counts)
    return table


def _parts(tables: dict[str, pd.DataFrame], headings: dict[str, str]) -> dict[str, dict[str, list[package.Row]]]:
    """The package's tables by what their rows belong to."""
    schedule = headings["schedules"].split(".")[0]
    address = headings["street"].split(".")[0]
    found = {f"{name} of {key}": package.by_key(tables.get(name), key) for name, key in _links(headings)}
    times: dict[str, list[package.Row]] = {}
    for row in package.records(tables.get(schedule)):
        times.setdefault(schedules.key_of(row), []).append(row)
    found["address"] = found[f"{address} of location_id"]
    return found | {"schedules": times}


def _links(headings: dict[str, str]) -> list[tuple[str, str]]:
    payments = {headings[name].split(".")[0] for name in ("payments", "costs") if name in headings}
    phones = [("phone", key) for key in ("service_at_location_id", "service_id", "location_id")]
    return [
        ("service", "id"),
        ("organization", "id"),
        ("location", "id"),
        (headings["street"].split(".")[0], "location_id"),
        ("language", "service_id"),
        *[(table, "service_id") for table in sorted(payments)],
        ("attribute", "link_id"),
        *phones,
    ]


def _row(link: package.Row, parts: dict[str, dict[str, list[package.Row]]], headings: dict[str, str]) -> dict[str, Any]:
    """Everything that is known of one service at one location."""
    own, service_id, place_id = link["id"], link["service_id"], link["location_id"]
    service = package.first(parts["service of id"].get(service_id))
    phones = (
        parts["phone of service_at_location_id"].get(own)
        or parts["phone of service_id"].get(service_id)
        or parts["phone of location_id"].get(place_id)
    )
    rows = {
        "service_at_location": [link],
        "service": [service],
        "organization": parts["organization of id"].get(service.get("organization_id", "")),
        "location": parts["location of id"].get(place_id),
        headings["street"].split(".")[0]: _physical(parts["address"].get(place_id)),
        "phone": phones[:1] if phones else None,
        "language": parts["language of service_id"].get(service_id),
        "attribute": parts["attribute of link_id"].get(service_id),
    }
    rows |= {
        name.removesuffix(" of service_id"): found.get(service_id)
        for name, found in parts.items()
        if name.startswith(("payment_accepted", "cost_option"))
    }
    said = {
        name: package.joined(rows.get(heading.split(".")[0]), heading.split(".")[1])
        for name, heading in headings.items()
        if name != "schedules"
    }
    return said | {"schedules": schedules.for_place(parts["schedules"], own, service_id, place_id)}


def _physical(rows: list[package.Row] | None) -> list[package.Row]:
    """The address people go to: the first that is not for letters only."""
    return [row for row in rows or [] if row.get("address_type", "") != "postal"][:1]


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical services at locations, and their hours."""
    facilities = pd.DataFrame(_who_and_where(rows, release) | _answers(rows))
    texts = rows["schedules"].map(lambda listed: package.joined(listed, TEXT))
    listed = [schedules.week_of(one, release.reference_date) for one in rows["schedules"]]
    weeks = pd.Series(listed, index=rows.index, dtype=object)
    # Where the publisher's own text is there it decides: the structured times are made from it, and lose parts of it.
    told = texts.where(texts != "", rows["schedules"].map(partial(_described, date=release.reference_date)))
    from_text = (texts != "") | (weeks.map(lambda week: week.status) == "unknown")
    written = read_written(facilities["facility_id"][from_text], told[from_text])
    structured = [
        row
        for place in weeks.index[~from_text]
        for row in _labelled(weeks[place], rows["schedules"][place], rows["facility_id"][place], release.reference_date)
    ]
    facilities["hours_status"] = weeks.map(lambda week: week.status).mask(from_text, written.status)
    facilities["hours_text"] = told.where(told != "", weeks.map(lambda week: week.to_osm()))
    hours = pd.concat([written.hours, pd.DataFrame(structured, columns=HOURS_COLUMNS)], ignore_index=True)
    return Cleaned(facilities, hours, _notes(rows, facilities, texts, weeks, written.weeks) + written.notes)


def _described(listed: list[package.Row], date: str) -> str:
    """What the schedules in force say in words."""
    return package.joined([row for row in listed if schedules.in_force(row, date)], "description")


def _labelled(week: Week, listed: list[package.Row], identifier: str, reference_date: str) -> list[dict[str, Any]]:
    """Hours rows of a week, under the scope of what each of its schedules says it is about.

    A day that is unknown in a schedule without any time is unknown for all.
    """
    groups: dict[str, list[package.Row]] = {}
    for row in listed:
        groups.setdefault(row.get("description", "").strip(), []).append(row)
    spans = [
        span
        for label, group in groups.items()
        for span in hours_rows(schedules.week_of(group, reference_date), identifier, scope_of(label), label)
    ]
    placed = {span["day"] for span in spans if span["opens_minute"] is None}
    rest = week.unknown_days - placed
    return spans + [
        span for span in hours_rows(week, identifier) if span["opens_minute"] is None and span["day"] in rest
    ]


def _who_and_where(rows: pd.DataFrame, release: catalog.Release) -> dict[str, Any]:
    same = rows["organization"].str.lower() == rows["name"].str.lower()
    return {
        "facility_id": rows["facility_id"],
        "name": join_text([rows["organization"].where(~same, ""), rows["name"]], " - "),
        "street": join_text([rows["street"], rows["suite"]], ", "),
        "first_line": rows["street"],
        "city": rows["city"],
        "state": rows["state"].str.upper(),
        "zip": rows["zip"].mask(_foreign(rows), ""),
        "latitude": rows["latitude"],
        "longitude": rows["longitude"],
        "phone": rows["phone"],
        "website": rows["website"],
        "languages": rows["languages"].map(
            lambda text: "; ".join(word for word in text.split("\n") if word and word != "English")
        ),
        "facility_type": "",
        "information_date": rows["changed"].str[:10] if "changed" in rows else "",
    }


def _foreign(rows: pd.DataFrame) -> pd.Series:
    """Whether a postal code has letters, as in Canada."""
    return rows["zip"].str.contains("[A-Za-z]")


def _answers(rows: pd.DataFrame) -> dict[str, pd.Categorical]:
    """Answers of the words that a service says; what it does not say is not reported."""
    none = pd.Series("", index=rows.index)
    paying = [rows.get(name, none) for name in ("payments", "costs", "fees")]
    payment = join_text(paying, "\n").fillna("").str.replace(r"[,|]", ";", regex=True)
    text = join_text([rows["application"], rows["description"]], "\n").fillna("")
    named = join_text([rows["name"], rows["description"]], "\n").fillna("")
    rules = catalog.code_rules("hsds")
    has = codes_said(rules, {"payment": sentences(payment), "text": sentences(text)}, len(rows))
    has |= {f"words:{name}": here for name, here in programs(named).items()}
    return _termed(_codes.from_codes(has, rules, "service"), rows.get("terms", none))


def _termed(found: dict[str, pd.Categorical], terms: pd.Series) -> dict[str, pd.Categorical]:
    """Answers with a yes to each word under whose own name a package has an attribute, as those written here have."""
    named = terms.str.split("\n")
    for name in sorted(set(named.explode()) & set(catalog.answer_variables())):
        said = np.array([name in one for one in named])
        known = found.get(name, np.full(len(terms), NOT_REPORTED, dtype=object))
        found[name] = pd.Categorical(np.where(said, YES, np.asarray(known)).tolist(), dtype=ANSWER_TYPE)
    return found


def _notes(
    rows: pd.DataFrame, facilities: pd.DataFrame, texts: pd.Series, weeks: pd.Series, written: dict[str, Week]
) -> tuple[Note, ...]:
    told = facilities["facility_id"][texts != ""]
    other = sum(written[one].days != week.days for one, week in zip(told, weeks[texts != ""], strict=True))
    silent = rows["schedules"].map(len) == 0
    unread = ~rows["schedules"].map(lambda listed: all(map(schedules.is_read, listed))).astype(bool)
    return notes(
        ((texts != "").sum(), "rows carry the text that their structured times were made from: the text is read"),
        (other, "of them have structured times that say another week than their text"),
        (unread.sum(), "rows have a schedule whose weekdays cannot be read in full: those days are unknown"),
        (silent.sum(), "rows without any schedule: hours are unknown, never closed"),
        (_foreign(rows).sum(), "rows with a postal code of another country: they stay without a ZIP code"),
        (facilities["state"].eq("").sum(), "rows without a state: they count in no state"),
    )
