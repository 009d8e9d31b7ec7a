"""A combined list as an HSDS 3 package, the tables that 211 directories import: programs, where, when, what they say.

A package names what somebody says is there. What is denied or unknown is left out, so that nobody is listed for it; so
are programs whose IOP a witness disputes, hours on which two witnesses differ, and whatever a publisher withholds. Of
each yes and each week it says who said it, and when.

References: Open Referral, Human Services Data Specification 3.0 (tables, required fields, recurrence rules).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.hours.minutes import WHOLE_DAY, written
from iop_analysis.linking.websites import web_link
from iop_analysis.raw.workbooks import harmless
from iop_analysis.releases import evidence, listing
from iop_analysis.releases.together import Combination
from iop_analysis.releases.witnesses import GROUPS, dates_of

Row = dict[str, Any]
NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "iop_analysis")
TAXONOMY = "iop_analysis"
# What a program is called, so that who reads names alone knows what it treats.
SERVICES = {
    "offers_iop": "Intensive outpatient program for substance use",
    "offers_iop_mental_health": "Intensive outpatient program for mental health",
}
BOTH = "Intensive outpatient program for substance use and for mental health"
PAYING = ("payer", "help with cost")
ONLY = "Only what a list or a witness says is named here."
CALL = "From public lists, which may be out of date: call before you go."
HIDDEN = "The publisher withholds the address."


def programs(made: Combination) -> pd.DataFrame:
    """The rows that go out: public programs, once each, whose IOP nobody disputes, as an output may name them."""
    rows = made.listing.public.facilities
    rows = rows.assign(offers_iop=rows["offers_iop"].mask(disputed(rows), answers.NOT_REPORTED))
    offered = rows["offers_iop"].eq(answers.YES) | rows["offers_iop_mental_health"].eq(answers.YES)
    return listing.shown(rows[offered & rows["duplicate_of"].isna()]).reset_index(drop=True)


def disputed(facilities: pd.DataFrame) -> pd.Series:
    """Flags of the rows that list an IOP of which a linked row says that there is none."""
    return facilities["offers_iop"].eq(answers.YES) & facilities["offers_iop_elsewhere"].eq(answers.NO)


def tables(made: Combination) -> dict[str, list[Row]]:
    """The package's tables by name, rows with the fields of `catalog/hsds_fields.csv` that they have.

    Parameters
    ----------
    made
        A combined list.

    Returns
    -------
    dict
        Identifiers are made of the list's name and its own identifiers: the same in every package of that list.
    """
    found: dict[str, list[Row]] = {row["table"]: [] for row in catalog.read_rows("hsds_fields.csv")}
    said = _Said(made)
    weeks = _weeks(made)
    for row in _records(programs(made)):
        for table, one in (*_program(row, said), *_offered(row, said), *_open(row, said, weeks)):
            found[table].append({name: harmless(value) for name, value in one.items() if _there(value)})
    found["organization"] = list({one["id"]: one for one in found["organization"]}.values())
    used = {one["taxonomy_term_id"] for one in found["attribute"]}
    found["taxonomy"] = [{"id": TAXONOMY, "name": TAXONOMY, "description": "The columns of iop_analysis."}]
    found["taxonomy_term"] = [_term(one) for one in catalog.variables().values() if one.name in used]
    return found


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _there(value: Any) -> bool:
    return value is not None and value != "" and not (isinstance(value, float) and pd.isna(value))


def _term(variable: catalog.Variable) -> Row:
    return {
        "id": variable.name,
        "name": variable.label,
        "description": variable.definition,
        "taxonomy_id": TAXONOMY,
    }


class _Said:
    """Who said what of each program, and when."""

    def __init__(self, made: Combination) -> None:
        self.release = made.listing.release
        self.list_name = self.release.list_name
        self.titles: dict[str, str] = {}
        self.own = dates_of(made.listing).to_dict()
        links = zip(made.links["facility_id"], made.links["witness"], strict=True)
        self.dates = dict(zip(links, made.links["date"].fillna(""), strict=True))
        taken = made.evidence[made.evidence["value"].eq(answers.YES) & made.evidence["status"].eq(evidence.TAKEN)]
        self.facts: dict[tuple[str, str], list[Row]] = {}
        for fact in _records(taken):
            self.facts.setdefault((fact["facility_id"], fact["fact"]), []).append(fact)

    def id(self, table: str, *parts: object) -> str:
        """The identifier of a row of a table."""
        return str(uuid.uuid5(NAMES, "\0".join([self.list_name, table, *map(str, parts)])))

    def date(self, facility: str, witness: str) -> str:
        """The day of what a witness says of a program, empty where nobody knows it."""
        if witness == self.list_name:
            return str(self.own.get(facility, ""))
        return str(self.dates.get((facility, witness), ""))

    def who(self, witness: str, date: str) -> str:
        """A witness in words: source, release and, where it is known, the day."""
        source, _, release = witness.partition("@")
        title = self.titles.setdefault(source, catalog.source(source).title)
        return f"{title}, release {release}" + (f", of {date}" if date else "")


def _program(row: Row, said: _Said) -> Iterator[tuple[str, Row]]:
    """A program as organization, service and place, and how to reach it."""
    key, who = row["facility_id"], said.who(said.list_name, said.own.get(row["facility_id"], ""))
    organization, service, place = (
        said.id("organization", row["name"]),
        said.id("service", key),
        said.id("location", key),
    )
    yield "organization", {"id": organization, "name": row["name"], "description": f"As listed in {who}."}
    day = said.own.get(key, "")
    yield (
        "service",
        {
            "id": service,
            "organization_id": organization,
            "name": _service(row),
            "description": ONLY,
            "url": web_link(row["website"]) if _there(row["website"]) else "",
            "status": "active",
            "alert": CALL,
            "last_modified": _moment(day),
        },
    )
    yield "location", _place(row, said, place) | {"organization_id": organization}
    yield "service_at_location", {"id": said.id("at", key), "service_id": service, "location_id": place}
    parts = {"address_1": "street", "city": "city", "state_province": "state", "postal_code": "zip"}
    address = {name: row[column] for name, column in parts.items()}
    if all(map(_there, address.values())):
        where = {"id": said.id("address", key), "location_id": place, "country": "US", "address_type": "physical"}
        yield "address", address | where
    if _there(row["phone"]):
        number = {"number": row["phone"], "type": "voice", "service_id": service}
        yield "phone", {"id": said.id("phone", key), **number}
    for language in filter(None, str(row["languages"] if _there(row["languages"]) else "").split("; ")):
        yield "language", {"id": said.id("language", key, language), "service_id": service, "name": language}


def _service(row: Row) -> str:
    offered = [name for name in SERVICES if row[name] == answers.YES]
    return SERVICES[offered[0]] if len(offered) == 1 else BOTH


def _moment(day: str) -> str:
    """A day as the specification writes moments: midnight stands for no time of day."""
    return f"{day}T00:00:00Z" if day else ""


def _place(row: Row, said: _Said, place: str) -> Row:
    hidden = row["address_hidden"]
    known: Row = {"id": place, "location_type": "physical", "name": row["name"]}
    if hidden:
        return known | {"description": HIDDEN}
    point = {} if row["point_quality"] in ("zip", "none") else {name: row[name] for name in ("latitude", "longitude")}
    return known | point | {"external_identifier": row["facility_id"], "external_identifier_type": said.list_name}


def _offered(row: Row, said: _Said) -> Iterator[tuple[str, Row]]:
    """Every yes as an attribute, with who said it; what is paid with, and help with the fee, as cost options too."""
    key, service = row["facility_id"], said.id("service", row["facility_id"])
    for name in catalog.answer_variables():
        if row[name] != answers.YES:
            continue
        variable = catalog.variables()[name]
        heard = said.facts.get((key, name), [])
        attribute = said.id("attribute", key, name)
        yield (
            "attribute",
            {
                "id": attribute,
                "link_id": service,
                "taxonomy_term_id": name,
                "link_type": variable.group,
                "link_entity": "service",
                "value": _value(key, heard, said),
            },
        )
        if variable.group in PAYING:
            yield "cost_option", {"id": said.id("cost", key, name), "service_id": service, "option": variable.label}
        for fact in heard:
            if fact["date"]:
                yield "metadata", _changed(said, attribute, fact)


def _value(key: str, heard: Iterable[Row], said: _Said) -> str:
    """`yes`, who says so, and the words of a program's own page with their address."""
    told = [
        said.who(fact["witness"], fact["date"]) + (f": “{fact['words']}” ({fact['address']})" if fact["words"] else "")
        for fact in heard
    ]
    return f"yes: {evidence.SEPARATOR.join(told or [said.who(said.list_name, said.own.get(key, ''))])}"


