"""Links checked by a person: a table to fill in, the verdicts that are kept, and how many links were right."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pandas as pd

from iop_analysis import raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.linking.matching import LINK_COLUMNS, LINK_SCORE, LOOK_SCORE, linked, scored_pairs
from iop_analysis.raw.keeping import replacing
from iop_analysis.raw.workbooks import harmless

SHOWN = ("name", "street", "city", "zip", "phone", "website")
VERDICT_COLUMNS = ["source", "facility_id", "other_source", "other_id", "same"]
YES, NO = "yes", "no"
# Classes of scores, the best first.
SCORES = (1.0, 0.9, 0.8, LINK_SCORE)


def verdicts_path() -> Path:
    """Where the verdicts of a person lie: beside the data, so that they outlive every release."""
    return raw.data_folder() / "links.csv"


def verdicts(source: str, other_source: str) -> pd.DataFrame:
    """What a person said of pairs of two sources: `facility_id`, `other_id`, `same` (boolean)."""
    kept = _all_verdicts()
    mine = kept[(kept["source"] == source) & (kept["other_source"] == other_source)]
    return mine.assign(same=mine["same"].eq(YES))[["facility_id", "other_id", "same"]].reset_index(drop=True)


def _all_verdicts() -> pd.DataFrame:
    if not verdicts_path().exists():
        return pd.DataFrame(columns=VERDICT_COLUMNS, dtype="str")
    table = raw.read_text_table(verdicts_path())
    if list(table.columns) != VERDICT_COLUMNS:
        raise DataError(
            f"{verdicts_path().name}: row 1 must hold {','.join(VERDICT_COLUMNS)}; mend or delete the file."
        )
    return table


def review(facilities: pd.DataFrame, others: pd.DataFrame, path: Path, of: pd.Series) -> pd.DataFrame:
    """Take the verdicts of a review file where it is there, keep them, and write it anew with what is linked now.

    Parameters
    ----------
    facilities, others
        Facilities tables of two sources, as for `linked`, with `source`.
    path
        CSV file: one row a pair, the weakest link first, then pairs that are not linked and worth a look. A person
        writes yes or no under `same`; the other columns are for reading.
    of
        Flags the facilities whose pairs stand in the file.

    Returns
    -------
    DataFrame
        `precision` of the links of those facilities, with every verdict that is kept.
    """
    names = str(facilities["source"].iloc[0]), str(others["source"].iloc[0])
    if path.exists():
        _keep(_read_review(path), *names)
    known = verdicts(*names)
    asked = set(facilities.loc[of, "facility_id"])
    table = review_table(facilities, others, known)
    table = table[table["facility_id"].isin(asked)]
    with replacing(path) as temporary:
        table.map(harmless).to_csv(temporary, index=False, lineterminator="\n")
    links = linked(facilities, others)
    return precision(links[links["facility_id"].isin(asked)], known)


def review_table(facilities: pd.DataFrame, others: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Every link and every pair worth a look, with what a person said of it, in the order in which to look."""
    links = linked(facilities, others, known).assign(linked=YES)
    pairs = scored_pairs(facilities, others)
    free = ~pairs["facility_id"].isin(links["facility_id"]) & ~pairs["other_id"].isin(links["other_id"])
    near = pairs[free & (pairs["score"] >= LOOK_SCORE)].assign(linked=NO)
    table = pd.concat([links.sort_values("score"), near.sort_values("score", ascending=False)], ignore_index=True)
    said = known.assign(same=known["same"].map({True: YES, False: NO}))
    table = table.merge(said, on=["facility_id", "other_id"], how="left").fillna({"same": ""})
    for side, key in ((facilities, "facility_id"), (others, "other_id")):
        table = table.merge(_shown(side, key), on=key, how="left")
    pair = [column for name in SHOWN for column in (name, f"other_{name}") if column in table]
    return table[["same", "linked", *LINK_COLUMNS[2:], *pair, *LINK_COLUMNS[:2]]].round(3)


def _shown(table: pd.DataFrame, key: str) -> pd.DataFrame:
    columns = ["facility_id", *(name for name in SHOWN if name in table)]
    prefix = "" if key == "facility_id" else "other_"
    return (
        table[columns].rename(columns={name: f"{prefix}{name}" for name in SHOWN}).rename(columns={"facility_id": key})
    )


def _read_review(path: Path) -> pd.DataFrame:
    """The pairs of a review file, with what a person said of them or empty."""
    table = raw.read_text_table(path)
    missing = [name for name in ("same", "facility_id", "other_id") if name not in table]
    if missing:
        raise CallError(
            f"{path.name} has no column {missing[0]!r}: name a new file, or one that `link --review` wrote."
        )
    table = table.assign(same=table["same"].str.strip().str.lower())
    for row, text in table["same"].items():
        if text not in ("", YES, NO):
            raise DataError(f"{path.name}: row {int(str(row)) + 2}, column 'same' holds {text!r}; write yes or no.")
    # `harmless` put an apostrophe before an identifier that a spreadsheet would have run.
    for name in ("facility_id", "other_id"):
        table[name] = table[name].str.replace(r"^'(?=[=+@\t-])", "", regex=True)
    return table[["facility_id", "other_id", "same"]]


def _keep(said: pd.DataFrame, source: str, other_source: str) -> None:
    """What the file says of a pair replaces what was kept of it; an emptied cell takes a verdict back."""
    kept = pd.concat([_all_verdicts(), said.assign(source=source, other_source=other_source)], ignore_index=True)
    kept = kept.drop_duplicates(VERDICT_COLUMNS[:-1], keep="last").sort_values(VERDICT_COLUMNS)
    kept = kept[kept["same"] != ""]
    with replacing(verdicts_path()) as temporary:
        kept[VERDICT_COLUMNS].to_csv(temporary, index=False, lineterminator="\n")


def score_classes(scores: pd.Series) -> dict[str, pd.Series]:
    """Flags of the links in each class of scores, the best first; what a person linked is a class of its own."""
    rounded = scores.round(2)
    found = {f"{SCORES[0]:g}": rounded >= SCORES[0]}
    for high, low in pairwise(SCORES):
        found[f"{low:g} to under {high:g}"] = (rounded >= low) & (rounded < high)
    return found | {"by hand": rounded < SCORES[-1]}


def precision(links: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """How many links there are in each class of scores, and how many of those that a person looked at were right.

    Parameters
    ----------
    links
        Links as computed, without verdicts.
    known
        Verdicts: `facility_id`, `other_id`, `same`.

    Returns
    -------
    DataFrame
        `score`, `links`, `checked`, `right`, `precision` (0-1, missing where none was checked); a row a class.
    """
    table = links.merge(known, on=["facility_id", "other_id"], how="left")
    same = table["same"].astype("boolean")
    rows = []
    for name, here in score_classes(table["score"]).items():
        checked, right = int(same[here].notna().sum()), int(same[here].fillna(False).sum())
        rows.append((name, int(here.sum()), checked, right, right / checked if checked else float("nan")))
    found = pd.DataFrame(rows, columns=["score", "links", "checked", "right", "precision"])
    return found[(found["score"] != "by hand") | (found["links"] > 0)].reset_index(drop=True)
