"""The sections on distance: residents within reach by what they need and by the clock, districts, a rule, levers."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import adequacy, clock, distances, districts, levers, residents
from iop_analysis.metrics.adequacy import CANNOT_TELL, NONE_LISTED, WITHIN
from iop_analysis.places import county_heading, county_words
from iop_analysis.report import clock_figure, words
from iop_analysis.report.blocks import drawn, source_line
from iop_analysis.report.front import people
from iop_analysis.report.front.people import MILES
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Figure, Section, Table

TITLE = "How far?"
CAUTION = (
    "These are straight lines from where the residents of each census tract of 2020 live, on average. Roads are "
    "longer. Buses and trains were not measured. "
)
NEXT_STATE = "A program in the next state counts, but not where Medicaid must pay."
OWN_STATE = "The file lists this state only, so a nearer program across the state line is not seen."
GROUPS = "Groups of race and income are of the tracts of 2017, the newest table at hand that has both."
URBAN, RURAL = "Large central metro", "Rural (noncore)"
HOUSES = {"congress": "Congressional districts", "upper": "Upper house", "lower": "Lower house"}
BOUNDS = "“At least” counts programs that say yes; “at most” adds those that do not say."


def distance(gathered: Gathered) -> Section:
    """How many live near a program, by what they need and by the clock; nothing for the sample."""
    if gathered.synthetic:
        return Section("distance", TITLE, ())
    found = people.reach(gathered)
    if found is None:
        text = f"Distances in {state_name(gathered.state)} were not measured for this list."
        return Section("distance", TITLE, (f"{text} `iop-analysis access` measures them from a file of tracts.",))
    beyond = NEXT_STATE if catalog.source(gathered.main.release.list_name.split("@")[0]).area == "US" else OWN_STATE
    blocks: list[Block] = [
        CAUTION + beyond,
        *_by_the_clock(gathered),
        _needs(gathered),
        *_groups(gathered),
        _levers(gathered),
        _files(gathered),
    ]
    return Section("distance", TITLE, tuple(block for block in blocks if not _is_empty(block)))


def _is_empty(block: Block) -> bool:
    return isinstance(block, Table) and block.frame.empty


def _sources(gathered: Gathered) -> str:
    return f"{source_line(gathered.main)} {people.RESIDENTS}"


def _by_the_clock(gathered: Gathered) -> list[Block]:
    """Residents near a program that lists Medicaid at a site open an hour after noon, 5, 6, 7 and 8 pm."""
    table = clock.load(gathered.main.release.list_name, gathered.state)
    if table.empty:
        return []
    first, last = table.iloc[0], table.iloc[-1]
    shares = [first["within_10mi_lower"] / first["population"], last["within_10mi_lower"] / last["population"]]
    most = [first["within_10mi_widest"] / first["population"], last["within_10mi_widest"] / last["population"]]
    said = (
        f"At noon at least {words.percent(shares[0])} of residents, and at most {words.percent(most[0])}, live within "
        f"10 miles of an open site whose program lists Medicaid; an hour after 8 pm at least "
        f"{words.percent(shares[1])}, and at most {words.percent(most[1])}."
    )
    return [said, _clock_figure(gathered, table)]


def _clock_figure(gathered: Gathered, table: pd.DataFrame) -> Figure:
    title = "Residents near a program that lists Medicaid at a site open an hour after …"
    canvas, ax = clock_figure.clock_canvas()
    clock_figure.clock_bands(ax, table)
    frame = pd.DataFrame({"An hour after": table["after"].map(words.clock)})
    for miles in MILES:
        frame[f"Within {miles} miles, at least"] = table[f"within_{miles}mi_lower"]
        frame[f"Within {miles} miles, at most"] = table[f"within_{miles}mi_widest"]
    note = f"{int(table['population'].iloc[0]):,} residents. {BOUNDS}"
    behind = Table("clock", title, frame, _sources(gathered), note)
    return drawn("clock", canvas, clock_figure.describe(table, title), behind)


def _needs(gathered: Gathered) -> Table:
    """One row a question: residents within reach, at least and at most."""
    rows = []
    for row in catalog.read_rows("residents.csv"):
        if row["after"] not in ("", "18:00"):
            continue
        table = residents.load(gathered.main.release.list_name, row["have"], "state", gathered.state)
        rows += [_need(row["words"], table.iloc[0])] if len(table) else []
    note = f"Share of all residents. {BOUNDS} The last column is the farthest home even if every unknown were a yes."
    frame = pd.DataFrame(rows)
    shares = tuple(name for name in map(str, frame) if name.startswith("Within"))
    return Table("distance", "Residents within reach, by what they need", frame, _sources(gathered), note, shares)


def _need(said: str, row: pd.Series) -> dict[str, object]:
    found: dict[str, object] = {"Near …": words.sentence(said).rstrip(".")}
    for miles in MILES:
        for bound, kind in (("at least", "lower"), ("at most", "widest")):
            found[f"Within {miles} miles, {bound}"] = row[f"within_{miles}mi_{kind}"] / row["population"]
    away = people.miles_of(pd.Series([float(row["farthest_widest_km"])])).iloc[0]
    return found | {"Farthest home, miles": away}


def _groups(gathered: Gathered) -> list[Block]:
    """Who lives near: a sentence on city and country where the state has both, and the table of groups."""
    table = distances.carried_people(gathered.main.release.list_name, gathered.state)
    if table.empty:
        return []
    shown = table.set_index("group")
    ends = [group for group in (URBAN, RURAL) if group in shown.index and not shown["hidden"].to_dict()[group]]
    site = str(distances.carried_distances(gathered.main.release.list_name, gathered.state)["words"].iloc[-1])
    said: list[Block] = []
    if len(ends) == 2:
        low, most = ([shown[f"within_{kind}"].to_dict()[group] for group in ends] for kind in ("sure", "possible"))
        spans = [_span(*pair) for pair in zip(low, most, strict=True)]
        said = [
            f"In the counties of large cities {spans[0]} of the residents live within 10 miles of {site}, in rural "
            f"counties {spans[1]}. {GROUPS}"
        ]
    return [*said, _groups_table(gathered, table, site)]


def _span(low: float, most: float) -> str:
    at_least, at_most = words.percent(low), words.percent(most)
    return at_least if at_least == at_most else f"{at_least} to {at_most}"


def _groups_table(gathered: Gathered, table: pd.DataFrame, site: str) -> Table:
    frame = pd.DataFrame(
        {
            "Residents by": table["heading"],
            "Group": table["label"],
            "Residents": table["population"].round().astype(int),
            "Within 10 miles, at least": table["within_sure"].mask(table["hidden"]),
            "Within 10 miles, at most": table["within_possible"].mask(table["hidden"]),
        }
    )
    note = (
        "Groups of fewer than 1,000 residents get a count only. Groups of race and ethnicity overlap and leave others "
        f"out. A county’s kind is that of 2013 (National Center for Health Statistics). {GROUPS}"
    )
    shares = ("Within 10 miles, at least", "Within 10 miles, at most")
    return Table("distance_people", f"Who lives near {site}", frame, _sources(gathered), note, shares, appendix=True)


def _levers(gathered: Gathered) -> Table:
    """What more programs would mean for residents, by town and never by name; the workbook has each town's part."""
    name, state = gathered.main.release.list_name, gathered.state
    table = levers.gains(name, state)
    frame = pd.DataFrame(
        {
            "If": table["words"].map(lambda text: words.sentence(text).rstrip(".")),
            "Within miles": table["miles"],
            "More residents, at least": table["least"],
            "At most": table["most"],
            "In": table["towns"].map(lambda towns: words.listed([town or "a withheld place" for town in towns])),
        }
    )
    note = "Five programs that would bring the most residents within reach, the first the most; towns, not names."
    title = "Which towns would bring most residents within reach"
    numbers = _by_town(levers.load(name, state))
    return Table("levers", title, frame, _sources(gathered), note, numbers=numbers, appendix=True)


