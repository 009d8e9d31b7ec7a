"""Write the synthetic sample, and slices for tests, in the publishers' own formats: `python tests/make_sample.py`.

Every facility is invented and says so in its name; cities and ZIP codes are real. The traps of the real files are in
it in small number. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter
from invented import DAYS, LAYOUTS, Site, sites

from iop_analysis import catalog

FOLDER = Path(__file__).resolve().parents[1] / "data" / "raw" / "sample"
WRITTEN_ON = datetime.datetime(2023, 5, 16)  # noqa: DTZ001  (workbooks keep dates without a zone)
# How a state is written in LADDERS.
COLORADO = ("Colorado", "CO", "COLORADO", "Co")
TELEHEALTH = (
    ("No Telehealth Available", ""),
    ("Telehealth Available - No Restrictions", "Telehealth Available - With Restrictions"),
)

Rows = list[list[str]]
Content = dict[str, Any]


# LADDERS


def ladders(chosen: Iterable[Site], release: catalog.Release) -> Content:
    """One CSV in the layout of a LADDERS release."""
    headings = ladders_headings(release.columns or release.key)
    rows = [_ladders_row(site, release) for site in chosen if site.state == "CO"]
    return {"": [headings] + [[row.get(heading, "") for heading in headings] for row in rows]}


def ladders_headings(layout: str) -> list[str]:
    """The publisher's headings, in order."""
    if layout == "2022-07-01":
        return _split(LAYOUTS["ladders"]["full"])
    joined = LAYOUTS["ladders"].get("joined_" + layout.replace("-", "_"), "")
    return sorted(_split(LAYOUTS["ladders"]["plain"]) + _split(joined))


def _split(text: str) -> list[str]:
    return [word for word in text.strip("\n").split("|") if word]


def _ladders_row(site: Site, release: catalog.Release) -> dict[str, str]:
    columns = catalog.columns(release)
    said = {columns[name]: text for name, text in _ladders_values(site).items() if name in columns}
    state = COLORADO[site.number % 4]
    where = f"{site.street}{', ' * bool(site.suite)}{site.suite}", f"{site.city}, {state} {site.zip}"
    lines = {"ProviderLocationDisplayLabel": "_BR_ENCODED_", "Provider Location Display Label": "_BR_ENCODED_"}
    for heading in ("AddressOneLine", *lines):
        hidden = LAYOUTS["ladders"]["hidden_address"]
        said[heading] = hidden if site.has("hidden") else lines.get(heading, ", ").join(where)
    return said | {"DisplayName": site.name}


def _ladders_values(site: Site) -> dict[str, str]:
    hidden = site.has("hidden")
    lists = {} if site.has("no lists") else {name: _words(site, name) for name in ("substance_use", "mental_health")}
    return {
        "facility_id": f"SYN{site.number:012d}XXX",
        "name": site.name,
        "hidden": "1" if hidden else "0",
        "phone": site.phone if site.number % 5 else f"({site.phone[:3]}) {site.phone[4:]}",
        "website": site.website,
        "latitude": "" if hidden else site.latitude,
        "longitude": "" if hidden else site.longitude,
        "county": "" if hidden or site.has("no county") else site.county,
        "modified": "" if site.number % 14 == 3 else site.changed,
        **lists,
        "fees": "" if site.has("no payer") else _words(site, "fees"),
        "population": "; ".join(["Men", "Women"] + ["Youth"] * ("serves_adolescents" in site.yes)),
        "languages": "English; Spanish" if site.spanish else "English",
        "telehealth": TELEHEALTH["offers_telehealth" in site.yes][site.number % 2],
        "new_patients": "yes" if "accepts_new_patients" in site.yes else "",
        "sud_license": "1",
        "mh_designation": "1" if site.has("both sides") else "0",
        "iop_flag": "1" if "offers_iop" in site.yes else "0",
        "iop_flag_mental_health": "1" if "offers_iop_mental_health" in site.yes else "0",
        **dict(zip(DAYS, site.week, strict=True)),
    }


def _words(site: Site, column: str) -> str:
    rules = [rule for rule in catalog.code_rules("ladders") if rule["code"].startswith(f"{column}:")]
    return "; ".join(rule["code"].split(":", 1)[1] for rule in rules if rule["variable"] in site.yes)


# SAMHSA's codes: the National Directory and FindTreatment.gov