def _changed(said: _Said, attribute: str, fact: Row) -> Row:
    return {
        "id": said.id("metadata", attribute, fact["witness"], fact["witness_row"]),
        "resource_id": attribute,
        "resource_type": "attribute",
        "last_action_date": _moment(fact["date"]),
        "last_action_type": "update",
        "field_name": fact["fact"],
        "previous_value": fact["list_value"],
        "replacement_value": fact["value"],
        "updated_by": fact["witness"],
    }


def _weeks(made: Combination) -> dict[str, list[Row]]:
    """Hours rows by program, without those on which two witnesses differ, and once where several say the same."""
    hours = made.listing.hours.assign(group=made.listing.hours["scope"].map(GROUPS)).astype(object)
    hours = hours.where(hours.notna(), None)
    spans = [tuple(one) for one in hours[["day", "opens_minute", "closes_minute"]].to_numpy()]
    keys = ["facility_id", "group", "witness"]
    weeks = hours[keys].assign(span=pd.Series(spans, index=hours.index, dtype=object))
    weeks = weeks.groupby(keys)["span"].agg(frozenset).reset_index()
    agreed = weeks.groupby(["facility_id", "group"])["span"].agg(lambda one: len(set(one)) == 1)
    tellers = weeks.groupby(["facility_id", "group"])["witness"].agg(tuple)
    found: dict[str, list[Row]] = {}
    for row in _records(hours):
        place = row["facility_id"], row["group"]
        if agreed[place] and tellers[place][0] == row["witness"]:
            found.setdefault(row["facility_id"], []).append(row | {"tellers": tellers[place]})
    return found