def _by_town(table: pd.DataFrame) -> pd.DataFrame:
    sure = {"no": "every unknown is a no", "yes": "every unknown is a yes"}
    names = {"words": "If", "unknowns": "And", "rank": "Order", "town": "Town", "miles": "Within miles"}
    frame = table.rename(columns=names | {"gained_population": "More residents"})
    return frame.assign(And=table["unknowns"].map(sure), Town=table["town"].replace("", "withheld"))[
        [*names.values(), "More residents"]
    ]


def _files(gathered: Gathered) -> Table:
    known = distances.carried_files()
    frame = pd.DataFrame({"File": list(known), "SHA-256": list(known.values())})
    return Table("distance_files", "Files behind these distances", frame, _sources(gathered), appendix=True)


def by_district(gathered: Gathered) -> Section:
    """Districts: residents out of reach, and programs as counts; nothing where no district was measured."""
    title, found = "By district", people.reach(gathered)
    if found is None:
        return Section("districts", title, ())
    tables = [_district_table(gathered, level, found) for level in districts.LEVELS]
    tables = [table for table in tables if not table.frame.empty]
    if not tables:
        return Section("districts", title, ())
    said = [_most(table) for table in tables if _differs(table)]
    said.append(
        f"The appendix has every district: residents, those more than 5 and 10 miles from {found.site}, and programs. "
        "A program whose address is not known well enough is “not certain”, and the sums are the state’s."
    )
    return Section("districts", title, (" ".join(said), *tables))


