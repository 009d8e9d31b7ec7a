"""One facility across two sources: pairs by address or website, a score for each, and one row to one program."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iop_analysis.linking.links import name_scores, near_pairs, open_keys, plain_names, refuse_survey
from iop_analysis.linking.websites import host_pairs

# Weights of what makes two rows of two sources one facility, and the least score that links them: the same address
# (or a website of its own) with a name or a telephone number that agrees; never the name and the number alone, which
# chains share.
PLACE_WEIGHT, NAME_WEIGHT, PHONE_WEIGHT, LINK_SCORE = 0.5, 0.3, 0.2, 0.65
# Pairs from here on are worth a look by a person, who may say that they are the same.
LOOK_SCORE = 0.5
AGREEMENTS = ["address_score", "website_score", "name_score", "same_phone"]
LINK_COLUMNS = ["facility_id", "other_id", "score", *AGREEMENTS]
SILENT = ("unknown", "not_asked")


def linked(facilities: pd.DataFrame, others: pd.DataFrame, verdicts: pd.DataFrame | None = None) -> pd.DataFrame:
    """The row of another source that is the same facility, with a score, for those rows that have one.

    A link needs the same address, nearly the same, or a website of the program's own, and a name or telephone number
    that agrees. Rows whose address is withheld, in either table, take no part. A row of the other source is linked to
    one facility at most: the best pairs choose first. A repeat of an entry (`duplicate_of`) has its entry's link.

    Parameters
    ----------
    facilities, others
        Facilities tables of two sources: `facility_id`, `name`, `street`, `city`, `state`, `zip`, `phone` and where
        they have them `website`, `address_hidden`, `duplicate_of`.
    verdicts
        What a person found: `facility_id`, `other_id`, `same` (boolean). A no takes a pair out; a yes links it,
        whatever its score, unless an address is withheld.

    Returns
    -------
    DataFrame
        `facility_id`, `other_id`, `score` (0-1), `address_score` (1 for the same address), `website_score` (1 for the
        same page, 0.9 for the same host), `name_score`, `same_phone`; in the order of `facilities`.

    Raises
    ------
    DataError
        Either table holds survey rows.
    """
    pairs = judged(scored_pairs(facilities, others), facilities, others, verdicts)
    best = _one_to_one(pairs[(pairs["score"] >= LINK_SCORE) | pairs["same"].fillna(False).astype(bool)])
    return _with_repeats(best[LINK_COLUMNS], facilities)


def scored_pairs(facilities: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Every pair of rows at one address or website, with what agrees and its score; the columns of `linked`.

    A pair has also `silent`: the row of the other source has no hours, so that another of equal score is preferred.
    """
    refuse_survey(facilities)
    refuse_survey(others)
    left, right = _comparable(facilities), _comparable(others)
    pairs = _place_pairs(left, right)
    one, other = left.loc[pairs["row"]], right.loc[pairs["other"]]
    pairs["name_score"] = np.array(name_scores(one["name"], other["name"]), dtype=float)
    pairs["same_phone"] = (one["phone"].to_numpy() == other["phone"].to_numpy()) & (one["phone"] != "").to_numpy()
    place = pairs[["address_score", "website_score"]].max(axis=1)
    pairs["score"] = PLACE_WEIGHT * place + NAME_WEIGHT * pairs["name_score"] + PHONE_WEIGHT * pairs["same_phone"]
    pairs["facility_id"], pairs["other_id"] = one["facility_id"].to_numpy(), other["facility_id"].to_numpy()
    pairs["silent"] = other["silent"].to_numpy()
    return pairs[[*LINK_COLUMNS, "silent"]]


