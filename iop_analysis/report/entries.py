"""What can be said of each listed program of a state: where it is, how to reach it, what it takes, when it is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import pandas as pd

from iop_analysis import catalog, criteria, places
from iop_analysis.carried import listings
from iop_analysis.catalog import answers
from iop_analysis.criteria import hours_tests
from iop_analysis.hours.minutes import WHOLE_DAY, spoken
from iop_analysis.hours.week import NUMBERS
from iop_analysis.releases.listing import Listing, shown
from iop_analysis.report import heard

WANTED = {"Open": "evening", "Payment": "payer", "Help with the fee": "fee"}
EVENING = "evening(after='18:00')"
ONLY = {
    "serves_veterans_only": "veterans",
    "serves_military_only": "people in the military",
    "serves_students_only": "students",
}
OLD_DAYS = 366
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CAVEAT = (
    "A listed payer says nothing about a plan’s network, about billing for an intensive outpatient program, "
    "or about an open place."
)
NOT_KNOWN, WITHHELD, NO_COUNTY = "not known", "Address withheld by the publisher", "County not known"
SCOPES = {"program": "Program", "site": "Building", "office": "Building", "intake": "Intake", "phone": "Telephone"}
SILENT = {
    "unknown": "not known: the entry has no hours that can be read",
    "by_appointment": "by appointment",
    "not_asked": "not known: the file does not ask",
}
Span = tuple[str, int | None, int | None]
AMERICAN = re.compile(r"\D*1?\D*(\d{3})\D*(\d{3})\D*(\d{4})")


@dataclass(frozen=True)
class Need:
    """What one persona needs, as far as a release asks for it: key, label, criterion and its words."""

    key: str
    label: str
    have: str
    words: str


def programs(listed: Listing, state: str) -> pd.DataFrame:
    """Public facilities of a state that list a substance-use IOP, by county, city and name; withheld places last.

    Parameters
    ----------
    listed
        A built release.
    state
        Postal code.

    Returns
    -------
    DataFrame
        Canonical facilities with `county` (name, or why there is none) and `address_hidden` filled in. Where the
        address is withheld, street, city, ZIP code, county and point are empty, and the name ends before its last
        dash.
    """
    rows = listed.public.facilities
    rows = shown(rows[(rows["state"] == state) & (rows["offers_iop"] == answers.YES)])
    names = places.counties().set_index("county_fips")["name"]
    rows["county"] = rows["county_fips"].map(names).fillna(NO_COUNTY).mask(rows["address_hidden"], WITHHELD)
    order = rows.assign(last=rows["county_fips"].isna().astype(int) + rows["address_hidden"])
    return rows.loc[order.sort_values(["last", "county", "city", "name", "facility_id"], key=_folded).index]


def _folded(column: pd.Series) -> pd.Series:
    return column if pd.api.types.is_numeric_dtype(column) else column.fillna("").str.casefold()


def needs(listed: Listing) -> list[Need]:
    """What each persona needs of a program, for the personas about whose needs the release asks anything."""
    asked = listings.asked_words(listed.facilities)
    said = {row["step"]: row["words"] for row in catalog.read_rows("steps.csv")}
    found = []
    for persona in listings.people():
        steps = listings.funnel_steps(persona, asked)
        if steps:
            have = " & ".join(f"({step})" for step in (persona.of, *steps))
            found.append(Need(persona.key, persona.label, have, " and ".join(said[step] for step in steps)))
    return found


def fits(listed: Listing, rows: pd.DataFrame, wanted: Sequence[Need] | None = None) -> pd.DataFrame:
    """Whether each program meets each need: True, False or missing, a column for each; those of `needs` if None."""
    memory: dict[criteria.Atom, tuple[criteria.Kleene, hours_tests.Kinds]] = {}
    asked = needs(listed) if wanted is None else wanted
    return pd.DataFrame(
        {need.key: criteria.evaluate(need.have, rows, listed.hours, memory).result for need in asked},
        index=rows.index,
    )


def wants(listed: Listing) -> dict[str, list[Need]]:
    """What someone may want by itself, under `Open`, `Payment` and `Help with the fee`, as far as the release asks."""
    asked = listings.asked_words(listed.facilities)
    words = criteria.words()
    found: dict[str, list[Need]] = {}
    for heading, group in WANTED.items():
        rows = [row for row in catalog.read_rows("questions.csv") if row["group"] == group]
        if group == "evening":
            mine = [row for row in rows if row["have"] == EVENING and "evening" in asked]
        else:
            mine = [row for row in rows if words.get(row["have"]) in asked]
        needs = [Need(f"want_{number}_{group}", row["label"], row["have"], "") for number, row in enumerate(mine)]
        found |= {heading: needs} if needs else {}
    return found


def serves_only(rows: pd.DataFrame) -> pd.Series:
    """Whom a program serves only, in words; empty where it serves anyone."""
    names = [name for name in ONLY if name in rows]
    said = [[ONLY[name] for name in names if row[name] == answers.YES] for row in rows[names].to_dict("records")]
    return pd.Series([", ".join(parts) for parts in said], index=rows.index, dtype=object)


def dated(day: str, now: date) -> str:
    """From when an entry's hours are; older than twelve months they are only what was listed then.

    Examples
    --------
    >>> dated("2022-06-30", date(2026, 11, 27)), dated("2026-06-30", date(2026, 11, 27)), dated("", date(2026, 1, 1))
    ('listed in June 2022; call first', 'as of June 2026', 'not dated; call first')
    """
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        return "not dated; call first"
    month = f"{when:%B %Y}"
    return f"listed in {month}; call first" if (now - when).days > OLD_DAYS else f"as of {month}"


def payments(rows: pd.DataFrame) -> pd.DataFrame:
    """Payers and help with the fee as lists of labels: columns `listed`, `not_listed` and `not_known`.

    What the release asks of none of the rows is in no list.
    """
    words = criteria.words()
    labels = {
        words[row["have"]]: row["label"]
        for row in catalog.read_rows("questions.csv")
        if row["group"] in ("payer", "fee") and row["have"] in words
    }
    asked = {name: label for name, label in labels.items() if not rows[name].eq(answers.NOT_ASKED).all()}
    unknown = {answers.NOT_REPORTED, answers.NOT_ASKED}
    kinds = {"listed": {answers.YES}, "not_listed": {answers.NO}, "not_known": unknown}
    records = rows[list(asked)].astype(str).to_dict("records")
    return pd.DataFrame(
        {
            kind: [[label for name, label in asked.items() if one[name] in wanted] for one in records]
            for kind, wanted in kinds.items()
        },
        index=rows.index,
    )


def weeks(listed: Listing, rows: pd.DataFrame) -> pd.Series:
    """For each program a dictionary of its opening hours in words: `Building`, `Program`, `Intake`, `Telephone`.

    Where no hours are known, `Building` says why; where witnesses contradict each other each is named.
    """
    mine = listed.hours[listed.hours["facility_id"].isin(rows["facility_id"])]
    mine = mine if "witness" in mine else mine.assign(witness="")
    spans: dict[tuple[str, str, str], list[Span]] = {}
    names = ("facility_id", "scope", "witness", "day", "opens_minute", "closes_minute")
    for facility, scope, witness, *span in zip(*(mine[name].tolist() for name in names), strict=True):
        spans.setdefault((facility, SCOPES[scope], witness), []).append(tuple(span))
    said: dict[str, dict[str, str]] = {}
    for (facility, scope), group in groupby(sorted(spans.items()), key=lambda one: one[0][:2]):
        spoken = [(key[2], week_words(week)) for key, week in group]
        said.setdefault(facility, {})[scope] = heard.together(spoken)
    pairs = zip(rows["facility_id"], rows["hours_status"], strict=True)
    found = [said.get(one) or {"Building": SILENT.get(status, NOT_KNOWN)} for one, status in pairs]
    return pd.Series(found, index=rows.index, dtype=object)


def week_words(spans: Sequence[Span]) -> str:
    """Hours of one facility and scope as people write a week; days without any are closed.

    Parameters
    ----------
    spans
        Day (Mo to Su), opening and closing minute after midnight; both missing where a day's hours could not be read.

    Examples
    --------
    >>> week_words([("Mo", 540, 1050), ("Tu", 540, 1050), ("We", None, None)])
    'Mon–Tue 9 am–5:30 pm; Wed not known; Thu–Sun closed'
    """
    texts = ["closed"] * 7
    for day, number in NUMBERS.items():
        hours = [(opens, closes) for name, opens, closes in spans if name == day]
        texts[number] = _day_words(hours) if hours else texts[number]
    runs = [list(run) for _, run in groupby(range(7), key=lambda number: texts[number])]
    return "; ".join(f"{_run_words(run)} {texts[run[0]]}" for run in runs)


def _run_words(run: list[int]) -> str:
    return DAY_NAMES[run[0]] if len(run) == 1 else f"{DAY_NAMES[run[0]]}–{DAY_NAMES[run[-1]]}"


def _day_words(hours: list[tuple[int | None, int | None]]) -> str:
    known = sorted({(opens, closes) for opens, closes in hours if not (pd.isna(opens) or pd.isna(closes))})
    if not known or any(pd.isna(opens) for opens, _ in hours):
        return NOT_KNOWN
    if (0, WHOLE_DAY) in known:
        return "24 hours"
    return ", ".join(f"{spoken(opens)}–{spoken(closes)}" for opens, closes in known)


def phone_link(text: str) -> str:
    """The number to dial of an American telephone number; empty where the text is anything else.

    Examples
    --------
    >>> phone_link("(303) 555-0123"), phone_link("555-0123 or 555-0124")
    ('tel:+13035550123', '')
    """
    found = AMERICAN.fullmatch(text.strip())
    return f"tel:+1{''.join(found.groups())}" if found and not re.search("[a-z]", text, re.IGNORECASE) else ""


def address(parts: Iterable[object]) -> str:
    """Street, city, state and ZIP code in one line, whatever of them is there.

    Examples
    --------
    >>> address(["1 Main St", "Denver", "CO", "80202"]), address([None, "Denver", "CO", None])
    ('1 Main St, Denver, CO 80202', 'Denver, CO')
    """
    street, city, state, zip_code = ("" if pd.isna(part) else str(part).strip() for part in parts)  # type: ignore[call-overload]
    return ", ".join(filter(None, (street, city, f"{state} {zip_code}".strip())))
