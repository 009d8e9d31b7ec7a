"""Changes: two releases of one source compared facility by facility, with what was reported held fixed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from iop_analysis import catalog, criteria, linking
from iop_analysis.errors import CallError
from iop_analysis.linking import addresses
from iop_analysis.releases.listing import Listing, cut_names

HAVES = ("iop", "medicaid", "sliding_fee", "evening")
STAYS, APPEARED, GONE = "stays", "appeared", "gone"
PUBLISHERS_ID, SAME_ENTRY, SAME_SITE = "publisher's id", "same name and address", "address, and name or phone"
YES, NO, UNKNOWN, NOT_ASKED = "yes", "no", "unknown", "not_asked"
GAINED, LOST = "gained", "lost"
WHO = [
    "before_id",
    "after_id",
    "name_before",
    "name_after",
    "state",
    "presence",
    "linked_by",
    "match_score",
    "renamed",
    "name_score",
]


def changes(before: Listing, after: Listing, of: str = "iop", haves: Sequence[str] = HAVES) -> pd.DataFrame:
    """What changed between two releases of one source, one row a facility.

    The rows are the facilities for which `of` is yes in at least one of the releases; repeats of an entry are left
    out. A facility that moved, where the source has no identifiers, is one that is gone and one that appeared; so is
    one with a hidden address and a new name. Appeared and gone speak of the listing, not of the facility. Names are cut
    where either release withholds the address.

    Parameters
    ----------
    before, after
        Releases of one source and side, the older one first.
    of
        Criterion of the universe.
    haves
        Criteria that are compared.

    Returns
    -------
    DataFrame
        The columns of `WHO` (`match_score` of the link and `name_score` of the two names are 0-1, empty where there
        is no link), then for each of `haves`: `HAVE_before` and `HAVE_after` (yes, no, unknown, not_asked; empty
        where the facility is not in that release) and `HAVE_change`: `gained` (no, then yes), `lost` (yes, then
        no), else empty. A facility that was silent in one release has neither gained nor lost: hours that are
        reported for the first time are no new evening.

    Raises
    ------
    CallError
        The releases are not two of one source and side.
    DataError
        The source is a survey, whose rows may not be linked.
    """
    _check(before.release, after.release)
    old, new = _answers(before, of, haves), _answers(after, of, haves)
    table = matches(before, after)
    was, now = old.reindex(table["before_id"]).reset_index(drop=True), new.reindex(table["after_id"])
    now = now.reset_index(drop=True)
    table["name_before"], table["name_after"] = was["name"], now["name"]
    table["state"] = now["state"].fillna(was["state"])
    table["presence"] = np.select([table["before_id"].isna(), table["after_id"].isna()], [APPEARED, GONE], STAYS)
    table = _renamed(table)
    for have in haves:
        table[f"{have}_before"], table[f"{have}_after"] = was[have], now[have]
        steps = [was[have].eq(NO) & now[have].eq(YES), was[have].eq(YES) & now[have].eq(NO)]
        table[f"{have}_change"] = np.select(steps, [GAINED, LOST], "")
    hidden = was["hidden"].eq(True) | now["hidden"].eq(True)
    for name in ("name_before", "name_after"):
        table[name] = table[name].mask(hidden, cut_names(table[name]))
    table = table[was["inside"].eq(True) | now["inside"].eq(True)]
    texts = [name for name in table if name not in ("match_score", "renamed", "name_score")]
    table = table.assign(**table[texts].fillna("").astype("str"))
    order = ["state", "name_after", "name_before", "after_id", "before_id"]
    rest = [name for name in table if name not in WHO]
    return table.sort_values(order)[[*WHO, *rest]].reset_index(drop=True)


def _check(before: catalog.Release, after: catalog.Release) -> None:
    if (before.list_source, before.side) != (after.list_source, after.side) or before.key == after.key:
        raise CallError(
            f"{before.name} and {after.name} cannot be compared facility by facility; name two releases of one source, "
            "the older one first."
        )
    if _age(before) > _age(after):
        raise CallError(f"{before.name} is newer than {after.name}; name the older one first.")


def _age(release: catalog.Release) -> tuple[int, str]:
    return release.survey_year or 0, release.reference_date


def _distinct(facilities: pd.DataFrame) -> pd.DataFrame:
    return facilities[facilities["duplicate_of"].isna()]


def _answers(built: Listing, of: str, haves: Sequence[str]) -> pd.DataFrame:
    """Name, state, whether in the universe, and an answer to each criterion, by `facility_id`."""
    rows = _distinct(built.facilities).set_index("facility_id", drop=False)
    inside = criteria.evaluate(of, rows, built.hours).result.fillna(False).astype(bool)
    table = pd.DataFrame({"name": rows["name"], "state": rows["state"], "inside": inside})
    table["hidden"] = rows["address_hidden"].fillna(True).astype(bool)
    for have in haves:
        asked = criteria.evaluate(have, rows, built.hours)
        known = np.where(asked.result.fillna(False), YES, NO)
        unknown = np.where(asked.kind == NOT_ASKED, NOT_ASKED, UNKNOWN)
        table[have] = np.where(asked.result.isna(), unknown, known)
    return table


def _renamed(table: pd.DataFrame) -> pd.DataFrame:
    """Whether the name differs in more than spelling, and how alike both names are."""
    both = table["presence"].eq(STAYS)
    was, now = (linking.plain_names(table[name]) for name in ("name_before", "name_after"))
    scores = pd.Series(linking.name_scores(was, now), index=table.index, dtype="float64")
    return table.assign(renamed=both & (was.map(one_spelling) != now.map(one_spelling)), name_score=scores.where(both))


def one_spelling(name: str) -> str:
    """A plain name without `and`, its words for streets in one spelling: what is written another way is no new name.

    Examples
    --------
    >>> one_spelling("HOPE AND HEALING MAIN STREET") == one_spelling("HOPE HEALING MAIN ST")
    True
    """
    suffixes = addresses.street_words()["suffix"]
    return " ".join(suffixes.get(word, word) for word in name.split() if word != "AND")


def matches(before: Listing, after: Listing) -> pd.DataFrame:
    """Which facility of one release is which of the other; each stands in one row, linked or alone.

    Links are made by the publisher's identifier where the source has one. Else the same name and address come
    first, then `linking.linked` among the rest, the best score first, within one class of entry (`facility_type`).

    Returns
    -------
    DataFrame
        `before_id`, `after_id` (missing where there is no partner), `linked_by` and `match_score` (0-1; 1 for an
        identifier or the same name and address).
    """
    linking.refuse_survey(before.facilities)
    linking.refuse_survey(after.facilities)
    old, new = _distinct(before.facilities), _distinct(after.facilities)
    has_id = all("facility_id" in catalog.columns(one.release) for one in (before, after))
    shared = new.loc[new["facility_id"].isin(old["facility_id"]), "facility_id"]
    found = [_links(shared, shared, PUBLISHERS_ID if has_id else SAME_ENTRY, 1.0)]
    if not has_id:
        found += _alike(_without(old, shared), _without(new, shared))
    table = pd.concat(found, ignore_index=True)
    gone, appeared = _without(old, table["before_id"]), _without(new, table["after_id"])
    alone = [_links(gone["facility_id"], None, "", np.nan), _links(None, appeared["facility_id"], "", np.nan)]
    return pd.concat([table, *alone], ignore_index=True)


def _links(before: pd.Series | None, after: pd.Series | None, how: str, score: object) -> pd.DataFrame:
    columns = {"before_id": before, "after_id": after}
    size = max(0 if ids is None else len(ids) for ids in columns.values())
    table = pd.DataFrame(
        {name: [None] * size if ids is None else list(ids) for name, ids in columns.items()}, dtype="str"
    )
    return table.assign(linked_by=how, match_score=pd.Series(score, index=table.index, dtype="float64"))


def _without(table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return table[~table["facility_id"].isin(ids)]


def _alike(old: pd.DataFrame, new: pd.DataFrame) -> list[pd.DataFrame]:
    """Links by address (or website) and name or telephone number, one to one, within a class of entry."""
    found: list[pd.DataFrame] = []
    kinds = old["facility_type"].fillna(""), new["facility_type"].fillna("")
    for kind in kinds[0].unique():
        left, right = old[kinds[0] == kind], new[kinds[1] == kind]
        best = linking.linked(left, right)
        found.append(_links(best["facility_id"], best["other_id"], SAME_SITE, best["score"].to_numpy()))
    return found


def changed(table: pd.DataFrame) -> pd.Series:
    """Flag the rows of a table of `changes` on which something changed."""
    found = table["presence"].ne(STAYS) | table["renamed"]
    for name in _haves(table):
        found |= table[f"{name}_change"].ne("")
    return found


def _haves(table: pd.DataFrame) -> list[str]:
    return [str(name).removesuffix("_change") for name in table if str(name).endswith("_change")]


def change_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count, for each criterion of a table of `changes`, who gained and who lost among the facilities known in both.

    Parameters
    ----------
    table
        As `changes` gives it, or rows of it.

    Returns
    -------
    DataFrame
        A row for each criterion: `have`; `facilities` in both releases = `known_both` + `newly_reported` +
        `no_longer_reported` + `unknown_both`; among `known_both` the `yes_before`, `gained`, `lost` and `yes_after` =
        yes_before + gained - lost. An answer that was not asked is unknown.
    """
    stays = table[table["presence"] == STAYS]
    rows = []
    for have in _haves(table):
        was, now = (stays[f"{have}_{part}"] for part in ("before", "after"))
        knew, knows = was.isin([YES, NO]), now.isin([YES, NO])
        counts = {
            "facilities": pd.Series(True, index=stays.index),
            "known_both": knew & knows,
            "yes_before": knew & knows & was.eq(YES),
            "gained": stays[f"{have}_change"].eq(GAINED),
            "lost": stays[f"{have}_change"].eq(LOST),
            "yes_after": knew & knows & now.eq(YES),
            "newly_reported": ~knew & knows,
            "no_longer_reported": knew & ~knows,
            "unknown_both": ~knew & ~knows,
        }
        rows.append({"have": have} | {name: int(marks.sum()) for name, marks in counts.items()})
    return pd.DataFrame(rows)


def presence_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count facilities of a table of `changes` by `presence`: stays (of them renamed), appeared, gone."""
    counts = {name: int(table["presence"].eq(name).sum()) for name in (STAYS, APPEARED, GONE)}
    counts = {STAYS: counts[STAYS], "renamed": int(table["renamed"].sum())} | counts
    return pd.DataFrame({"presence": list(counts), "facilities": list(counts.values())})


def state_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count a table of `changes` by state: the columns of `change_counts`, and who was renamed, appeared or is gone.

    Returns
    -------
    DataFrame
        A row for each state and criterion: `state`, the columns of `change_counts`, then `renamed`, `appeared` and
        `gone` (facilities; the same on every row of a state).
    """
    rows = []
    for state, mine in table.groupby("state"):
        presence = presence_counts(mine).set_index("presence")["facilities"].drop(STAYS)
        rows.append(change_counts(mine).assign(state=state, **presence))
    counts = pd.concat(rows, ignore_index=True)
    return counts[["state", *(name for name in counts if name != "state")]]
