"""Page one as a model: what every format shows first, and nothing that only one of them could."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from iop_analysis import catalog
from iop_analysis.calls import sampling
from iop_analysis.maps import reach as maps
from iop_analysis.maps.save import to_svg
from iop_analysis.report import citation
from iop_analysis.report.blocks import bar, bars_figure, drawn, programs, source_line
from iop_analysis.report.front import people, rules
from iop_analysis.report.front.facts import facts
from iop_analysis.report.front.heard import told_facts
from iop_analysis.report.front.people import Reach
from iop_analysis.report.front.rules import Fact
from iop_analysis.report.gathered import EVENING, Gathered, read_as_no, state_name, state_row
from iop_analysis.report.model import Figure, Front, Table, Tile, made_on

MAP_INCHES, MOST_NUMBERED = 3.6, 12
MOST_TILES, MOST_PEOPLE, MOST_LEVERS = 4, 4, 3
WHAT = (
    "An intensive outpatient program (IOP) gives nine or more hours of treatment a week while people keep job and "
    "family."
)
READ = (
    "“At least” counts the programs that say yes; “at most” adds those that do not say. Every range on this page runs "
    "from one to the other."
)
HELP = (
    "In a crisis, call or text 988 at any hour. To find treatment: FindTreatment.gov, or SAMHSA’s helpline "
    "1-800-662-4357, free and confidential."
)
NOT_A_FINDER = "A report on access, not a finder: call before you go."


def front(gathered: Gathered) -> Front:
    """Page one of a state."""
    found = people.reach(gathered)
    known = known_of(gathered, found)
    head = rules.said("headline", known, 1)[0]
    return Front(
        kicker=kicker(known),
        headline=head.text,
        subline=head.note,
        what=WHAT,
        tiles=tuple(Tile(one.figure, one.text, one.note) for one in rules.said("tile", known, MOST_TILES)),
        map=_map(gathered, found),
        chart=_chart(gathered),
        far=_far(gathered, found),
        people=tuple(one.text for one in rules.said("people", known, MOST_PEOPLE)),
        levers=tuple(one.text for one in rules.said("lever", known, MOST_LEVERS)),
        ask=rules.said("ask", known, 1)[0].text,
        counted=" ".join(one.text for one in rules.said("counted", known)),
        read=READ,
        made=made_on(),
        finder=NOT_A_FINDER,
        help=HELP,
        sources=people.RESIDENTS if found else "",
        correction=citation.correction(gathered.contact),
    )


def known_of(gathered: Gathered, found: Reach | None) -> dict[str, Fact]:
    """All facts of a state."""
    return facts(gathered) | people.facts(found) | people.lever_facts(gathered) | _sentences(gathered)


def kicker(known: Mapping[str, Fact]) -> str:
    """The state and the years of list, survey and residents."""
    parts = [str(known["State"]), str(known["list"])]
    parts += [f"survey {known['told_year']}"] if "told_year" in known else []
    parts += [f"residents {people.YEAR}"] if "residents" in known else []
    return " · ".join(parts)


def _sentences(gathered: Gathered) -> dict[str, Fact]:
    """Words that rules share: the list in a sentence, the state at the beginning of one, how a blank is read."""
    name, n = state_name(gathered.state), programs(gathered)
    title = catalog.source_of(gathered.main.release).title
    found: dict[str, Fact] = {"list_said": f"Counted on one list: {title}."}
    found |= {"state_first": name[:1].upper() + name[1:], "read_as_no": "A no is said."}
    if read_as_no(gathered.main, "medicaid"):
        found["read_as_no"] = "Not listed is read as no."
    return found | ({"calls": sampling.calls_needed(n)} if n else {})


def _map(gathered: Gathered, found: Reach | None) -> Figure | None:
    """The counties by residents out of reach; none where the state is one county or nothing was measured."""
    if found is None or len(found.counties) < 2:
        return None
    return reach_map(gathered, found, "front_map")


def reach_map(gathered: Gathered, found: Reach, key: str, wide: bool = False) -> Figure:
    """The map of residents out of reach: half a page wide, or wide with a narrow drawing beside it."""
    share = found.counties["low"] / found.counties["population"].where(lambda count: count > 0)
    table = found.counties.assign(beyond_share=share)
    title = f"Residents more than {found.miles} miles from {found.site}, at least"
    label = f"More than {found.miles} miles away, at least"
    alt = maps.alt_text(table, gathered.state, title)
    small = maps.figure(table, gathered.state, label, wide=MAP_INCHES, most=None if wide else MOST_NUMBERED)
    large = maps.figure(table, gathered.state, label) if wide else small
    behind = Table(key, title, people.counties(found), _source(gathered), people.NOTE, total=True)
    picture = drawn(key, large, alt, behind)
    return replace(picture, narrow=to_svg(small, alt)) if wide else picture


def _source(gathered: Gathered) -> str:
    return f"{source_line(gathered.main)} {people.RESIDENTS}"


def _far(gathered: Gathered, found: Reach | None) -> Table | None:
    """The counties where most residents are surely out of reach."""
    if found is None or len(frame := people.farthest(found)) < 2:
        return None
    return Table("front_far", f"Where most people live out of reach ({found.miles} miles)", frame, _source(gathered))


def _chart(gathered: Gathered) -> Figure | None:
    """What the programs list, as one bar chart; none where no program is listed."""
    labels = {EVENING: "Open an hour past 6 pm", "medicaid": "List Medicaid", "sliding_fee": "List a sliding fee"}
    labels["private_insurance"] = "List private plans"
    few = "evening_known" in told_facts(gathered)
    rows = [
        (label, state_row(gathered.main, have, gathered.state))
        for have, label in labels.items()
        if gathered.main.asks(have) and not (few and have == EVENING)
    ]
    bars = [bar(label, row) for label, row in rows if row["facilities"]]
    if not bars:
        return None
    parts = ("yes", "not known", "no")
    return bars_figure(gathered, "front", "What the programs list", pd.DataFrame(bars), parts)
