"""What must hold for every table that we build: counts add up, shares lie within 0 and 1, a subset is no larger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from iop_analysis import catalog, criteria, places
from iop_analysis.carried import listings
from iop_analysis.metrics import coverage
from iop_analysis.sources import _survey_codes
from iop_analysis.validate.table import COLUMNS, INVARIANT, OFF, OK, SAID

KEYS = ["of", "have", "level", "place"]
COUNTS = ["facilities", "yes", "no", "unknown", "complete", "universe_unknown"]


def invariants(name: str, cells: pd.DataFrame) -> pd.DataFrame:
    """What must hold for the standard tables of one release, one row per rule.

    Rows whose small cells are hidden are left out of every rule, and with them the total of their question.
    """
    shown = cells[cells["yes"].notna()]
    rules = {
        "counts agree": _counts_disagree(shown),
        "shares lie between 0 and 1": _shares_outside(shown),
        "a universe has one size": _sizes_differ(shown),
        "totals agree": _totals_disagree(shown, cells[cells["yes"].isna()]),
        "a subset is no larger than its superset": _subsets_larger(shown),
        "places are known": _places_unknown(shown),
    }
    rows = [_rule(name, rule, wrong) for rule, wrong in rules.items()]
    absent = absent_states(name, cells)
    said = {**_rule(name, "every state is present", []), "verdict": SAID if absent else OK}
    rows.append(said | ({"what": f"no facility in {' '.join(absent)}"} if absent else {}))
    return pd.DataFrame(rows, columns=COLUMNS)


def _rule(name: str, rule: str, wrong: list[str]) -> dict[str, Any]:
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return {
        "kind": INVARIANT,
        "check": rule,
        "release": name,
        "what": "; ".join(wrong[:3]) + more,
        "ours": float(len(wrong)),
        "published": 0.0,
        "difference": float(len(wrong)),
        "tolerance": 0.0,
        "verdict": OFF if wrong else OK,
        "reason": "",
        "source": "",
    }


def _told(cells: pd.DataFrame) -> list[str]:
    return [f"{row['have']} of {row['of']} in {row['place']}" for row in cells[KEYS].to_dict("records")]


def _counts_disagree(cells: pd.DataFrame) -> list[str]:
    kinds = [one for one in coverage.KIND_COUNTS if one in cells]
    wrong = cells["yes"] + cells["no"] + cells["unknown"] != cells["facilities"]
    wrong |= (cells["complete"] > cells["facilities"]) | (cells[COUNTS] < 0).any(axis=1)
    if "complete_yes" in cells:
        wrong |= cells["complete_yes"] > cells[["yes", "complete"]].min(axis=1)
    if kinds:
        wrong |= cells[kinds].sum(axis=1) != cells["unknown"]
    return _told(cells[wrong])


def _shares_outside(cells: pd.DataFrame) -> list[str]:
    shares = coverage.shares(cells)[["lower_share", "known_share", "upper_share"]]
    wrong = ((shares < 0) | (shares > 1)).any(axis=1) | (shares["lower_share"] > shares["upper_share"])
    return _told(cells[wrong])


def _sizes_differ(cells: pd.DataFrame) -> list[str]:
    """At one place a universe holds as many facilities whatever they are asked, but for who serves people in custody.

    That question alone looks at the facilities that every other one leaves out.
    """
    asked = cells[cells["have"] != listings.CUSTODY]
    sizes = asked.groupby(["of", "level", "place"])["facilities"].nunique()
    return [f"{of} in {place}" for of, _, place in sizes.index[sizes > 1]]


def _totals_disagree(cells: pd.DataFrame, hidden: pd.DataFrame) -> list[str]:
    """States add up to the nation, and a state's counties to the state, as far as both levels are there."""
    pairs = pd.MultiIndex.from_frame(cells[["of", "have"]])
    cells = cells[(cells["level"] != "nation") | ~pairs.isin(pd.MultiIndex.from_frame(hidden[["of", "have"]]))]
    states, counties = cells[cells["level"] == "state"], cells[cells["level"] == "county"]
    nation = cells[cells["level"] == "nation"]
    within = counties.assign(place=counties["place"].map(_state_of))
    return _sums_differ(states.assign(place="all"), nation) + _sums_differ(within, states)


def _state_of(place: str) -> str:
    """State of a county's FIPS code, or of the rows of a state that are in no county (`NJ not placed`)."""
    return _survey_codes.state_codes().get(place[:2].lstrip("0"), place[:2])


def _sums_differ(parts: pd.DataFrame, wholes: pd.DataFrame) -> list[str]:
    keys = ["of", "have", "place"]
    sums = parts.groupby(keys, as_index=False)[COUNTS].sum()
    both = wholes[[*keys, *COUNTS]].merge(sums, on=keys, suffixes=("", "_parts"))
    differ = [both[count] != both[f"{count}_parts"] for count in COUNTS]
    wrong = pd.concat(differ, axis=1).any(axis=1)
    return [f"{row['have']} of {row['of']} in {row['place']}" for row in both[wrong].to_dict("records")]


def _subsets_larger(cells: pd.DataFrame) -> list[str]:
    """`a & b` has no more yes than `a`, and `a` no more than `a | b`, at every place and for sure and possible ones."""
    wrong = []
    haves = list(cells["have"].unique())
    keys = ["of", "level", "place"]
    tables = {have: table[[*keys, "yes", "unknown"]] for have, table in cells.groupby("have")}
    for part, whole in _nested(haves):
        both = tables[part].merge(tables[whole], on=keys, suffixes=("", "_whole"))
        sure = both["yes"] > both["yes_whole"]
        possible = both["yes"] + both["unknown"] > both["yes_whole"] + both["unknown_whole"]
        found = both.loc[sure | possible, ["of", "place"]].itertuples(index=False)
        wrong += [f"{part} beside {whole} of {of} in {place}" for of, place in found]
    return wrong


def _nested(haves: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of criteria of which the first cannot hold where the second does not, by their form alone."""
    trees = {have: criteria.parse(have).tree for have in haves}
    return [
        (part, whole)
        for part, inner in trees.items()
        for whole, outer in trees.items()
        if part != whole
        and (_chain(outer, "and") <= _chain(inner, "and") or _chain(inner, "or") <= _chain(outer, "or"))
    ]


def _chain(tree: criteria.Tree, operator: str) -> set[criteria.Tree]:
    """The parts that a chain of one operator joins; of another tree, the tree itself."""
    if tree[0] != operator:
        return {tree}
    return {part for branch in tree[1:] for part in _chain(branch, operator)}


def _places_unknown(cells: pd.DataFrame) -> list[str]:
    known = {*_survey_codes.state_codes().values(), coverage.NOT_PLACED}
    wrong = (cells["level"] == "state") & ~cells["place"].isin(known)
    return _told(cells[wrong])


def absent_states(name: str, cells: pd.DataFrame) -> list[str]:
    """Postal codes of the states of a national source in which its table has no facility at all."""
    if catalog.source(name.split("@")[0]).area != "US":
        return []
    there = set(cells.loc[(cells["level"] == "state") & (cells["facilities"] > 0), "place"])
    return [state for state in places.states()["state"] if state not in there]
