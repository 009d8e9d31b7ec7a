"""Which standard tables speak for a state: built releases first, else the reference tables that the package carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, criteria, places, raw
from iop_analysis.carried import evenings, listings
from iop_analysis.carried.listings import Standard
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.releases import combined, listing, store
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.together import Combination

EVENING = "evening(after='18:00')"


@dataclass(frozen=True)
class Gathered:
    """What is known of a state: the tables the report is built on, and a second file to put beside them.

    `main` asks everything the funnels need as far as any file does; `beside` is the national list where `main` is a
    state's own. `carried` says that the tables come with the package, not from files on this machine; else `listed`
    is the built release behind `main`. `combined` is there where `main` is a list with its witnesses, and
    `beside_evening` says what witnesses know of the evenings of the list beside. `against` names other states to
    compare with, `calls` a filled call sheet; `named` says that the reader asks for the facilities themselves,
    `contact` whom a page tells people to write to, and `address` where the pages will be served, if that is known.
    """

    state: str
    main: Standard
    beside: Standard | None
    synthetic: bool
    carried: bool
    listed: Listing | None = None
    against: tuple[str, ...] = ()
    calls: Path | None = None
    named: bool = False
    combined: Combination | None = None
    beside_evening: pd.DataFrame | None = None
    contact: str = ""
    address: str = ""


def gather(
    state: str,
    sample: bool = False,
    against: Sequence[str] = (),
    calls: Path | None = None,
    named: bool = False,
    *,
    contact: str = "",
    address: str = "",
) -> Gathered:
    """The gathered for a state.

    Parameters
    ----------
    state
        Postal code.
    sample
        Take the synthetic sample, and nothing else.
    against
        Postal codes of states to compare with.
    calls
        A filled call sheet of the state.
    named
        Whether the reader asks for the facilities themselves.
    contact
        A mail address or a page for corrections, which every page names.
    address
        Where the pages will be served, for previews of links; empty where that is not known.

    Raises
    ------
    CallError
        No release that asks about IOP speaks of the state.
    """
    names = _candidates(sample)
    own = [name for name in names if _source(name).complete and _source(name).area == state]
    national = [name for name in names if _source(name).area == "US"]
    chosen = [found for found in (_newest(own, state), _newest(national, state)) if found]
    if not chosen:
        raise CallError(f"No release at hand lists intensive outpatient programs in {state}.")
    main, made = _with_witnesses(chosen[0].release.name, state, sample) or (chosen[0], None)
    beside = chosen[1] if len(chosen) > 1 else None
    carried = main.release.name not in store.built()
    listed = None if carried else _load(main.release.name)
    told = _evening_of(beside, state, sample) if beside else None
    return Gathered(
        state, main, beside, sample, carried, listed, tuple(against), calls, named, made, told, contact, address
    )


def _with_witnesses(name: str, state: str, sample: bool) -> tuple[Standard, Combination] | None:
    """A built list with what witnesses know of its programs there; None where they know nothing, nor for the sample."""
    if sample or name not in store.built():
        return None
    made = combined.up_to_date(name, state)
    if made is None or not combined.knows_programs(made, state):
        return None
    return _standard(made.listing.release.name), made


def _evening_of(beside: Standard, state: str, sample: bool) -> pd.DataFrame | None:
    """What witnesses know of the evenings of a list: from its built combination, else as the package carries it."""
    known = _with_witnesses(beside.release.name, state, sample)
    return evenings.evening(known[1], state) if known else evenings.carried(beside.release.name, state)


def _candidates(sample: bool) -> list[str]:
    """Names at hand, oldest first in each source; synthetic ones and real ones never mix."""
    built = [name for name in store.built() if raw.find_release(name).synthetic == sample]
    carried = [] if sample else listings.carried()
    order = list(catalog.releases())
    # Survey respondents have a state only and are never mixed with listings.
    names = [name for name in dict.fromkeys([*built, *carried]) if _source(name).linkable]
    return sorted(names, key=lambda name: (_year(name), order.index(name) if name in order else len(order)))


def _year(name: str) -> int:
    return raw.find_release(name).survey_year or 0


def _source(name: str) -> catalog.Source:
    return catalog.source(name.split("@")[0])


def national(sample: bool = False) -> Standard:
    """The newest national list at hand that asks about IOP, with its witnesses: in it every state is counted alike."""
    found = _newest([name for name in _candidates(sample) if _source(name).area == "US"])
    if found is None:
        raise CallError("No national list of intensive outpatient programs is at hand.")
    if sample or found.release.name not in store.built():
        return found
    made = combined.up_to_date(found.release.name, "")
    return _standard(made.listing.release.name) if made else found


def _newest(names: list[str], state: str = "") -> Standard | None:
    """Tables of the last of the releases that lists an IOP in the state, or anywhere without one."""
    level, place = ("state", state) if state else ("nation", "all")
    for name in reversed(names):
        table = _tables(name)
        if table is not None and table.row("iop", "all", level, place)["yes"]:
            return table
    return None


def _tables(name: str) -> Standard | None:
    """Tables of every state from a built release, else the carried ones; None where IOP is not asked."""
    if name not in store.built():
        table = _carried(name)
        return table if table.asks("iop", "all") else None
    return _standard(name) if _load(name).facilities["offers_iop"].eq(answers.YES).any() else None


# What many states share is read and counted once in a process.
_load = store.remembered(listing.load)


@store.remembered
def _standard(name: str) -> Standard:
    return listings.standard(_load(name))


@cache
def _carried(name: str) -> Standard:
    return listings.load(name)


def blind(table: Standard, have: str) -> bool:
    """Whether the source of the tables can never record a no for a word of the criterion."""
    return bool(criteria.cannot_say_no(have, table.release.list_source))


def read_as_no(table: Standard, have: str) -> bool:
    """Whether a no to some word of a criterion may be read from a blank: such a program only does not list it."""
    source, words = table.release.list_source, criteria.words()
    names = {words.get(atom.name, atom.name) for atom in criteria.parse(have).atoms}
    return any(catalog.reads_no_from_blank(source, name) for name in names)


def state_row(table: Standard, have: str, state: str, of: str = "iop") -> pd.Series:
    """Counts and shares of one question for a state."""
    return table.row(have, of, "state", state)


def state_name(state: str) -> str:
    """Name of a state as a sentence says it.

    Examples
    --------
    >>> state_name("DC"), state_name("NJ")
    ('the District of Columbia', 'New Jersey')
    """
    name = plain_name(state)
    return f"the {name}" if name.startswith("District") else name


def plain_name(state: str) -> str:
    """Name of a state as a heading or a table has it."""
    return _state_names()[state]


@cache
def _state_names() -> dict[str, str]:
    table = places.states()
    return dict(zip(table["state"], table["name"], strict=True))