def _open(row: Row, said: _Said, weeks: dict[str, list[Row]]) -> Iterator[tuple[str, Row]]:
    """A schedule for every time of the week, its days together; days without a time are unknown."""
    key, at = row["facility_id"], said.id("at", row["facility_id"])
    grouped: dict[tuple[Any, ...], list[str]] = {}
    for span in weeks.get(key, []):
        time = (span["scope"], span["opens_minute"], span["closes_minute"], span["label"], span["tellers"])
        grouped.setdefault(time, []).append(span["day"].upper())
    for time, days in grouped.items():
        scope, opens, closes, label, tellers = time
        who = evidence.SEPARATOR.join(said.who(witness, said.date(key, witness)) for witness in tellers)
        yield (
            "schedule",
            {
                "id": said.id("schedule", key, *time),
                "service_at_location_id": at,
                "freq": "WEEKLY",
                "byday": ",".join(dict.fromkeys(days)),
                **_clock(opens, closes),
                "description": f"{scope.capitalize()} hours",
                "notes": f"{who}: “{label}”" if label else who,
            },
        )
    if not grouped and row["hours_status"] == "by_appointment":
        yield (
            "schedule",
            {"id": said.id("schedule", key), "service_at_location_id": at, "description": "By appointment"},
        )


def _clock(opens: int | None, closes: int | None) -> Row:
    """Times of day; a day and a night are written to the last minute, since a clock has no 24:00."""
    if opens is None or closes is None:
        return {}
    last = WHOLE_DAY - 1 if (opens, closes) == (0, WHOLE_DAY) else closes % WHOLE_DAY
    return {"opens_at": written(opens), "closes_at": written(last)}
