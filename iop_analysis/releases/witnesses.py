"""What the rows of witnesses that are linked to a list say: which are linked, their hours, their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.linking import linked, reviewing
from iop_analysis.releases.listing import Listing

# Per scope, what a witness said longer ago than this before the newest dated one is not heard.
OLD_DAYS = 365
GROUPS = {"site": "site", "office": "site", "program": "program", "intake": "intake", "phone": "phone"}
# A witness whose week is one of these has said nothing of when a door is open.
SILENT = ("unknown", "by_appointment", "not_asked")
TELLING = ("site", "program")
LINKS = ["facility_id", "witness", "witness_row", "score", "agreed", "date"]
AGREED = {"address_score": "address", "website_score": "website", "name_score": "name", "same_phone": "telephone"}
LEAST_NAME = 0.8
ELSEWHERE = "offers_iop_elsewhere"
Flags = npt.NDArray[np.bool_]
Verdicts = Callable[[str, str], pd.DataFrame]


def links_of(listed: Listing, witness: Listing, verdicts: Verdicts = reviewing.verdicts) -> pd.DataFrame:
    """Links of a list to one witness: the columns of `LINKS`; `date` is when the witness learned what it says."""
    there = witness.facilities
    there = there[there["state"].isin(listed.facilities["state"].unique()) | nowhere(there)]
    names = listed.release.list_source, witness.release.source
    known = _of_same_ids(listed, witness, there)
    rest = there[~there["facility_id"].isin(known["other_id"])]
    others = listed.facilities[~listed.facilities["facility_id"].isin(known["facility_id"])]
    found = pd.concat([known, linked(others, rest, verdicts(*names))], ignore_index=True)
    dates = dates_of(witness).reindex(found["other_id"]).fillna("").to_numpy()
    table = found.rename(columns={"other_id": "witness_row"})
    table = table.assign(witness=witness.release.name, agreed=_agreed(found), date=dates)
    return table[LINKS].astype(dict.fromkeys(["facility_id", "witness", "witness_row", "agreed", "date"], "str"))


def _of_same_ids(listed: Listing, witness: Listing, there: pd.DataFrame) -> pd.DataFrame:
    """Links by identifier to a witness whose rows were drawn from an edition of the list, such as calls."""
    drawn = str(witness.release.facts.get("drawn_from", "")).split("@")[0] == listed.release.list_source
    hidden = listed.facilities["address_hidden"].fillna(False).astype(bool)
    ids = listed.facilities.loc[~hidden & drawn, "facility_id"]
    same = ids[ids.isin(there["facility_id"])].to_numpy()
    sure = {"score": 1.0, "address_score": 1.0, "website_score": 0.0, "name_score": 1.0, "same_phone": True}
    return pd.DataFrame({"facility_id": same, "other_id": same}).assign(**sure)


def nowhere(facilities: pd.DataFrame) -> pd.Series:
    """Flags of the rows that do not say their state, as many a web page."""
    return facilities["state"].fillna("").eq("")


def _agreed(links: pd.DataFrame) -> list[str]:
    """What agreed of each link, in words: `address, name, telephone`."""
    least = {"address_score": 0.0, "website_score": 0.0, "name_score": LEAST_NAME, "same_phone": False}
    flags = {
        word: (links[name] >= least[name] if name == "name_score" else links[name] > least[name]).to_numpy(dtype=bool)
        for name, word in AGREED.items()
    }
    return [", ".join(word for word, here in flags.items() if here[row]) or "by hand" for row in range(len(links))]


def own_links(listed: Listing) -> pd.DataFrame:
    """The list as a witness of its own rows, as for `links_of`."""
    rows = listed.facilities["facility_id"].to_numpy()
    dates = dates_of(listed).reindex(rows).fillna("").to_numpy()
    table = pd.DataFrame({"facility_id": rows, "witness_row": rows, "date": dates})
    return table.assign(witness=listed.release.name, score=1.0, agreed="the list itself")[LINKS]


def dates_of(built: Listing) -> pd.Series:
    """Day of each row by its `facility_id`: its own, else that of the release; empty where it is no whole date."""
    own = built.facilities["information_date"].fillna(built.release.reference_date or "").astype("str").str[:10]
    days = own.where(own.str.fullmatch(r"\d{4}-\d\d-\d\d"), "")
    return pd.Series(days.to_numpy(dtype=object), index=built.facilities["facility_id"])


def hours_heard(links: pd.DataFrame, witnesses: Sequence[Listing]) -> pd.DataFrame:
    """Hours rows of every linked witness row under the list's `facility_id`, with `witness`, `date` and `group`."""
    tables = []
    for witness in witnesses:
        status = witness.facilities.set_index("facility_id")["hours_status"]
        mine = links[links["witness"] == witness.release.name][["facility_id", "witness", "witness_row", "date"]]
        rows = witness.hours.rename(columns={"facility_id": "witness_row"}).drop(columns="witness", errors="ignore")
        heard = mine.merge(rows, on="witness_row")
        heard["group"] = heard["scope"].map(GROUPS)
        silent = heard["witness_row"].map(status).isin(SILENT) & heard["group"].isin(TELLING)
        tables.append(heard[~silent])
    return pd.concat(tables, ignore_index=True)


