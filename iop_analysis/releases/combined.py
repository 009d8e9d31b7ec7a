"""Combined releases: one list says which programs exist, and what witnesses know of them is put beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from iop_analysis import catalog, places, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.linking import reviewing
from iop_analysis.raw.adding import KEY
from iop_analysis.raw.keeping import replacing
from iop_analysis.releases import listing, store
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.together import Combination, put_together
from iop_analysis.releases.witnesses import LINKS, SILENT, nowhere

SOURCE = "combined"
TABLES = ("evidence", "links")
WHO = "who for"


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
    own = in_state(_load(listed), state)
    if state:
        places.check_state(state)
    if own.facilities.empty:
        raise CallError(f"{listed} has no row in {state}.")
    names = list(dict.fromkeys(witnesses)) or default_witnesses(release, state)
    loaded = [in_state(_witness(name, release), state) for name in names]
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
    keys = [*catalog.sources(), *catalog.made()]
    newest = (raw.newest([one for one in others if one.source == key], synthetic=True) for key in keys)
    return [one.name for one in newest if one]


@store.remembered
def _says_anything(name: str, state: str) -> bool:
    """Whether a release has rows in the state with hours, or an answer to more than whom it serves."""
    table = in_state(_load(name), state).facilities
    words = [word for word in catalog.answer_variables() if catalog.variables()[word].group != WHO]
    asked = any(table[word].isin([answers.YES, answers.NO]).any() for word in words)
    return bool(asked or (~table["hours_status"].isin(SILENT)).any())


def in_state(built: Listing, state: str) -> Listing:
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
    with replacing(raw.record_path(SOURCE, release.key)) as temporary:
        temporary.write_text(raw.record_text(release), encoding="utf-8")
    checked = replace(made.listing, facilities=facilities, hours=hours)
    listing.write(checked, release.sha256, evidence=made.evidence, links=made.links[LINKS])
    return made


@store.remembered
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
