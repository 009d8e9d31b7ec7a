"""Programs' own web pages that somebody saved: what each says of its IOP, its payers and its sliding fee."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog.answers import ANSWER_TYPE, NO, NOT_REPORTED, YES
from iop_analysis.errors import DataError
from iop_analysis.hours.minutes import written
from iop_analysis.hours.prose import day_names
from iop_analysis.raw.saved_pages import host, saved_pages
from iop_analysis.raw.withdrawn import withdrawn
from iop_analysis.sources import Cleaned, Note, notes
from iop_analysis.sources._declared import nodes, opening, who_and_where
from iop_analysis.sources._page import ReadPage, read_saved
from iop_analysis.sources._said import FACT_COLUMNS, FACT_TYPES, facts_of, hours_of
from iop_analysis.sources._states import state_codes
from iop_analysis.sources._words import programs

Row = dict[str, Any]
TIMES = ("session", "offers_evening_iop")


def page_rows(path: Path) -> Iterator[list[Row]]:
    """For each page of a file the rows that `iop-analysis pages` prints: one a session, one where it tells none."""
    for saved in saved_pages(path):
        page = read_saved(saved)
        name = (page.address or saved.name) if saved.is_html else saved.name
        yield [{"page": name} | row for row in said_rows(page)]


def said_rows(page: ReadPage) -> list[Row]:
    """Rows of one page without its address."""
    said = {"iop_evening": page.said.iop_evening, "iop_weekend": page.said.iop_weekend}
    empty = dict.fromkeys(("track", "days", "opens", "closes", "population", "mode", "quote"), "")
    rows = [
        {
            "track": one.track,
            "days": day_names(one.days),
            "opens": clock(one.opens),
            "closes": clock(one.closes),
            "population": one.population,
            "mode": one.mode,
            "quote": one.quote,
        }
        for one in page.said.sessions
    ]
    return [said | row for row in rows or [empty]]


def clock(minute: int | None) -> str:
    """`18:00` for minute 1080; empty where no clock is told."""
    return "" if minute is None else written(minute)


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """A row a page that has an address: its host, its address, the day of the visit, and the page as it was read.

    Raises
    ------
    DataError
        No page of the file has an address, so that nobody could tell whose words they are.
    """
    pages = [read_saved(saved) for saved in saved_pages(path)]
    gone = withdrawn()
    told = [page for page in pages if host(page.address) and host(page.address) not in gone]
    if not told:
        raise DataError(
            f"{path.name}: none of its {len(pages)} pages has an address; name each page's address in addresses.csv "
            "(columns file, address, date) beside the pages."
        )
    rows = pd.DataFrame(
        {
            "host": [host(page.address) for page in told],
            "address": [page.address for page in told],
            "date": [page.saved.date for page in told],
            "page": pd.Series(told, dtype=object),
        }
    )
    rows = rows.drop_duplicates(["address", "date"]).sort_values(["host", "address", "date"], ignore_index=True)
    lost = len(pages) - len(told)
    rows.attrs["notes"] = [f"{lost} pages have no address, or their program withdrew: left out"] if lost else []
    return rows


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """One facility a host, with what its pages say: hours of the program, answers, and every fact with its words."""
    groups = [(name, list(group["page"])) for name, group in rows.groupby("host", sort=True)]
    facilities = pd.DataFrame([_who(str(name), pages) for name, pages in groups])
    facilities["state"] = state_codes(facilities["state"])
    for name in ("latitude", "longitude"):
        facilities[name] = pd.to_numeric(facilities[name], errors="coerce")
    found = [fact for name, pages in groups for page in pages for fact in facts_of(str(name), page)]
    for name, answers in _answers(groups, found).items():
        facilities[name] = pd.Categorical(answers, dtype=ANSWER_TYPE)
    hours, status = hours_of(groups)
    facilities["hours_status"] = [status[name] for name in facilities["facility_id"]]
    facilities["hours_text"] = [_quotes(found, name) for name in facilities["facility_id"]]
    facts = pd.DataFrame(found, columns=FACT_COLUMNS).astype(FACT_TYPES)
    return Cleaned(facilities, hours, _notes(rows, facilities), facts)


def _who(name: str, pages: list[ReadPage]) -> dict[str, str]:
    declared = [node for page in pages for node in nodes(page.document.declared, name)]
    said = who_and_where(declared)
    dialled = Counter(number for page in pages for number in page.document.phones)
    dates = [page.saved.date for page in pages if page.saved.date]
    phone = said["phone"] or (dialled.most_common(1)[0][0] if dialled else "")
    zip_code = re.sub(r"[^\d-]", "", said["zip"])
    return said | {
        "facility_id": name,
        "name": said["name"] or _site_name(pages) or name,
        "zip": zip_code if re.fullmatch(r"\d{5}(?:-\d{4})?", zip_code) else "",
        "phone": phone,
        "website": f"https://{name}",
        "facility_type": "",
        "information_date": max(dates, default=""),
        "opening": opening(declared),
    }


def _site_name(pages: list[ReadPage]) -> str:
    """What the titles of a site have in common behind a bar: `IOP | Elm House`."""
    last = Counter(parts[-1] for page in pages if len(parts := re.split(r"\s[|–—-]\s", page.document.title)) > 1)
    return last.most_common(1)[0][0].strip() if last else ""


def _answers(groups: list[tuple[Any, list[ReadPage]]], facts: list[Row]) -> dict[str, list[str]]:
    """Answers a host: what some page says; a no only where a page says so and none says yes."""
    told: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        told.setdefault((fact["facility_id"], fact["variable"]), set()).add(fact["value"])
    names = dict.fromkeys(rule["variable"] for rule in catalog.code_rules("pages"))
    found = {name: [_answer(told.get((str(one), name), set())) for one, _ in groups] for name in names}
    texts = ["\n".join(page.own_words for page in pages) for _, pages in groups]
    for name, flags in programs(texts).items():
        found[name] = [YES if flag else NOT_REPORTED for flag in np.asarray(flags)]
    return found


def _answer(values: set[str]) -> str:
    return YES if YES in values else NO if NO in values else NOT_REPORTED


def _quotes(facts: list[Row], name: str) -> str:
    """The words about times of a program, each with its address and the day of the visit."""
    mine = [fact for fact in facts if fact["facility_id"] == name and fact["variable"] in TIMES]
    lines = [f"“{one['quote']}” ({', '.join(filter(None, (one['address'], one['date'])))})" for one in mine]
    return "\n".join(dict.fromkeys(lines))


def _notes(rows: pd.DataFrame, facilities: pd.DataFrame) -> tuple[Note, ...]:
    evening = facilities["offers_evening_iop"]
    return notes(
        (len(rows), f"pages of {len(facilities)} programs are read; a program is a host"),
        (evening.eq(YES).sum(), "programs whose own page says that their IOP meets in the evening"),
        (evening.eq(NO).sum(), "programs whose page tells every IOP session with a clock, none in the evening"),
        (evening.eq(NOT_REPORTED).sum(), "programs whose pages say nothing of an evening: not reported, never a no"),
        (
            facilities["opening"].ne("").sum(),
            "hosts declare opening hours of the building; they are kept as facts only",
        ),
    )