def too_old(heard: pd.DataFrame) -> pd.Series:
    """Flags of the hours rows of a witness that is more than 365 days older than the newest dated one of its scope.

    An undated witness is the oldest: it is heard only where nobody has a date.
    """
    dates = pd.to_datetime(heard["date"].where(heard["date"] != ""), errors="coerce")
    newest = dates.groupby([heard["facility_id"], heard["group"]]).transform("max")
    return newest.notna() & ((newest - dates).dt.days.gt(OLD_DAYS) | dates.isna())


@dataclass(frozen=True)
class Said:
    """Whether any witness of a facility says yes, or no, to each question: rows of the list by answer variables."""

    names: list[str]
    yes: Flags
    no: Flags

    def column(self, name: str) -> tuple[Flags, Flags]:
        """Yes and no to one question."""
        place = self.names.index(name)
        return self.yes[:, place], self.no[:, place]


def answers_heard(facilities: pd.DataFrame, links: pd.DataFrame, witnesses: Sequence[Listing]) -> Said:
    """The yes and no of all linked witness rows to every question, gathered per facility of the list."""
    names = [name for name in catalog.answer_variables() if name != ELSEWHERE]
    place = pd.Series(np.arange(len(facilities)), index=facilities["facility_id"])
    yes, no = (np.zeros((len(facilities), len(names)), dtype=bool) for _ in range(2))
    for witness in witnesses:
        mine = links[links["witness"] == witness.release.name]
        rows = place.loc[mine["facility_id"]].to_numpy()
        codes = answer_codes(witness.facilities, names, mine["witness_row"])
        for flags, answer in ((yes, answers.YES), (no, answers.NO)):
            np.logical_or.at(flags, rows, codes == answers.ANSWERS.index(answer))
    return Said(names, yes, no)


def answer_codes(facilities: pd.DataFrame, names: list[str], ids: pd.Series) -> npt.NDArray[np.int8]:
    """Numbers of the answers (in `ANSWERS`) of the named rows to every question."""
    places = pd.Series(np.arange(len(facilities)), index=facilities["facility_id"]).loc[ids].to_numpy()
    columns = [facilities[name].astype(answers.ANSWER_TYPE).cat.codes.to_numpy()[places] for name in names]
    return np.column_stack(columns) if columns else np.zeros((len(ids), 0), dtype=np.int8)


def answered(facilities: pd.DataFrame, said: Said, source: str) -> dict[str, pd.Categorical]:
    """The list's answers, with those of its witnesses where it has none.

    Its yes and its *said* no stand. What it does not know its witnesses answer, where none contradicts another. A no
    that was only read from a blank is unknown where a witness says yes.
    """
    found = {}
    for name in said.names:
        yes, no = said.column(name)
        own = facilities[name].astype(answers.ANSWER_TYPE).cat.codes.to_numpy()
        unknown = own >= answers.ANSWERS.index(answers.NOT_REPORTED)
        codes = np.where(unknown & yes & ~no, answers.ANSWERS.index(answers.YES), own)
        codes = np.where(unknown & no & ~yes, answers.ANSWERS.index(answers.NO), codes)
        doubted = (own == answers.ANSWERS.index(answers.NO)) & yes & catalog.reads_no_from_blank(source, name)
        codes = np.where(doubted | (unknown & yes & no), answers.ANSWERS.index(answers.NOT_REPORTED), codes)
        found[name] = pd.Categorical.from_codes(codes.tolist(), dtype=answers.ANSWER_TYPE)
    return found | {ELSEWHERE: _elsewhere(said)}


def _elsewhere(said: Said) -> pd.Categorical:
    """What the witnesses say of the program itself; not_asked where none answers."""
    yes, no = said.column("offers_iop")
    texts = np.select([yes & no, yes, no], [answers.NOT_REPORTED, answers.YES, answers.NO], answers.NOT_ASKED)
    return pd.Categorical(texts.tolist(), dtype=answers.ANSWER_TYPE)
