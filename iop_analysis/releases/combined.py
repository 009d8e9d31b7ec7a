"""Combined releases: one list says which programs exist, and what witnesses know of them is put beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.linking import LINK_SCORE, reviewing
from iop_analysis.raw.adding import KEY
from iop_analysis.raw.keeping import replacing
from iop_analysis.releases import evidence, listing, store
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.witnesses import (
    LINKS,
    SILENT,
    TELLING,
    Said,
    answered,
    answers_heard,
    hours_heard,
    links_of,
    nowhere,
    own_links,
    too_old,
)
from iop_analysis.sources import HOURS_COLUMNS, Note, notes

SOURCE = "combined"
TABLES = ("evidence", "links")
WHO = "who for"
# From the best a week can be to the least that is known of it.
STATUSES = ("known", "always", "partial", "by_appointment", "unknown", "not_asked")


@dataclass(frozen=True)
class Combination:
    """A combined release with what it rests on: `evidence`, a row a fact, and `links`, a row a linked witness row."""

    listing: Listing
    evidence: pd.DataFrame
    links: pd.DataFrame


def combine(listed: str, witnesses: Sequence[str] = (), state: str = "", key: str = "") -> Combination:
    """Make `combined@KEY` of a built list and its witnesses, and write it.

    Parameters
    ----------
    listed
        `SOURCE@RELEASE` of the list.
    witnesses
        Built releases; none means the newest of every other source that can be linked and has rows there.
    state
        Postal code; empty for the whole list.
    key
        Name of the release; empty for the list's name with the state's.

    Raises
    ------
    CallError
        A release is not built, cannot be linked, is another edition of the list, or the list has no row there.
    """
    release = raw.find_release(listed)
    own = _here(_load(listed), state)
    if state:
        places.check_state(state)
    if own.facilities.empty:
        raise CallError(f"{listed} has no row in {state}.")
    names = list(dict.fromkeys(witnesses)) or default_witnesses(release, state)
    loaded = [_here(_witness(name, release), state) for name in names]
    made = put_together(own, loaded)
    combined = _release(release, names, state, key or default_key(release, state))
    remarks = made.listing.notes if state else own.notes + made.listing.notes
    return _write(replace(made, listing=replace(made.listing, release=combined, notes=remarks)))


def default_key(release: catalog.Release, state: str) -> str:
    """The key of a list's combination: `national_directory-su-2023-co`."""
    return "-".join(filter(None, (release.source, release.key, state.lower())))


def default_witnesses(release: catalog.Release, state: str = "") -> list[str]:
    """The newest built release of every other source that can be linked, says anything and has rows in the state."""
    known = (raw.find_release(name) for name in store.built())
    others = [one for one in known if one.source not in (release.source, SOURCE) and one.synthetic == release.synthetic]
    others = [one for one in others if one.side in ("", release.side or "su") and catalog.source(one.source).linkable]
    others = [one for one in others if _says_anything(one.name, state)]
    newest = (raw.newest([one for one in others if one.source == key], synthetic=True) for key in catalog.sources())
    return [one.name for one in newest if one]


@store.remembered
def _says_anything(name: str, state: str) -> bool:
    """Whether a release has rows in the state with hours, or an answer to more than whom it serves."""
    table = _here(_load(name), state).facilities
    words = [word for word in catalog.answer_variables() if catalog.variables()[word].group != WHO]
    asked = any(table[word].isin([answers.YES, answers.NO]).any() for word in words)
    return bool(asked or (~table["hours_status"].isin(SILENT)).any())


def _here(built: Listing, state: str) -> Listing:
    """The rows of a release in a state, and of a witness those that say no state."""
    if not state:
        return built
    table = built.facilities
    table = table[table["state"].eq(state) | nowhere(table)].reset_index(drop=True)
    return replace(built, facilities=table, hours=built.hours[built.hours["facility_id"].isin(table["facility_id"])])


def _witness(name: str, release: catalog.Release) -> Listing:
    other = raw.find_release(name)
    if other.source == release.source:
        raise CallError(
            f"{name} is another edition of the list {release.name}, not a witness; compare them by `changes`."
        )
    if other.source == SOURCE or not catalog.source(other.source).linkable:
        raise CallError(f"{name} cannot be linked to a list; name releases of directories, tables or pages.")
    if other.synthetic != release.synthetic:
        raise CallError(f"{name} and {release.name}: invented rows are never mixed with real ones.")
    return _load(name)


@store.remembered
def _load(name: str) -> Listing:
    """A built release with the words that its facts rest on, where its source reads words."""
    release = raw.find_release(name)
    there = {resource["name"] for resource in store.describe(release)["resources"]}
    facts = store.read(release, ["facts"])[0]["facts"] if "facts" in there else None
    return replace(listing.load(name), facts=facts)