def codes(site: Site, side: str) -> dict[str, str]:
    """Service codes of a site on one side, with their categories: one code for each yes, and a few more."""
    rules = [rule for rule in catalog.code_rules("samhsa") if rule["side"] == side and rule["code"] != "SA"]
    found = {"SA": "TC"} if side == "su" else {"MH": "TC"}
    said = {rule["variable"]: rule for rule in reversed(rules) if rule["variable"] in site.yes}
    found |= {rule["code"]: rule["category"] for rule in rules if rule in said.values()}
    if site.has("no payer"):
        found = {code: category for code, category in found.items() if category not in ("PAY", "PYAS")}
    elif site.has("free beside payers") and side == "su":
        found |= {"NP": "PAY", "SF": "PAY"}
    if site.has("veterans"):  # Their form skips the sliding fee.
        found.pop("SS", None)
    found |= dict.fromkeys(_owners(site), "FOP") | ({"SP": "SL"} if site.spanish else {})
    extra = LAYOUTS["directory"]["extra"][side]
    return found | {code: category for code, category in extra.items() if code != "SUMH" or site.has("both sides")}


def _owners(site: Site) -> list[str]:
    if site.has("veterans"):
        return ["FED", "VAMC"]
    return [] if site.has("no owner") else ["PVTP", "PVTN"] if site.has("two owners") else [site.owner]


def directory(chosen: Iterable[Site], release: catalog.Release) -> Content:
    """The two sheets of a National Directory workbook; repeats follow at the end as in the real ones."""
    side = release.side
    mine = [site for site in chosen if side == "su" or site.has("both sides")]
    rows = [_directory_row(site, side) for site in mine]
    for site in mine:
        if site.has("repeated"):
            rows.append(_directory_row(site, side))
            rows[-1][3] = "Building 2"
    headings = _split(LAYOUTS["directory"]["headings"])
    capital = "2023" in (release.columns or release.key)
    first = [heading.capitalize() for heading in headings] if capital else headings
    sheets = LAYOUTS["directory"]["sheets"]
    return {sheets[0]: [first, *rows], sheets[1]: _code_sheet(side, capital=side == "mh")}


def _directory_row(site: Site, side: str) -> list[str]:
    groups: dict[str, list[str]] = {}
    for code, category in codes(site, side).items():
        groups.setdefault(category, []).append(code)
    street, suite = ("---", "") if site.has("hidden") else (site.street, site.suite)
    listed = " * ".join(" ".join(group) for group in groups.values())
    second = "Outpatient Office" if site.number % 8 == 0 else ""
    who = [site.name, second, street, suite, site.city, site.state, site.zip, site.phone]
    return [*who, site.phone if site.number % 7 == 0 else "", "", "", "", listed]


def _code_sheet(side: str, capital: bool) -> Rows:
    """Every code that the sample may carry, under short names of our own."""
    rules = [rule for rule in catalog.code_rules("samhsa") if rule["side"] in ("", side)]
    known = {rule["code"]: (rule["category"], rule["label"] or rule["variable"].replace("_", " ")) for rule in rules}
    known |= {code: (category, f"code {code}") for code, category in LAYOUTS["directory"]["extra"][side].items()}
    headings = _split(LAYOUTS["directory"]["reference"])
    first = [heading.capitalize() for heading in headings] if capital else headings
    return [first] + [[category, category, code, name, ""] for code, (category, name) in known.items()]


def findtreatment(chosen: Iterable[Site], release: catalog.Release) -> Content:
    """The workbook export of FindTreatment.gov: a column a code, and rows that the publisher filled by template."""
    chosen = list(chosen)
    names = [heading.strip("\n") for heading in LAYOUTS["findtreatment"]["headings"].strip("\n").split("|")]
    listed = LAYOUTS["findtreatment"]["codes"].split()
    rows = []
    for site in chosen:
        rows.append(_locator_row(site, "SU", set(codes(site, "su")), listed))
        if site.has("both sides"):
            rows.append(_locator_row(site, "MH", set(codes(site, "mh")), listed))
    rows.append(list(rows[0]))
    blank = set(LAYOUTS["findtreatment"]["blank_in_template"].split())
    filled = {code.upper() for code in listed if code not in blank}
    rows += [_locator_row(site, "BUPREN", filled, listed) for site in chosen[::4]]
    rows += [_locator_row(site, "OTP", filled - {"ITU"}, listed) for site in chosen[::20]]
    sheets = LAYOUTS["findtreatment"]["sheets"]
    first, *explained = _code_sheet("su", capital=False)
    explained += [row for row in _code_sheet("mh", capital=False)[1:] if row not in explained]
    reference = [["   " + first[0], *first[1:]], *explained]
    return {sheets[0]: [[*names, *listed[:-1], listed[-1] + " "], *rows], sheets[1]: reference}


