"""A list's rows put together with the hours and answers of the witness rows that are linked to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from iop_analysis.catalog import answers
from iop_analysis.linking import LINK_SCORE, reviewing
from iop_analysis.releases import evidence
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.witnesses import (
    SILENT,
    TELLING,
    answered,
    answers_heard,
    hours_heard,
    links_of,
    own_links,
    too_old,
)
from iop_analysis.sources import HOURS_COLUMNS, Note, notes

# From the best a week can be to the least that is known of it.
STATUSES = ("known", "always", "partial", "by_appointment", "unknown", "not_asked")


@dataclass(frozen=True)
class Combination:
    """A combined release with what it rests on: `evidence`, a row a fact, and `links`, a row a linked witness row."""

    listing: Listing
    evidence: pd.DataFrame
    links: pd.DataFrame


def put_together(listed: Listing, witnesses: Sequence[Listing], least: float = LINK_SCORE) -> Combination:
    """The list's rows with the hours and answers of the witness rows that are linked to them; nothing is written.

    The order of the witnesses makes no difference. Links below `least` are not used, unless a person made them.
    """
    ordered = sorted(witnesses, key=lambda one: one.release.name)
    links = pd.concat([links_of(listed, one) for one in ordered] or [own_links(listed).head(0)], ignore_index=True)
    links = links[(links["score"] >= least) | (links["score"] < LINK_SCORE)].reset_index(drop=True)
    everybody = [listed, *ordered]
    all_links = pd.concat([own_links(listed), links], ignore_index=True)
    told = hours_heard(all_links, everybody)
    old = too_old(told)
    heard = told[~old]
    said = answers_heard(listed.facilities, links, ordered)
    facilities = listed.facilities.assign(**answered(listed.facilities, said, listed.release.list_source))
    facilities = facilities.assign(**_hours_columns(listed, everybody, all_links, heard))
    rows = [
        evidence.of_answers(listed, links, ordered, said),
        evidence.of_hours(_of_others(heard, listed), ordered, links),
        evidence.of_sessions(ordered, links),
    ]
    facts = pd.concat(rows, ignore_index=True).sort_values(["facility_id", "fact", "witness"], ignore_index=True)
    remarks = (*_notes(ordered, links, facts), *_old_notes(told[old]))
    made = Listing(listed.release, facilities[listed.facilities.columns], _hours(heard), remarks)
    return Combination(made, facts, links)


def _of_others(heard: pd.DataFrame, listed: Listing) -> pd.DataFrame:
    return heard[heard["witness"] != listed.release.name]


def _hours(heard: pd.DataFrame) -> pd.DataFrame:
    table = heard[[*HOURS_COLUMNS, "witness"]].sort_values(
        ["facility_id", "witness", "scope"], kind="stable", ignore_index=True
    )
    texts = dict.fromkeys(["facility_id", "day", "scope", "label", "witness"], "str")
    return table.astype(texts | {"opens_minute": "Int64", "closes_minute": "Int64"})


def _hours_columns(
    listed: Listing, everybody: Sequence[Listing], links: pd.DataFrame, heard: pd.DataFrame
) -> dict[str, pd.Series]:
    """Status and text of each facility's hours: those of the witnesses that are heard, else the best that is said."""
    columns = ["facility_id", "hours_status", "hours_text"]
    rows = pd.concat([one.facilities[columns].assign(witness=one.release.name) for one in everybody])
    table = links.merge(rows.rename(columns={"facility_id": "witness_row"}), on=["witness", "witness_row"])
    telling = heard.loc[heard["group"].isin(TELLING), ["facility_id", "witness"]].drop_duplicates()
    table = table.merge(telling.assign(heard=True), on=["facility_id", "witness"], how="left")
    table["heard"] = table["heard"].eq(True)
    # Whoever was not heard has told no hours that count; what it says of itself may still be said.
    spoken = table["hours_status"].isin(SILENT)
    table = table[table["heard"] | spoken | (table["witness"] == listed.release.name)]
    rank = (
        table["hours_status"].where(table["heard"] | spoken, "unknown").map({one: n for n, one in enumerate(STATUSES)})
    )
    best = rank.astype(int).groupby(table["facility_id"]).min().map(dict(enumerate(STATUSES)))
    texts = table[table["heard"] & table["hours_text"].fillna("").ne("")].sort_values("witness")
    text = texts.groupby("facility_id")["hours_text"].agg(lambda one: evidence.SEPARATOR.join(dict.fromkeys(one)))
    ids = listed.facilities["facility_id"]
    return {
        "hours_status": ids.map(best).astype("str"),
        "hours_text": ids.map(text).astype("str"),
    }


def _notes(witnesses: Sequence[Listing], links: pd.DataFrame, facts: pd.DataFrame) -> tuple[Note, ...]:
    heard = [
        note for witness in witnesses for note in _of_links(witness, links[links["witness"] == witness.release.name])
    ]
    return notes(*heard, *_of_facts(facts))


def _of_links(witness: Listing, links: pd.DataFrame) -> list[tuple[int, str]]:
    """How many rows of a witness are linked, withheld, or linked to none."""
    name = witness.release.name
    classes = reviewing.score_classes(links["score"])
    counts = ", ".join(f"{int(here.sum())} with score {text}" for text, here in classes.items() if here.any())
    hidden = int(witness.facilities["address_hidden"].fillna(False).sum())
    others = len(witness.facilities) - links["witness_row"].nunique() - hidden
    return [
        (len(links), f"rows are linked to a row of {name}: {counts}"),
        (hidden, f"rows of {name} withhold their address and are never linked"),
        (others, f"other rows of {name} are linked to none"),
    ]


def _of_facts(facts: pd.DataFrame) -> list[tuple[int, str]]:
    """What was taken, and what the list and its witnesses disagree about."""
    conflict, hours = facts["status"].eq(evidence.CONFLICT), facts["fact"].str.startswith("hours")
    no_iop = facts["fact"].eq("offers_iop") & facts["value"].eq(answers.NO) & facts["list_value"].eq(answers.YES)
    differ = conflict & ~hours
    stands = differ & facts["list_value"].eq(answers.YES)
    disputed = facts.loc[no_iop, "facility_id"].nunique()
    weeks = facts[conflict & hours].groupby(["facility_id", "fact"]).ngroups
    return [
        (disputed, "rows list an IOP, and a linked row says that there is none: disputed"),
        (int(facts["status"].eq(evidence.TAKEN).sum()), "facts are taken from witnesses (`evidence`)"),
        (int(stands.sum()), "answers of witnesses contradict a yes of the list, which stands"),
        (int((differ & ~stands).sum()), "answers of witnesses contradict a no of the list or each other"),
        (weeks, "times the weeks of two witnesses differ: each answers by itself"),
    ]


def _old_notes(old: pd.DataFrame) -> tuple[Note, ...]:
    count = old.groupby(["facility_id", "group", "witness"]).ngroups
    return notes((count, "weeks of a witness are more than 365 days older than another's, or undated: not heard"))
