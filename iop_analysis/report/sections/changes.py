"""The section on change: two releases of one source, facility by facility, with what was reported held fixed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from iop_analysis import catalog, criteria, raw
from iop_analysis.carried import changes as carried_changes
from iop_analysis.metrics import changes as measure
from iop_analysis.releases import listing, store
from iop_analysis.report import words
from iop_analysis.report.blocks import source_line
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Bullets, Section, Table

TITLE = "What changed in the list?"
# What a program lists, what it lists now and did not before, and the other way round.
QUESTIONS = {
    "medicaid": ("Lists Medicaid", "now lists Medicaid", "no longer lists Medicaid"),
    "sliding_fee": ("Lists a sliding fee", "now lists a sliding fee", "no longer lists a sliding fee"),
    "evening": (
        "Lists hours after 6 pm on some weekday",
        "now lists hours after 6 pm",
        "no longer lists hours after 6 pm",
    ),
}
IOP = ("Lists an IOP", "now lists an IOP", "no longer lists an IOP")
PRESENCE = {measure.APPEARED: "appeared in the list", measure.GONE: "no longer listed"}
LINKED = {measure.PUBLISHERS_ID: "number", measure.SAME_ENTRY: "name, address", measure.SAME_SITE: "address"}
ORDER = [measure.APPEARED, measure.STAYS, measure.GONE]
SHARES = ("Share before", "Share after")


def changes(gathered: Gathered) -> Section:
    """Who appeared, who is no longer listed, and who lists more or less than before; nothing without a release before.

    Gained and lost are counted among those that answered both times. From ten of them on their shares are told.
    """
    before = earlier(gathered.main.release)
    counts = _counts(gathered, before) if before else pd.DataFrame()
    if counts.empty:
        return Section("changes", TITLE, ())
    rows = {str(row["have"]): row for _, row in counts.iterrows()}
    told = [have for have in QUESTIONS if not _silent(gathered, have) and rows[have]["known_both"]]
    blocks: list[Block] = [_presence(gathered, before, rows["iop"]), _iop(rows["iop"])]
    blocks += [_table(gathered, before, counts.set_index("have").loc[told])] if told else []
    quiet = [_quiet(gathered, have, rows[have]) for have in QUESTIONS if have not in told]
    blocks += [Bullets(tuple(quiet))] if quiet else []
    return Section("changes", TITLE, tuple(blocks))


def changes_named(gathered: Gathered) -> Section:
    """Every facility whose entry changed, by name; nothing unless both releases are built.

    Names only: an address that its publisher keeps private has no place here.
    """
    title = "Which entries changed?"
    before = earlier(gathered.main.release)
    if gathered.listed is None or before not in store.built():
        return Section("changes_named", title, ())
    table = _compared(gathered, listing.load(gathered.main.release.list_name), before)
    table = table[measure.changed(table)].sort_values("presence", key=lambda said: said.map(ORDER.index), kind="stable")
    if table.empty:
        return Section("changes_named", title, ())
    source, shares = _sources(gathered, before), ("Match score", "Names alike")
    named = Table("changes_named", "Entries that changed", _named_frame(table), source, LINK_NOTE, shares)
    return Section("changes_named", title, (CAUTION, named), appendix=True)


def _named_frame(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Facility": table["name_after"].where(table["name_after"] != "", table["name_before"]),
            "Name before": table["name_before"].where(table["renamed"], "–"),
            "What changed": [_told(row) for _, row in table.iterrows()],
            "Linked by": table["linked_by"].map(LINKED).fillna("–"),
            "Match score": table["match_score"],
            "Names alike": table["name_score"],
        }
    )


LINK_NOTE = (
    "A link between two entries is made by the publisher’s number, or by address with name or telephone. "
    "The match score says how alike the entries are, the last column how alike the names are."
)
CAUTION = (
    "This tells how the list changed, not the programs: an entry may come late, go early, or change its name, and one "
    "that moved may count as gone and as new. "
    "Call before you rely on it."
)


def earlier(release: catalog.Release) -> str:
    """The release to compare with: that of `catalog/comparisons.csv`, else the newest built one of an earlier year."""
    for row in catalog.read_rows("comparisons.csv"):
        if row["after"] == release.list_name:
            return row["before"]
    older = [raw.find_release(name) for name in store.built() if name.startswith(f"{release.list_source}@")]
    older = [one for one in older if (one.side, one.synthetic) == (release.side, release.synthetic)]
    older = [one for one in older if (one.survey_year or 0) < (release.survey_year or 0)]
    return max(older, key=lambda one: (one.survey_year or 0, one.reference_date)).name if older else ""


def compared_with(gathered: Gathered) -> str:
    """The release that the section compares with, empty where there is none to compare."""
    before = earlier(gathered.main.release)
    if gathered.listed is not None and before in store.built():
        return before
    carried = carried_changes.load(before, gathered.main.release.list_name, gathered.state) if before else ()
    return before if len(carried) else ""


def _counts(gathered: Gathered, before: str) -> pd.DataFrame:
    """Counts of `metrics.changes.state_counts` for the state: from both files where they are built, else as carried."""
    if gathered.listed is None or before not in store.built():
        return carried_changes.load(before, gathered.main.release.list_name, gathered.state)
    table = _compared(gathered, listing.load(gathered.main.release.list_name), before)
    return measure.state_counts(table) if len(table) else table


def _compared(gathered: Gathered, listed: listing.Listing, before: str) -> pd.DataFrame:
    """Both releases compared in the state; an entry never moves to another one."""

    def here(built: listing.Listing) -> listing.Listing:
        rows = built.public.facilities[built.public.facilities["state"] == gathered.state]
        return replace(built, facilities=rows)

    return measure.changes(here(listing.load(before)), here(listed))


def _silent(gathered: Gathered, have: str) -> bool:
    """Whether the source never records a no for the question, so that nothing can be gained or lost in it."""
    return bool(criteria.cannot_say_no(have, gathered.main.release.list_source))


def _presence(gathered: Gathered, before: str, row: pd.Series) -> str:
    old, new = raw.find_release(before), gathered.main.release
    renamed = f" ({row['renamed']:,} of them under a new name)" if row["renamed"] else ""
    return (
        f"Two releases of one file, {_dated(old)} and {_dated(new)}, compared entry by entry. Of the entries in "
        f"{state_name(gathered.state)} with an IOP in one of them, {row['facilities']:,} stand in both{renamed}, "
        f"{row['appeared']:,} appeared in the list, and {row['gone']:,} are no longer listed. {CAUTION}"
    )


def _iop(row: pd.Series) -> str:
    silent = int(row["newly_reported"])
    new = f" {words.plural(silent, 'entry', 'entries')} did not say before whether there is one." if silent else ""
    if not row["gained"] + row["lost"]:
        return f"None of those that stand in both gained or lost an IOP in the list.{new}"
    return (
        f"Of those that stand in both, {row['gained']:,} gained an IOP in the list and {row['lost']:,} lost it "
        f"there: yes in one release and no in the other.{new}"
    )


def _table(gathered: Gathered, before: str, rows: pd.DataFrame) -> Table:
    enough = rows["known_both"] >= words.FEW
    frame = pd.DataFrame(
        {
            "Question": [QUESTIONS[have][0] for have in rows.index],
            "Answered both times": rows["known_both"],
            "Yes before": rows["yes_before"],
            "Gained": rows["gained"],
            "Lost": rows["lost"],
            "Yes after": rows["yes_after"],
            SHARES[0]: (rows["yes_before"] / rows["known_both"]).where(enough),
            SHARES[1]: (rows["yes_after"] / rows["known_both"]).where(enough),
            "Answered once only": rows["newly_reported"] + rows["no_longer_reported"],
        }
    ).reset_index(drop=True)
    note = (
        "Only entries that answered both times are counted as gained or lost: an answer given for the first time is "
        "no change. Fewer than 10 of them: counts only."
    )
    return Table("changes", "Gained and lost", frame, _sources(gathered, before), note, SHARES, appendix=True)


def _quiet(gathered: Gathered, have: str, row: pd.Series) -> str:
    """Why nothing is gained or lost in a question; of one without a no, how many yes came and went."""
    what = QUESTIONS[have][0]
    if not gathered.main.asks(have):
        return f"“{what}”: the file does not ask."
    if not _silent(gathered, have):
        return f"“{what}”: no entry answered both times, so nothing can be said."
    return (
        f"“{what}”: of the entries in both, silent before and yes now: {row['newly_reported']:,}; yes before and "
        f"silent now: {row['no_longer_reported']:,}. The file never says no here, so this may be a change of the list "
        "alone."
    )


def _told(row: pd.Series) -> str:
    """All that changed of one entry, in words."""
    told = [PRESENCE[row["presence"]]] if row["presence"] in PRESENCE else []
    told += ["new name"] if row["renamed"] else []
    for have, (_, gained, lost) in {"iop": IOP, **QUESTIONS}.items():
        said = {measure.GAINED: gained, measure.LOST: lost}.get(str(row[f"{have}_change"]), "")
        told += [said] if said else []
    return words.sentence("; ".join(told)).rstrip(".")


def _sources(gathered: Gathered, before: str) -> str:
    return f"{source_line(gathered.main)} Compared with release {_dated(raw.find_release(before))}."


def _dated(release: catalog.Release) -> str:
    """Key of a release, with its survey year where the key is no date."""
    return release.key if release.reference_date else f"{release.key} (survey year {release.survey_year})"