def _differs(table: Table) -> bool:
    """Whether a table has several districts and somebody surely out of reach, so that one can have the most."""
    far = table.frame.loc[table.frame["Residents"] > 0, "More than 10 miles away, at least"]
    return len(far) > 1 and bool(far.max() > 0)


def _most(table: Table) -> str:
    """The district of a table with the most residents surely out of reach."""
    row = table.frame.sort_values("More than 10 miles away, at least", ascending=False, kind="stable").iloc[0]
    return (
        f"{row['District']} has the most of its kind more than 10 miles away: at least "
        f"{int(row['More than 10 miles away, at least']):,} of {int(row['Residents']):,} residents."
    )


def _district_table(gathered: Gathered, level: str, found: people.Reach) -> Table:
    table = districts.load(gathered.main.release.list_name, found.have, level, gathered.state)
    frame = pd.DataFrame({"District": table["name"], "Residents": table["population"]})
    for miles in MILES:
        here = table["population"] - table[[f"within_{miles}mi_widest", f"within_{miles}mi_lower"]].T
        frame[f"More than {miles} miles away, at least"] = here.T[f"within_{miles}mi_widest"].fillna(0).astype(int)
        frame[f"More than {miles} miles away, at most"] = here.T[f"within_{miles}mi_lower"].fillna(0).astype(int)
    frame = frame.assign(Programs=table["facilities"])
    title = f"{HOUSES[level]}, {districts.VINTAGES[level]}: residents far from {found.site}"
    note = f"{BOUNDS} Programs are those whose own address lies in the district."
    return Table(f"districts_{level}", title, frame, _sources(gathered), note, appendix=True, total=True)


def by_rule(gathered: Gathered) -> Section:
    """Counties held to Medicare Advantage's distances, with what such a rule does not show."""
    title, found = "Held to a rule on distance", people.reach(gathered)
    if found is None:
        return Section("adequacy", title, ())
    table = adequacy.load(gathered.main.release.list_name, found.have, gathered.state)
    if table.empty:
        return Section("adequacy", title, ())
    counts = {verdict: int((table["verdict"] == verdict).sum()) for verdict in (WITHIN, NONE_LISTED, CANNOT_TELL)}
    many = county_words(gathered.state)[1]
    said = (
        f"Medicare Advantage’s distances, as transcribed, ask that most residents live within 10 to 100 miles, by "
        f"kind of county. They do not bind Medicaid plans. For {found.site}: {counts[WITHIN]} {many} within, "
        f"{counts[NONE_LISTED]} with none listed within, {counts[CANNOT_TELL]} cannot be told. {adequacy.CAUTION} "
        f"{adequacy.NO_CUSTOM}"
    )
    names = {
        "name": county_heading(gathered.state),
        "county_type": "Kind (CMS)",
        "residents": "Residents",
        "limit": "Miles",
    }
    names |= {"share_required": "Share required", "lower_share": "Share within, at least"}
    names |= {"upper_share": "Share within, at most", "verdict": "Verdict"}
    shares = ("Share required", "Share within, at least", "Share within, at most")
    frame = table.rename(columns=names)[list(names.values())]
    behind = Table("adequacy", f"{title}: {many}", frame, _sources(gathered), "", shares, appendix=True)
    return Section("adequacy", title, (said, behind))
