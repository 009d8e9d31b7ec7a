"""The named list: the programs of a state that meet, or may meet, what some person needs; never those that do not."""

from __future__ import annotations

import pandas as pd

from iop_analysis.releases.listing import Listing
from iop_analysis.report import entries, heard, words
from iop_analysis.report.blocks import source_line
from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Block, Bullets, Section, Table, today

YES, NOT_KNOWN, NO_FIT = "yes", entries.NOT_KNOWN, ""
NOTE_PEOPLE = (
    "“Not known” means that the file does not say: call and ask. "
    "An empty cell means that what the file lists does not fit this person."
)
NOTE_DETAILS = "A program may take more than it lists."
NOTE_HOURS = " Hours are those of the building unless the cell says otherwise."


def named(gathered: Gathered) -> Section:
    """The listed programs of a state by county and city, with what they take, when they are open, and for whom.

    A program stands in the list where it meets what one of the personas needs, or where that is not known; the others
    are counted in a sentence. Where no release is built there is no list, and the section is empty.
    """
    title = "Programs by name"
    if gathered.listed is None:
        return Section("named", title, ())
    rows = entries.programs(gathered.listed, gathered.state)
    fits = entries.fits(gathered.listed, rows)
    kept = (fits.isna() | fits.fillna(False)).any(axis=1) if len(fits.columns) else pd.Series(True, index=rows.index)
    if not kept.any():
        return Section("named", title, ())
    shown, source = rows[kept], source_line(gathered.main)
    needs = entries.needs(gathered.listed)
    blocks: list[Block] = [_opening(rows, kept), entries.CAVEAT]
    blocks += [Bullets(tuple(f"{need.label}: sites that {need.words}." for need in needs))] if needs else []
    heading = f"{words.plural(len(shown), 'program')} by county and city"
    blocks.append(Table("named", heading, _people(shown, fits[kept], needs), source, NOTE_PEOPLE if needs else ""))
    details = _details(gathered.listed, shown)
    heading = "The same programs: what they list" + (" and when the site is open" if "Hours" in details else "")
    note = NOTE_DETAILS + NOTE_HOURS * ("Hours" in details)
    blocks.append(Table("named_details", heading, details, source, note))
    return Section("named", title, tuple(blocks), appendix=True)


def _opening(rows: pd.DataFrame, kept: pd.Series) -> str:
    """How many are named, how many are not and why, and how many withhold their address."""
    said = f"Of {words.plural(len(rows), 'listed IOP')}, {int(kept.sum()):,} are named here. Call before you go."
    left, hidden = int((~kept).sum()), int(rows.loc[kept, "address_hidden"].sum())
    if left:
        are = words.plural(left, "other is", "others are")
        said += f" The {are} left out: what the file lists does not fit any person below."
    if hidden:
        said += f" {words.plural(hidden, 'address is', 'addresses are')} withheld: no place is shown."
    return said


def _where(rows: pd.DataFrame) -> dict[str, pd.Series]:
    hidden = rows["address_hidden"]
    return {
        "Program": rows["name"].fillna("name not published"),
        "City": rows["city"].fillna(NOT_KNOWN).mask(hidden, "withheld"),
        "County": rows["county"].str.removesuffix(" County").mask(hidden, "withheld"),
    }


def _people(rows: pd.DataFrame, fits: pd.DataFrame, needs: list[entries.Need]) -> pd.DataFrame:
    """Whom to call: place, phone, and a column for each persona with yes or not known."""
    frame = pd.DataFrame(_where(rows)).assign(Phone=rows["phone"].fillna(NOT_KNOWN))
    for need in needs:
        answer = fits[need.key]
        frame[need.label] = answer.map({True: YES, False: NO_FIT}).astype(object).where(answer.notna(), NOT_KNOWN)
    return frame.reset_index(drop=True)


def _details(listed: Listing, rows: pd.DataFrame) -> pd.DataFrame:
    """What each program lists, and its hours where the file asks for them."""
    where, paid = _where(rows), entries.payments(rows)
    frame = pd.DataFrame({"Program": where["Program"], "City": where["City"]})
    frame["Takes"] = [_takes(*pair) for pair in zip(paid["listed"], paid["not_known"], strict=True)]
    only = entries.serves_only(rows)
    if only.any():
        frame["Serves only"] = only
    if not rows["hours_status"].eq("not_asked").all():
        frame["Hours"] = entries.weeks(listed, rows).map(_hours)
        written = rows["hours_text"].fillna("")
        if written.any():
            frame["As written"] = written
        frame["Hours from"] = [entries.dated(day, today()) for day in heard.days(listed, rows)]
    quotes = heard.quotes(listed, rows)
    if quotes.ne("").any():
        frame["In its own words"] = quotes
    return frame.reset_index(drop=True)


def _takes(paid: list[str], unknown: list[str]) -> str:
    return ", ".join(paid) or (NOT_KNOWN if unknown else "nothing listed")


def _hours(week: dict[str, str]) -> str:
    """Hours in one cell; the scope is said where it is not the building."""
    return "; ".join(said if scope == "Building" else f"{scope}: {said}" for scope, said in week.items())
