"""For researchers: every question of a state under every rule of counting, one row each."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.carried import listings, programs, reach
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage, residents
from iop_analysis.releases import combined, listing, together
from iop_analysis.releases.listing import Listing

# The list as it stands, and with its witnesses linked at least this well.
NO_WITNESS = "list alone"
CUT_OFFS = (0.65, 0.8, 0.9, 1.0)
CUSTODY = {False: "left out", True: "counted"}
FIRST = ["list", "link_score", "custody", "of", "have"]
COUNTS = ["facilities", "yes", "no", "unknown", "lower_share", "upper_share", "universe_unknown"]


def bounds(state: str) -> pd.DataFrame:
    """Coverage and residents within reach of a state, for each list, link cut-off, rule on custody and question.

    Returns
    -------
    DataFrame
        `list`, `link_score` (the least score of a link whose hours and answers are used, or `list alone`), `custody`
        (programs for people in custody left out or counted), `of`, `have`, then counts and bounds as in `coverage`,
        `population` (2020) and `within_Nmi_BOUND` as in `metrics.residents.residents_within`. Rows of one question
        differ by the rules of counting alone.

    Raises
    ------
    CallError
        No list of the state is built.
    """
    places.check_state(state)
    points = reach.points_of(None, state)
    parts = [
        _answers(made, points, state, custody).assign(list=name, link_score=score, custody=said)
        for name, score, made in _lists(state)
        for custody, said in CUSTODY.items()
    ]
    if not parts:
        raise CallError(f"No list with programs in {state} is built; run `iop-analysis fetch` and `build` first.")
    table = pd.concat(parts, ignore_index=True)
    return table[[*FIRST, *[name for name in table if name not in FIRST]]]


def _lists(state: str) -> Iterator[tuple[str, str, Listing]]:
    """The newest lists that cover the state, each alone and with its witnesses at every cut-off."""
    for name in listings.newest():
        release = raw.find_release(name)
        if catalog.source(release.source).area not in ("US", state):
            continue
        loaded = listing.load(name)
        yield name, NO_WITNESS, loaded
        witnesses = combined.default_witnesses(release, state)
        here = combined.in_state(loaded, state)
        others = [combined.in_state(listing.load(one), state) for one in witnesses]
        for least in CUT_OFFS if others else ():
            yield name, f"{least:g}", together.put_together(here, others, least).listing


def _answers(loaded: Listing, points: pd.DataFrame, state: str, custody: bool) -> pd.DataFrame:
    rows = []
    whole = loaded if custody else loaded.public
    here = whole.facilities[whole.facilities["state"].eq(state)]
    homes = points.assign(place=state)[["point_id", "place", "population"]]
    for of, have, _ in programs.questions(here):
        near = programs.of_listing(loaded, of, have, custody).distances(points)
        reached = residents.residents_within(near, homes).drop(columns="place")
        counts = coverage.coverage(here, whole.hours, have, of).iloc[0][COUNTS]
        rows.append({"of": of, "have": have, **counts, **reached.to_dict("records")[0]})
    return pd.DataFrame(rows)