def judged(
    pairs: pd.DataFrame, facilities: pd.DataFrame, others: pd.DataFrame, verdicts: pd.DataFrame | None
) -> pd.DataFrame:
    """The pairs with what a person said of each (`same`: True, False, NA), without those that are not the same.

    A pair that a person says is the same and that nothing else ties together is added with score 0, where neither
    address is withheld.
    """
    if verdicts is None or verdicts.empty:
        return pairs.assign(same=pd.Series(pd.NA, index=pairs.index, dtype="boolean"))
    known = [set(table.loc[_is_open(table), "facility_id"]) for table in (facilities, others)]
    mine = verdicts["facility_id"].isin(known[0]) & verdicts["other_id"].isin(known[1])
    said = verdicts.loc[mine, ["facility_id", "other_id", "same"]].astype({"same": "boolean"})
    both = pairs.merge(said, on=["facility_id", "other_id"], how="outer")
    both = both[both["same"].fillna(True).astype(bool)]
    numbers = ["score", "address_score", "website_score", "name_score"]
    both[numbers] = both[numbers].fillna(0.0)
    for name in ("same_phone", "silent"):
        both[name] = both[name].fillna(False).astype(bool)
    return both.reset_index(drop=True)


def _one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """The best pairs first, each row of either table once; what a person confirmed before what was computed."""
    order = pairs.assign(sure=pairs["same"].fillna(False).astype(bool), rounded=pairs["score"].round(6))
    order = order.sort_values(
        ["sure", "rounded", "silent", "facility_id", "other_id"], ascending=[False, False, True, True, True]
    )
    mine, theirs, kept = set(), set(), []
    for place, one, other in zip(order.index, order["facility_id"], order["other_id"], strict=True):
        if one not in mine and other not in theirs:
            mine.add(one)
            theirs.add(other)
            kept.append(place)
    return pairs.loc[kept]


def _with_repeats(links: pd.DataFrame, facilities: pd.DataFrame) -> pd.DataFrame:
    """The links of the entries and of their repeats, in the order of the facilities."""
    entry = facilities["facility_id"]
    if "duplicate_of" in facilities:
        entry = facilities["duplicate_of"].fillna(entry)
    asked = pd.DataFrame({"own": facilities["facility_id"].to_numpy(), "facility_id": entry.to_numpy()})
    found = asked.merge(links, on="facility_id")
    return found.drop(columns="facility_id").rename(columns={"own": "facility_id"})[LINK_COLUMNS]


def _comparable(table: pd.DataFrame) -> pd.DataFrame:
    first = table["duplicate_of"].isna() if "duplicate_of" in table else pd.Series(True, index=table.index)
    rows = table[first]
    status = rows["hours_status"] if "hours_status" in rows else pd.Series("known", index=rows.index)
    website = rows["website"] if "website" in rows else pd.Series("", index=rows.index)
    return pd.DataFrame(
        {
            "facility_id": rows["facility_id"],
            "name": plain_names(rows["name"]),
            "phone": phone_digits(rows["phone"]),
            "key": open_keys(rows),
            "city": rows["city"],
            "state": rows["state"],
            "zip": rows["zip"],
            "website": website,
            "open": _is_open(rows),
            "silent": status.isin(SILENT),
        }
    ).reset_index(drop=True)


def _is_open(table: pd.DataFrame) -> pd.Series:
    if "address_hidden" not in table:
        return pd.Series(True, index=table.index)
    return ~table["address_hidden"].fillna(False).astype(bool)


def phone_digits(phones: pd.Series) -> pd.Series:
    """Ten digits of a US telephone number, without the country code and an extension; fewer where it has fewer.

    Examples
    --------
    >>> phone_digits(pd.Series(["+1 (303) 555-0101 x12", "303.555.0101", None])).tolist()
    ['3035550101', '3035550101', '']
    """
    return phones.fillna("").astype(str).str.replace(r"\D", "", regex=True).str.removeprefix("1").str.slice(0, 10)


def _place_pairs(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Pairs at the same address, at nearly the same, or of the same website."""
    keys = [
        one.loc[one["key"] != "", ["key"]].rename_axis(label).reset_index()
        for one, label in ((left, "row"), (right, "other"))
    ]
    same = keys[0].merge(keys[1], on="key")[["row", "other"]].assign(address_score=1.0)
    near = near_pairs(left, right).rename(columns={"score": "address_score"})
    at_address = pd.concat([same, near], ignore_index=True).drop_duplicates(["row", "other"])
    pairs = at_address.merge(host_pairs(left, right), on=["row", "other"], how="outer")
    return pairs.fillna({"address_score": 0.0, "website_score": 0.0}).astype({"row": int, "other": int})