def put_together(listed: Listing, witnesses: Sequence[Listing], least: float = LINK_SCORE) -> Combination:
    """The list's rows with the hours and answers of the witness rows that are linked to them; nothing is written.

    The order of the witnesses makes no difference. Links below `least` are not used, unless a person made them.
    """
    ordered = sorted(witnesses, key=lambda one: one.release.name)
    links = pd.concat([links_of(listed, one) for one in ordered] or [own_links(listed).head(0)], ignore_index=True)
    links = links[(links["score"] >= least) | (links["score"] < LINK_SCORE)].reset_index(drop=True)
    everybody = [listed, *ordered]
    all_links = pd.concat([own_links(listed), links], ignore_index=True)
    told = hours_heard(all_links, everybody)
    old = too_old(told)
    heard = told[~old]
    said = answers_heard(listed.facilities, links, ordered)
    facilities = listed.facilities.assign(**answered(listed.facilities, said, listed.release.list_source))
    facilities = facilities.assign(**_hours_columns(listed, everybody, all_links, heard))
    rows = [
        evidence.of_answers(listed, links, ordered, said),
        evidence.of_hours(_of_others(heard, listed), ordered, links),
        evidence.of_sessions(ordered, links),
    ]
    facts = pd.concat(rows, ignore_index=True).sort_values(["facility_id", "fact", "witness"], ignore_index=True)
    remarks = (*_notes(listed, ordered, links, said, facts), *_old_notes(told[old]))
    made = Listing(listed.release, facilities[listed.facilities.columns], _hours(heard), remarks)
    return Combination(made, facts, links)


def _of_others(heard: pd.DataFrame, listed: Listing) -> pd.DataFrame:
    return heard[heard["witness"] != listed.release.name]


def _hours(heard: pd.DataFrame) -> pd.DataFrame:
    table = heard[[*HOURS_COLUMNS, "witness"]].sort_values(
        ["facility_id", "witness", "scope"], kind="stable", ignore_index=True
    )
    texts = dict.fromkeys(["facility_id", "day", "scope", "label", "witness"], "str")
    return table.astype(texts | {"opens_minute": "Int64", "closes_minute": "Int64"})


def _hours_columns(
    listed: Listing, everybody: Sequence[Listing], links: pd.DataFrame, heard: pd.DataFrame
) -> dict[str, pd.Series]:
    """Status and text of each facility's hours: those of the witnesses that are heard, else the best that is said."""
    columns = ["facility_id", "hours_status", "hours_text"]
    rows = pd.concat([one.facilities[columns].assign(witness=one.release.name) for one in everybody])
    table = links.merge(rows.rename(columns={"facility_id": "witness_row"}), on=["witness", "witness_row"])
    telling = heard.loc[heard["group"].isin(TELLING), ["facility_id", "witness"]].drop_duplicates()
    table = table.merge(telling.assign(heard=True), on=["facility_id", "witness"], how="left")
    table["heard"] = table["heard"].eq(True)
    # Whoever was not heard has told no hours that count; what it says of itself may still be said.
    spoken = table["hours_status"].isin(SILENT)
    table = table[table["heard"] | spoken | (table["witness"] == listed.release.name)]
    rank = (
        table["hours_status"].where(table["heard"] | spoken, "unknown").map({one: n for n, one in enumerate(STATUSES)})
    )
    best = rank.astype(int).groupby(table["facility_id"]).min().map(dict(enumerate(STATUSES)))
    texts = table[table["heard"] & table["hours_text"].fillna("").ne("")].sort_values("witness")
    text = texts.groupby("facility_id")["hours_text"].agg(lambda one: evidence.SEPARATOR.join(dict.fromkeys(one)))
    ids = listed.facilities["facility_id"]
    return {
        "hours_status": ids.map(best).astype("str"),
        "hours_text": ids.map(text).astype("str"),
    }


def _notes(
    listed: Listing, witnesses: Sequence[Listing], links: pd.DataFrame, said: Said, facts: pd.DataFrame
) -> tuple[Note, ...]:
    found: list[tuple[int, str]] = []
    for witness in witnesses:
        name = witness.release.name
        mine = links[links["witness"] == name]
        classes = reviewing.score_classes(mine["score"])
        counts = ", ".join(f"{int(here.sum())} with score {text}" for text, here in classes.items() if here.any())
        hidden = int(witness.facilities["address_hidden"].fillna(False).sum())
        found += [
            (len(mine), f"rows are linked to a row of {name}: {counts}"),
            (hidden, f"rows of {name} withhold their address and are never linked"),
            (
                len(witness.facilities) - mine["witness_row"].nunique() - hidden,
                f"other rows of {name} are linked to none",
            ),
        ]
    no_iop = facts["fact"].eq("offers_iop") & facts["value"].eq(answers.NO) & facts["list_value"].eq(answers.YES)
    differ = facts["status"].eq(evidence.CONFLICT) & ~facts["fact"].str.startswith("hours")
    stands = differ & facts["list_value"].isin([answers.YES])
    weeks = facts[facts["status"].eq(evidence.CONFLICT) & facts["fact"].str.startswith("hours")]
    found += [
        (
            facts.loc[no_iop, "facility_id"].nunique(),
            "rows list an IOP, and a linked row says that there is none: disputed",
        ),
        (facts["status"].eq(evidence.TAKEN).sum(), "facts are taken from witnesses (`evidence`)"),
        (stands.sum(), "answers of witnesses contradict a yes of the list, which stands"),
        ((differ & ~stands).sum(), "answers of witnesses contradict a no of the list or each other"),
        (
            weeks.groupby(["facility_id", "fact"]).ngroups,
            "times the weeks of two witnesses differ: each answers by itself",
        ),
    ]
    return notes(*found)


