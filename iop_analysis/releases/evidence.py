"""Evidence: a row for every fact that a combined release took from a witness, or on which witness and list differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from iop_analysis.catalog import answers
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.witnesses import LINKS, Said, answer_codes

CLOCK = ["opens_minute", "closes_minute"]
COLUMNS = ["facility_id", "fact", "value", "status", "list_value", *LINKS[1:], "days", *CLOCK, "words", "address"]
TAKEN, CONFLICT, SESSION = "taken", "in conflict", "session"
SEPARATOR = " | "


def of_answers(listed: Listing, links: pd.DataFrame, witnesses: Sequence[Listing], said: Said) -> pd.DataFrame:
    """Answers that were taken, and those on which list and witness, or two witnesses, differ."""
    place = pd.Series(np.arange(len(listed.facilities)), index=listed.facilities["facility_id"])
    own = answer_codes(listed.facilities, said.names, listed.facilities["facility_id"])
    words = np.array(answers.ANSWERS, dtype=object)
    tables = []
    for witness in witnesses:
        mine = links[links["witness"] == witness.release.name].reset_index(drop=True)
        theirs = answer_codes(witness.facilities, said.names, mine["witness_row"])
        rows = place.loc[mine["facility_id"]].to_numpy()
        first = own[rows]
        is_answer = theirs < answers.ANSWERS.index(answers.NOT_REPORTED)
        link, name = np.nonzero(is_answer & (first != theirs))
        disputed = (said.yes & said.no)[rows[link], name] | (first[link, name] < 2)
        table = mine.loc[link].assign(
            fact=np.array(said.names, dtype=object)[name],
            value=words[theirs[link, name]],
            status=np.where(disputed, CONFLICT, TAKEN),
            list_value=words[first[link, name]],
        )
        tables.append(_with_words(table, witness))
    return _table(tables)


def _with_words(table: pd.DataFrame, witness: Listing) -> pd.DataFrame:
    """The words with which a witness says a yes, their address and day; a no is nobody's quote."""
    if witness.facts is None:
        return table.assign(words="", address="")
    yes = witness.facts[witness.facts["value"] == answers.YES].drop_duplicates(["facility_id", "variable"])
    told = yes.rename(columns={"facility_id": "witness_row", "variable": "fact", "quote": "words", "date": "told"})
    table = table.merge(told[["witness_row", "fact", "value", "words", "address", "told"]], how="left")
    day = table["told"].fillna("")
    return table.assign(date=table["date"].where(day == "", day)).fillna({"words": "", "address": ""})


def of_sessions(witnesses: Sequence[Listing], links: pd.DataFrame) -> pd.DataFrame:
    """Sessions that programs tell in their own words: days and clock as far as told, the words, address and day."""
    tables = []
    for witness in witnesses:
        if witness.facts is not None:
            mine = links[links["witness"] == witness.release.name].drop(columns="date")
            told = witness.facts[witness.facts["variable"] == SESSION].rename(columns={"facility_id": "witness_row"})
            table = mine.merge(told.rename(columns={"quote": "words"}), on="witness_row")
            tables.append(table.assign(fact=SESSION, status=TAKEN, list_value=""))
    return _table(tables)


def clocks(evidence: pd.DataFrame) -> pd.DataFrame:
    """Clock times that programs tell without days: `facility_id`, `opens_minute`, `closes_minute`."""
    told = (evidence["fact"] == SESSION) & (evidence["days"] == "") & evidence["closes_minute"].notna()
    return evidence.loc[told & evidence["opens_minute"].notna(), ["facility_id", "opens_minute", "closes_minute"]]


def of_hours(heard: pd.DataFrame, witnesses: Sequence[Listing], links: pd.DataFrame) -> pd.DataFrame:
    """Hours that are heard, one row for a facility, a witness and a scope; in conflict where two weeks differ."""
    keys = ["facility_id", "group", "witness", "witness_row"]
    opens, closes = (heard[name].astype("str").fillna("?") for name in ("opens_minute", "closes_minute"))
    spans = heard["day"] + opens + "-" + closes
    weeks = heard.assign(week=spans).sort_values([*keys, "week"]).groupby(keys)["week"].agg(" ".join).reset_index()
    differ = weeks.groupby(["facility_id", "group"])["week"].transform("nunique") > 1
    table = weeks.merge(links, on=["facility_id", "witness", "witness_row"])
    texts = _texts(witnesses, "hours_text")
    pairs = list(zip(table["witness"], table["witness_row"], strict=True))
    table = table.assign(
        fact="hours of the " + table["group"],
        value=[texts.get(pair, "") for pair in pairs],
        status=np.where(differ, CONFLICT, TAKEN),
        list_value="",
        words=_labels(heard, table),
    )
    return _table([table])


def _labels(heard: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """What the clauses of each week are called, or quote."""
    keys = ["facility_id", "group", "witness"]
    labels = heard[heard["label"] != ""].groupby(keys)["label"].agg(lambda one: SEPARATOR.join(dict.fromkeys(one)))
    found = labels.to_dict()
    return [found.get(key, "") for key in zip(*(table[name] for name in keys), strict=True)]


def _texts(witnesses: Sequence[Listing], column: str) -> dict[tuple[str, str], str]:
    return {
        (witness.release.name, row): text
        for witness in witnesses
        for row, text in zip(witness.facilities["facility_id"], witness.facilities[column].fillna(""), strict=True)
    }


def _table(tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat([one for one in tables if len(one)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    table = table.reindex(columns=COLUMNS)
    types = {name: "Int64" if name in CLOCK else "float64" if name == "score" else "str" for name in COLUMNS}
    empty = table.assign(**{name: table[name].astype(object).fillna("") for name in ("days", "words", "address")})
    return empty.astype(types)
