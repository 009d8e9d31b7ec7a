"""How many facilities to call, from which strata, and which ones: everything that follows from a list and a seed."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

import pandas as pd

from iop_analysis import criteria
from iop_analysis.errors import CallError
from iop_analysis.releases.listing import Listing

CONFIDENCE = 0.95
MARGIN_SHARE = 0.10
# What we plan with, not a published figure: federal surveys reach nine in ten with months of follow-up, five tries by
# volunteers reach fewer. A higher share costs nothing but time; a lower one is seen in the response rate.
EXPECTED_RESPONSE_SHARE = 0.6
# A sample of nearly all saves few calls and keeps a margin that calling everybody would not have.
ALL_FROM_SHARE = 0.8
# With fewer than two answers a stratum has no variance of its own.
LEAST_ANSWERS = 2
STRATA = ("yes", "no", "unknown")
OF = "iop"


def z_score(confidence: float = CONFIDENCE) -> float:
    """Two-sided quantile of the normal distribution."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def answers_needed(frame: int, margin: float = MARGIN_SHARE) -> int:
    """Answers that give a share to within a margin at 95 %, whatever the share is, from a list of a given length.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 4.4: n = n0 / (1 + (n0 - 1) / N) with n0 = z² p q / d²,
    here at p = 1/2, where it is largest. A sample in proportion to its strata needs no more.

    Examples
    --------
    >>> answers_needed(10_000_000), answers_needed(232), answers_needed(1)
    (97, 69, 1)
    """
    endless = z_score() ** 2 / 4 / margin**2
    return min(frame, math.ceil(endless / (1 + (endless - 1) / frame)))


def calls_needed(frame: int) -> int:
    """Facilities to call so that the answers suffice at the expected response; all where that would spare few.

    Examples
    --------
    >>> calls_needed(232), calls_needed(40)
    (115, 40)
    """
    calls = math.ceil(answers_needed(frame) / EXPECTED_RESPONSE_SHARE)
    return frame if calls > ALL_FROM_SHARE * frame else calls


def allocation(sizes: dict[str, int], calls: int) -> dict[str, int]:
    """Calls in each stratum in proportion to its size, rounded up, and enough for two answers at the least.

    Nothing is known about the answers before the first call. Planned at a share of one half in every stratum,
    Neyman's allocation, which also weighs how much the answers differ, gives the same numbers.

    Examples
    --------
    >>> allocation({"yes": 150, "no": 80, "unknown": 2}, 115)
    {'yes': 75, 'no': 40, 'unknown': 2}
    """
    whole = sum(sizes.values())
    least = math.ceil(LEAST_ANSWERS / EXPECTED_RESPONSE_SHARE)
    return {name: min(size, max(least, math.ceil(calls * size / whole))) for name, size in sizes.items()}


def frame(built: Listing, state: str, have: str) -> pd.DataFrame:
    """The public facilities of a state that list an IOP, once each, with the answer to a criterion as `stratum`.

    Of a list with its witnesses only those that nobody knows yet: calls go where they tell most.
    """
    facilities = built.public.facilities
    here = facilities[(facilities["state"] == state) & facilities["duplicate_of"].isna()]
    inside = criteria.evaluate(OF, here, built.hours).result.fillna(False).astype(bool)
    here = one_call_a_number(here[inside])
    if here.empty:
        raise CallError(
            f"{built.release.name} lists no intensive outpatient program in {state}: there is nobody to call."
        )
    result = criteria.evaluate(have, here, built.hours).result
    names = result.astype(object).map({True: "yes", False: "no"}).where(result.notna(), "unknown")
    listed = here.assign(stratum=names)
    if not is_combined(built):
        return listed
    if (names != "unknown").all():
        raise CallError(f"{built.release.name} knows {have!r} of each program in {state}: there is nobody to call.")
    return listed[names == "unknown"]


def is_combined(built: Listing) -> bool:
    """Whether a release is a list with what witnesses know."""
    return built.release.list_name != built.release.name


def one_call_a_number(listed: pd.DataFrame) -> pd.DataFrame:
    """The first facility of each telephone number: equal numbers are one call, and who answers speaks for all.

    Examples
    --------
    >>> one_call_a_number(pd.DataFrame({"phone": ["(303) 555-0100", "303-555-0100", None, None]})).index.tolist()
    [0, 2, 3]
    """
    digits = listed["phone"].fillna("").astype(str).str.replace(r"\D", "", regex=True).str[-10:]
    return listed[~digits.duplicated() | digits.eq("")]


def sample(listed: pd.DataFrame, calls: dict[str, int], seed: int) -> pd.DataFrame:
    """The first facilities of each stratum in a random order that anybody can repeat, in the order of calling.

    The order is that of SHA-256 over `seed:facility_id`. It depends on nothing else: no row order, no library.
    """
    keys = listed["facility_id"].map(lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())
    shuffled = listed.assign(key=keys).sort_values("key").drop(columns="key")
    place = shuffled.groupby("stratum").cumcount()
    chosen = shuffled[place < shuffled["stratum"].map(calls)].reset_index(drop=True)
    return chosen.assign(order=range(1, len(chosen) + 1))