def _locator_row(site: Site, kind: str, carried: set[str], listed: list[str]) -> list[str]:
    template = kind in ("BUPREN", "OTP")
    county = "" if kind == "OTP" or site.has("no county") else site.county.upper() if kind == "BUPREN" else site.county
    zip_code = f"{site.zip}-0100" if site.has("long zip") else site.zip
    name = f"Sample Prescriber {site.number} (synthetic)" if kind == "BUPREN" else site.name
    where = [site.street, site.suite, site.city, site.state, zip_code, "", county, site.phone, "", "", ""]
    marks = ["1" if code.upper() in carried else "" for code in listed]
    return [name, "", *where, "" if template else site.website, site.latitude, site.longitude, kind, *marks]


def locator(chosen: Iterable[Site], release: catalog.Release) -> Content:
    """A page of the locator's API in its envelope; services are labels, one of them unknown to the catalog."""
    rows = [_entry(number, site) for number, site in enumerate(chosen, start=1)]
    return {"page": 1, "totalPages": 1, "recordCount": len(rows), "rows": rows}


def _entry(number: int, site: Site) -> dict[str, Any]:
    side = "mh" if site.has("both sides") else "su"
    labels = {rule["code"]: rule for rule in reversed(catalog.code_rules("samhsa_labels"))}
    groups: dict[str, list[str]] = {"SMP": ["A label that no catalog knows"]}
    for code in codes(site, side):
        if code in labels:
            groups.setdefault(labels[code]["category"], []).append(labels[code]["label"])
    return {
        "_irow": number,
        "frid": f"{site.number:064x}",
        "name1": site.name,
        "name2": "",
        "street1": site.street,
        "city": site.city,
        "street2": site.suite,
        "state": site.state,
        "zip": site.zip,
        "phone": site.phone,
        "typeFacility": {"su": "SA", "mh": "MH"}[side],
        "intake1": None,
        "hotline1": None,
        "website": site.website,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "miles": 0.5,
        "services": [{"f1": key, "f2": key, "f3": "; ".join(texts)} for key, texts in groups.items()],
    }


# Files

CONTENTS = {"ladders": ladders, "national_directory": directory, "findtreatment": findtreatment}


def content(release: catalog.Release, chosen: Iterable[Site]) -> Content:
    """What a file of a release holds: rows by sheet (the one sheet of a CSV has no name), or a page of the API."""
    make = locator if release.file.endswith(".json") else CONTENTS[release.source]
    return make(chosen, release)


def write(held: Content, path: Path) -> Path:
    """Write the content as the file type of the path's suffix."""
    as_bytes = {".csv": _csv, ".xlsx": _workbook, ".json": _page}[path.suffix]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(held))
    return path


def _csv(held: Content) -> bytes:
    text = io.StringIO()
    rows = held[""]
    full = rows[0][0] == "Parent Account ID"  # The first export came from another tool: no quotes, DOS line ends.
    quoting, ending = (csv.QUOTE_MINIMAL, "\r\n") if full else (csv.QUOTE_ALL, "\n")
    csv.writer(text, quoting=quoting, lineterminator=ending).writerows(rows)
    return text.getvalue().encode()


def _workbook(held: Content) -> bytes:
    buffer = io.BytesIO()
    # Blank cells are left out, and everything is text: a ZIP code that turned into a number would lose its zero.
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": WRITTEN_ON})
        for name, rows in held.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, text in enumerate(cells):
                    if text:
                        sheet.write_string(row, column, text)
    return buffer.getvalue()


def _page(held: Content) -> bytes:
    return (json.dumps(held, indent=1) + "\n").encode()


def slice_of(name: str, folder: Path, count: int = 40) -> Path:
    """A small file in the layout of a catalogued release, under the publisher's file name."""
    release = catalog.release(name)
    return write(content(release, sites(count)), folder / release.file)


def sample() -> dict[str, Content]:
    """The content of every file of the shipped sample."""
    chosen = {"ladders": sites(200), "national_directory": sites(160), "findtreatment": sites(90)}
    return {
        release.file: content(release, chosen[release.source])
        for release in catalog.releases().values()
        if release.synthetic and release.source in chosen
    }


def main() -> None:
    """Write the sample."""
    for name, held in sample().items():
        write(held, FOLDER / name)


if __name__ == "__main__":
    main()
