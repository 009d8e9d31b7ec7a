"""How the calls ended: response, contact and cooperation rates over the programs that were tried."""

from __future__ import annotations

import math

import pandas as pd

from iop_analysis.calls.fields import outcomes

PARTS = {
    "I": "complete",
    "P": "partial",
    "R": "declined",
    "NC": "no_contact",
    "O": "other",
    "U": "unknown",
    "NE": "not_eligible",
    "": "not_called",
}
RATES = ["response_rate", "rr2", "rr3", "rr4", "contact_rate", "cooperation_rate"]


def tried(calls: pd.DataFrame) -> pd.Series:
    """Whether a program was called at all: a row without an outcome was not, and is no `no answer`."""
    return calls["outcome"].fillna("").ne("")


def responses(strata: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """How the calls ended, by stratum and in all, with AAPOR's rates.

    Parameters
    ----------
    strata
        `stratum`, `frame` (facilities of the list) and `called` (facilities of the sample).
    calls
        `stratum` and `outcome` of each facility of the sample; an empty outcome is one that was not called yet.

    Returns
    -------
    DataFrame
        `stratum` (the last row is `all`), `frame`, `called` (drawn to be called), a count for each of `PARTS`, the
        rates of `RATES` over those tried (0-1, empty where nobody is eligible), and `weighted_response_rate`, in which
        each call counts for the facilities that it stands for.

    References
    ----------
    American Association for Public Opinion Research, Standard Definitions: `response_rate` is RR1 = I / ((I + P) +
    (R + NC + O) + U), `rr2` counts partial interviews too, `rr3` and `rr4` count of the unknown only the share that is
    eligible among the others; `contact_rate` is CON1, `cooperation_rate` COOP1. A closed facility is not eligible.
    """
    parts = calls["outcome"].fillna("").map({"": "", **outcomes()})
    counts = pd.crosstab(calls["stratum"], parts).reindex(index=strata["stratum"], columns=list(PARTS), fill_value=0)
    table = pd.concat([strata.set_index("stratum"), counts.rename(columns=PARTS)], axis=1)
    both = pd.concat([table, table.sum().rename("all").to_frame().T]).astype("int64").rename_axis("stratum")
    eligible = table["called"] - table["not_called"] - table["not_eligible"]
    weight = table["frame"] / (table["called"] - table["not_called"]).where(lambda count: count > 0)
    rated = _rates(both)
    weighted = rated["response_rate"].copy()
    whole = float((weight * eligible).sum())
    weighted["all"] = float((weight * table["complete"]).sum()) / whole if whole else math.nan
    return both.join(rated).assign(weighted_response_rate=weighted).reset_index()


def _rates(counts: pd.DataFrame) -> pd.DataFrame:
    complete, partial, declined, no_contact, other, unknown, closed = (
        counts[PARTS[part]].astype(float) for part in ("I", "P", "R", "NC", "O", "U", "NE")
    )
    answered, reached = complete + partial, complete + partial + declined + other
    known = reached + no_contact
    share = known / (known + closed).where(known + closed > 0)
    either, likely = known + unknown, known + (share * unknown).fillna(unknown)
    pairs = [
        (complete, either),
        (answered, either),
        (complete, likely),
        (answered, likely),
        (reached, either),
        (complete, reached),
    ]
    rates = [part / whole.where(whole > 0) for part, whole in pairs]
    return pd.DataFrame(dict(zip(RATES, rates, strict=True)))
