"""Hours of many witnesses: each answers a test by itself; where they agree that is the answer, else it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Voices:
    """Facilities once for each witness that has hours of them; `owner` is the place of the facility of each.

    A facility of which no witness has hours is one silent voice. The hours name a voice by its number.
    """

    facilities: pd.DataFrame
    hours: pd.DataFrame
    owner: npt.NDArray[np.int64]


def voices(facilities: pd.DataFrame, hours: pd.DataFrame) -> Voices:
    """The voices of a table; hours without a column `witness` are of one voice each."""
    count = len(facilities)
    if "witness" not in hours:
        return Voices(facilities, hours, np.arange(count, dtype=np.int64))
    place = pd.Series(np.arange(count), index=facilities["facility_id"])
    mine = hours[hours["facility_id"].isin(place.index)]
    owner = place.loc[mine["facility_id"]].to_numpy(dtype=np.int64)
    witness, names = pd.factorize(mine["witness"], sort=True)
    pairs, number = np.unique(owner * max(len(names), 1) + witness, return_inverse=True)
    speaking = pairs // max(len(names), 1)
    silent = np.setdiff1d(np.arange(count), speaking)
    owners = np.concatenate([speaking, silent]).astype(np.int64)
    status = facilities["hours_status"].to_numpy(dtype=object)[owners]
    table = pd.DataFrame({"facility_id": np.arange(len(owners)), "hours_status": status})
    return Voices(table, mine.assign(facility_id=number.astype(np.int64)), owners)


def agreed(owner: npt.NDArray[np.int64], count: int, value: Any, kinds: Any, *, disagree: int, known: int) -> Any:
    """What the voices of each facility say together: an answer that none contradicts, else unknown.

    Parameters
    ----------
    owner, count
        The facility of each voice, and how many there are.
    value, kinds
        A nullable boolean and the kind of each unknown, one a voice.
    disagree, known
        The kind of an unknown where voices contradict each other, and that of an answer.

    Returns
    -------
    tuple
        A nullable boolean array and the kinds, one a facility. The order of the voices makes no difference.
    """
    said = value.fillna(False).to_numpy(dtype=bool) if hasattr(value, "fillna") else np.asarray(value, dtype=bool)
    unsaid = np.asarray(pd.isna(value), dtype=bool)
    yes, no = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    yes[owner[said & ~unsaid]] = True
    no[owner[~said & ~unsaid]] = True
    least = np.full(count, known, dtype=np.int8)
    np.minimum.at(least, owner, kinds)
    unknown = yes == no
    least = np.where(yes & no, disagree, np.where(unknown, least, known)).astype(np.int8)
    return pd.arrays.BooleanArray(yes & ~no, unknown), least


def any_of(owner: npt.NDArray[np.int64], count: int, here: Flags) -> Flags:
    """Flags of the facilities of which a voice is flagged."""
    found = np.zeros(count, dtype=bool)
    found[owner[here]] = True
    return found