def _old_notes(old: pd.DataFrame) -> tuple[Note, ...]:
    count = old.groupby(["facility_id", "group", "witness"]).ngroups
    return notes((count, "weeks of a witness are more than 365 days older than another's, or undated: not heard"))


def _release(release: catalog.Release, names: Iterable[str], state: str, key: str) -> catalog.Release:
    if not KEY.fullmatch(key):
        raise CallError(f"{key!r} is no name of a release; write small letters, digits and -._ after --as.")
    facts: dict[str, object] = {"list": release.name, "state": state, "inputs": _inputs([release.name, *names])}
    return replace(release, source=SOURCE, key=key, file="", url="", page="", sha256=_digest(facts), facts=facts)


def _inputs(names: Iterable[str]) -> dict[str, str]:
    """What every input was: the hash of its tables; and that of the links which a person checked."""
    found = {name: hashlib.sha256(store.stamp(name)).hexdigest() for name in names}
    checked = reviewing.verdicts_path()
    return found | ({checked.name: raw.sha256(checked)} if checked.exists() else {})


def _digest(facts: dict[str, object]) -> str:
    return hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()


def _write(made: Combination) -> Combination:
    from iop_analysis.releases import schema  # pandera is slow to load, and only building needs it

    release = made.listing.release
    facilities = schema.validate(made.listing.facilities, schema.facilities_schema(), release.name)
    hours = schema.validate(made.listing.hours, schema.hours_schema(witness=True), f"{release.name} (hours)")
    tables = {"facilities": facilities, "facility_hours": hours, "evidence": made.evidence, "links": made.links[LINKS]}
    with replacing(raw.record_path(SOURCE, release.key)) as temporary:
        temporary.write_text(raw.record_text(release), encoding="utf-8")
    store.write(release, tables, made.listing.notes, release.sha256)
    return made


def load(name: str) -> Combination:
    """A built combined release with its evidence and links."""
    tables, _ = store.read(raw.find_release(name), TABLES)
    return Combination(listing.load(name), tables["evidence"], tables["links"])


def knows_programs(made: Combination, state: str) -> bool:
    """Whether a witness said anything of an IOP of the state."""
    rows = made.listing.facilities
    programs = rows.loc[(rows["state"] == state) & (rows["offers_iop"] == answers.YES), "facility_id"]
    return bool(made.evidence["facility_id"].isin(programs).any())


def is_stale(release: catalog.Release) -> bool:
    """Whether an input of a combined release was built anew, or a link was checked, since it was made."""
    names = [name for name in release.facts["inputs"] if "@" in name]
    missing = set(names) - set(store.built())
    return not missing and _inputs(names) != release.facts["inputs"]


def up_to_date(listed: str, state: str) -> Combination | None:
    """The combination that speaks for a list in a state: built, or made (anew) where witnesses are; None without one.

    One that was made for the state comes first, then one of the whole list. Where there is none, a list that is
    complete for its state is combined for that state, a national one as a whole, so that states can be compared.
    """
    release = raw.find_release(listed)
    wheres = [where for where in dict.fromkeys((state, "")) if combined_name(release, where) in store.built()]
    where = wheres[0] if wheres else state if catalog.source(release.source).complete else ""
    name = combined_name(release, where)
    if name in store.built() and not is_stale(raw.find_release(name)):
        return load(name)
    names = _asked_before(name) or default_witnesses(release, where)
    return combine(listed, names, where) if names else None


def combined_name(release: catalog.Release, state: str) -> str:
    """Name of the combination of a list, for a state or as a whole."""
    return f"{SOURCE}@{default_key(release, state)}"


def _asked_before(name: str) -> list[str]:
    """The witnesses of a combination that is there and whose inputs are."""
    if name not in store.built():
        return []
    facts = raw.find_release(name).facts
    names = [one for one in facts["inputs"] if "@" in one and one != facts["list"]]
    return names if set(names) <= set(store.built()) else []
