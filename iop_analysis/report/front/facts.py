"""What is known of a state by name, for the rules of page one: counts (int), shares 0-1 (float), and words."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.carried import changes, owners, trends
from iop_analysis.carried.listings import Standard
from iop_analysis.metrics import coverage
from iop_analysis.report import words
from iop_analysis.report.blocks import counties_without
from iop_analysis.report.front.heard import told_facts
from iop_analysis.report.front.rules import Fact
from iop_analysis.report.gathered import EVENING, Gathered, blind, plain_name, state_name, state_row

# Facts on evenings: where too few programs are known they are said to be not collected.
LATE = ("evening", "both")
FOR_PROFIT = "private for-profit"
ALIKE = 0.05  # a list and a survey that differ by more give no rank


def facts(gathered: Gathered) -> dict[str, Fact]:
    """Everything that page one may say of a state; what is not known has no name."""
    parts = (_place(gathered), _answers(gathered), _told(gathered), _kept(gathered), _counties(gathered))
    found = dict(chain.from_iterable(part.items() for part in parts))
    return found | _rank(gathered, found) | _owners(gathered, found)


def _place(gathered: Gathered) -> dict[str, Fact]:
    row = state_row(gathered.main, "iop", gathered.state, "all")
    found: dict[str, Fact] = {
        "state": state_name(gathered.state),
        "State": plain_name(gathered.state),
        "n": int(row["yes"]),
        "programs": words.plural(int(row["yes"]), "intensive outpatient program"),
        "list": list_words(gathered.main.release),
        "list_title": catalog.source_of(gathered.main.release).title,
        "list_year": str(gathered.main.release.survey_year or gathered.main.release.reference_date[:4]),
        "county": places.county_words(gathered.state)[0],
        "counties": places.county_words(gathered.state)[1],
    }
    silent = {"silent": int(row["unknown"])} if row["unknown"] else {}
    national = {"national_list": 1} if catalog.source_of(gathered.main.release).area == "US" else {}
    served = {name: state_row(gathered.main, name, gathered.state)["yes"] for name in ("in_custody", "veterans_only")}
    found |= {name: int(count) for name, count in served.items() if count}
    by_zip = int(gathered.main.placed.set_index("place")["by_zip"].filter(regex=_county_codes(gathered.state)).sum())
    return found | silent | national | ({"by_zip": by_zip} if by_zip else {})


def _county_codes(state: str) -> str:
    return f"^{places.states().set_index('state')['fips'][state]}"


def list_words(release: catalog.Release) -> str:
    """Which list a count rests on, in as few words as a heading has room for.

    Examples
    --------
    >>> list_words(catalog.release("national_directory@su-2023")), list_words(catalog.release("ladders@2023-05-16"))
    ('national directory 2023 (survey 2022)', 'state list of 16 May 2023')
    """
    linked = release.source != release.list_source
    release = raw.find_release(release.list_name)
    if release.reference_date:
        day = date.fromisoformat(release.reference_date)
        said = f"state list of {day.day} {day:%B %Y}"
    else:
        edition = release.key.rsplit("-", 1)[-1]
        said = f"national directory {edition} (survey {release.survey_year})"
    return f"{said} with linked sources" if linked else said


def _criteria() -> dict[str, str]:
    """The questions of page one by the name of their facts."""
    both = coverage.funnel_criteria(catalog.personas()["has_medicaid"].steps)["in_order"].iloc[-1]
    return {
        "evening": EVENING,
        "both": both,
        "medicaid": "medicaid",
        "fee": "sliding_fee",
        "private": "private_insurance",
        "telehealth": "telehealth",
    }


def _answers(gathered: Gathered) -> dict[str, Fact]:
    """Yes, no and not known of each question, with their shares where there are ten programs or more."""
    found = told_facts(gathered)
    for name, have in _criteria().items():
        if not gathered.main.asks(have) or (name in LATE and "evening_known" in found):
            continue
        row = state_row(gathered.main, have, gathered.state)
        if row["facilities"]:
            found |= _counts(name, row, blind(gathered.main, have))
            found |= _nation(name, have, gathered.main) if row["facilities"] >= words.FEW else {}
    if "evening_of" in found:
        row = state_row(gathered.main, EVENING, gathered.state)
        found |= {"day_and_night": int(row["unknown_24_hour_site"])} if row["unknown_24_hour_site"] else {}
    return found


def _counts(name: str, row: pd.Series, cannot_say_no: bool) -> dict[str, Fact]:
    yes, unknown, of = (int(row[column]) for column in ("yes", "unknown", "facilities"))
    found: dict[str, Fact] = {f"{name}_yes": yes, f"{name}_of": of}
    if cannot_say_no:
        return found | ({f"{name}_low": yes / of} if of >= words.FEW else {})
    counts = f"{yes:,}" if not unknown else f"{yes:,} to {yes + unknown:,}"
    found |= {f"{name}_no": of - yes - unknown, f"{name}_span": f"{counts} of {of:,}"}
    found |= {f"{name}_unknown": unknown, f"{name}_most": yes + unknown} if unknown else {}
    if of < words.FEW:
        return found
    low, high = words.percent(yes / of), words.percent((yes + unknown) / of)
    found |= {f"{name}_low": yes / of, f"{name}_no_share": (of - yes - unknown) / of}
    return found | {f"{name}_percent": low if low == high else f"{low} to {high}"}


def _nation(name: str, have: str, table: Standard) -> dict[str, Fact]:
    """The same in the nation, where the list is national and can say no."""
    if catalog.source_of(table.release).area != "US" or blind(table, have):
        return {}
    row = table.row(have)
    low, high = words.percent(row["lower_share"]), words.percent(row["upper_share"])
    return {f"{name}_nation": low if low == high else f"{low} to {high}"}


def _told(gathered: Gathered) -> dict[str, Fact]:
    """What programs told the newest survey: a fee that follows income, whether it may be listed, and Medicaid."""
    known = None if gathered.synthetic else trends.agreed()
    if known is None:
        return {}
    survey, table = known
    rows = table.set_index("place")
    found: dict[str, Fact] = {"told_year": str(survey.survey_year)}
    if gathered.state in rows.index and not rows.loc[gathered.state].isna().any():
        said, agreed, of = (_number(rows, gathered.state, column) for column in ("said_yes", "agreed", "facilities"))
        found |= {"said_fee": said, "agreed_fee": agreed, "told_of": of, "unlisted_fee": said - agreed}
        if said >= words.FEW:
            found |= {
                "agreed_share": agreed / said,
                "agreed_nation": _number(rows, "all", "agreed") / _number(rows, "all", "said_yes"),
            }
    return found | _told_medicaid(gathered.state, int(survey.survey_year or 0))


def _number(table: pd.DataFrame, row: str, column: str) -> int:
    return int(table[column].to_dict()[row])


def _told_medicaid(state: str, year: int) -> dict[str, Fact]:
    points = trends.trends_of("medicaid", "iop", "su", state)
    here = points[(points["survey_year"] == year) & points["yes"].notna()]
    if here.empty or here["facilities"].iloc[0] < words.FEW:
        return {}
    row = here.iloc[0]
    counts: dict[str, Fact] = {"told_medicaid_yes": int(row["yes"]), "told_medicaid_of": int(row["facilities"])}
    return counts | {"told_medicaid_share": float(row["lower_share"])}


def _kept(gathered: Gathered) -> dict[str, Fact]:
    """Medicaid among the programs that answered in both editions of the list; nothing without an edition before."""
    for row in catalog.read_rows("comparisons.csv"):
        if row["after"] != gathered.main.release.list_name or gathered.synthetic:
            continue
        counts = changes.load(row["before"], row["after"], gathered.state).set_index("have")
        if "medicaid" in counts.index and _number(counts, "medicaid", "known_both") >= words.FEW:
            columns = {"kept_of": "known_both", "kept_before": "yes_before", "kept_after": "yes_after"}
            return {name: _number(counts, "medicaid", column) for name, column in columns.items()}
    return {}


def _counties(gathered: Gathered) -> dict[str, Fact]:
    without, of, adrift = counties_without(gathered)
    found: dict[str, Fact] = {"counties_of": of}
    found |= {"counties_without": without} if without else {}
    return found | ({"adrift": adrift} if adrift else {})


def _rank(gathered: Gathered, found: dict[str, Fact]) -> dict[str, Fact]:
    """The rank of the state in listing Medicaid, as far as unknown answers leave one; none where a survey disagrees."""
    if "medicaid_nation" not in found or "told_medicaid_share" not in found:
        return {}
    if abs(float(found["medicaid_low"]) - float(found["told_medicaid_share"])) > ALIKE:
        return {}
    rows = gathered.main.table("medicaid", level="state").set_index("place")
    rows = rows[(rows["facilities"] >= words.FEW) & rows.index.isin(places.states()["state"])]
    mine = rows.loc[gathered.state]
    best = 1 + int((rows["lower_share"] > mine["upper_share"]).sum())
    last = int((rows["upper_share"] >= mine["lower_share"]).sum())
    rank = f"rank {best}" if best == last else f"rank {best} to {last}"
    return {"medicaid_rank": f"{rank} of {len(rows)}"}


def _owners(gathered: Gathered, found: dict[str, Fact]) -> dict[str, Fact]:
    """Of the programs that do not list Medicaid, those that are for-profit, where both counts rest on the same rows."""
    counts = owners.of_state(gathered.main.release.name, gathered.listed, "medicaid", gathered.state)
    rows = counts.set_index("ownership")
    if FOR_PROFIT not in rows.index or int(rows["no"].sum()) != found.get("medicaid_no"):
        return {}
    theirs: dict[str, Fact] = {"for_profit": _number(rows, FOR_PROFIT, "facilities")}
    return theirs | {"not_medicaid": int(rows["no"].sum()), "not_medicaid_for_profit": _number(rows, FOR_PROFIT, "no")}
