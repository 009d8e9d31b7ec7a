"""The facts of the project as data, and the one reader of them: sources, releases, variables, codes, criteria."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import Any

from iop_analysis.catalog.entries import Geography as Geography
from iop_analysis.catalog.entries import Release as Release
from iop_analysis.catalog.entries import Source as Source
from iop_analysis.catalog.entries import Variable as Variable
from iop_analysis.catalog.people import Persona as Persona
from iop_analysis.catalog.people import personas as personas
from iop_analysis.catalog.rows import FOLDER as FOLDER
from iop_analysis.catalog.rows import read_rows as read_rows
from iop_analysis.errors import CallError, DataError

# Whether a respondent lets the publisher list its sliding fee: a column of surveys alone.
AGREES = "agrees_to_list_sliding_fee"


@cache
def made() -> dict[str, Source]:
    """Sources that nobody publishes: what this package makes out of others, by key."""
    found = {key: dict(entry) for key, entry in _entries().items() if entry.get("kind") == "made"}
    return {
        key: _source(key, {name: one for name, one in entry.items() if name != "kind"}) for key, entry in found.items()
    }


@cache
def sources() -> dict[str, Source]:
    """Every source of facilities or respondents by key, with its releases in the order of the file (oldest first)."""
    return {key: _source(key, dict(entry)) for key, entry in _entries().items() if "kind" not in entry}


@cache
def geography() -> dict[str, Geography]:
    """Every source of geography by key, with its releases."""
    found = {}
    for key, entry in _entries().items():
        if entry.get("kind") == "geography":
            facts = {name: value for name, value in entry.items() if name not in ("kind", "releases")}
            releases = tuple(_release(key, dict(one)) for one in entry["releases"])
            found[key] = Geography(key=key, releases=releases, **facts)
    return found


def geography_files() -> dict[str, Release]:
    """Every release of geography by `source@key`."""
    return {release.name: release for one in geography().values() for release in one.releases}


@cache
def _entries() -> dict[str, dict[str, Any]]:
    with (FOLDER / "sources.toml").open("rb") as handle:
        return tomllib.load(handle)


def _source(key: str, entry: dict[str, Any]) -> Source:
    releases = tuple(_release(key, dict(one)) for one in entry.pop("releases", []))
    entry |= {name: tuple(entry.get(name, ())) for name in ("sides", "needed")}
    if "codes" not in entry:
        raise DataError(f"sources.toml: {key} has no `codes`: say which table tells what a blank means, or none.")
    return Source(key=key, releases=releases, **entry)


def _release(source: str, entry: dict[str, Any]) -> Release:
    known = set(Release.__dataclass_fields__)
    facts = {name: entry.pop(name) for name in list(entry) if name not in known}
    return Release(source=source, facts=facts, **entry)


def releases() -> dict[str, Release]:
    """Every release of the catalog by `source@key`."""
    return {release.name: release for source in sources().values() for release in source.releases}


def source(key: str) -> Source:
    """One source by key; a `CallError` names the known ones."""
    known = sources() if key in sources() else made()
    if key in geography():
        raise CallError(
            f"{key} says where people live or what the places are: fetch it (`iop-analysis fetch {key} --from FOLDER`)"
            "; it is never added, built or counted."
        )
    if key not in known:
        raise CallError(f"There is no source {key!r}; the catalog knows {', '.join(sources())}.")
    return known[key]


def source_of(release: Release) -> Source:
    """The source behind a release, limited to the state it was added for; of a combined one its list's.

    Examples
    --------
    >>> facts = {"list": "national_directory@su-2023", "state": "CO", "inputs": {"ladders@2023-05-16": ""}}
    >>> source_of(Release("combined", "x", facts=facts)).area
    'CO'
    """
    if "inputs" not in release.facts:
        own = source(release.source)
        return replace(own, area=release.state) if release.state else own
    listed = source(release.list_source)
    inputs = dict.fromkeys(str(name).split("@")[0] for name in release.facts["inputs"] if "@" in str(name))
    others = [source(key) for key in inputs if key != release.list_source]
    return replace(
        listed,
        title=f"{listed.title}, with what linked sources say",
        licence="; ".join(dict.fromkeys(one.licence for one in (listed, *others))),
        citation=" ".join(one.citation for one in (listed, *others)),
        area=str(release.facts["state"]) or listed.area,
        complete=False,
    )


def release(name: str) -> Release:
    """One release by `source@key`; a `CallError` names the known ones of that source."""
    if name in releases():
        return releases()[name]
    known = [one.name for one in source(name.split("@")[0]).releases]
    raise CallError(f"There is no release {name!r}; the catalog knows {', '.join(known)}.")


@cache
def variables() -> dict[str, Variable]:
    """Every canonical column by name, in the order in which tables carry them."""
    rows = read_rows("variables.csv")
    return {row["name"]: Variable(**{**row, "nullable": row["nullable"] == "yes"}) for row in rows}  # type: ignore[arg-type]


def answer_variables() -> list[str]:
    """Names of the columns that hold an answer (yes, no, not_reported, not_asked)."""
    return [name for name, variable in variables().items() if variable.type == "answer"]


@cache
def columns(release: Release) -> dict[str, str]:
    """Heading in the publisher's file for each name that `read` uses; names that the release lacks are left out.

    A release that has no column of its own in `columns/SOURCE.csv` (a year that the catalog does not know)
    is read with the newest known one.
    """
    if release.list_source in made():
        return {name: name for name in variables()}
    rows = read_rows(f"columns/{release.list_source}.csv")
    known = [name for name in rows[0] if name != "name"]
    layout = release.columns or release.key
    layout = layout if layout in known else known[-1]
    return {row["name"]: row[layout] for row in rows if row[layout]}


@cache
def layouts(release: Release) -> tuple[dict[str, str], ...]:
    """Layouts in which a release may come: its own where it is known, else every one of its source, newest first."""
    rows = read_rows(f"columns/{release.source}.csv")
    known = [name for name in reversed(rows[0]) if name != "name"]
    own = [name for name in (release.columns, release.key) if name in known]
    return tuple({row["name"]: row[layout] for row in rows if row[layout]} for layout in own[:1] or known)


@cache
def code_rules(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `codes/NAME.csv`: which code answers which variable and what a blank means."""
    return tuple(read_rows(f"codes/{name}.csv"))


AS_WRITTEN, NO_CODES = "as written", "none"


@cache
def rules_of(source_key: str) -> tuple[dict[str, str], ...]:
    """Rules of a source's table of codes; none where its rows say yes and no themselves, or answer nothing.

    Raises
    ------
    DataError
        A rule that answers does not say what a blank means.
    """
    table = source(source_key).codes
    rules = code_rules(table) if table not in (AS_WRITTEN, NO_CODES) else ()
    for rule in rules:
        answers = rule["variable"] in answer_variables() or rule["variable"] == AGREES
        if answers and rule["blank"] not in ("no", "not_reported", "not_asked"):
            raise DataError(
                f"codes/{table}.csv: the code {rule['code']!r} answers {rule['variable']} and does not say what a "
                "blank means; write no, not_reported or not_asked under `blank`."
            )
    return rules


@cache
def can_say_no(source_key: str, variable: str) -> bool:
    """Whether a source can record a `no` for a variable; where it cannot, no share of known answers exists.

    Of a variable that the source does not ask every answer is `not_asked`, and nothing is lost by saying yes.
    """
    rules = [rule for rule in rules_of(source_key) if rule["variable"] == variable]
    return not rules or any(rule["blank"] == "no" for rule in rules)


@cache
def reads_no_from_blank(source_key: str, variable: str) -> bool:
    """Whether a source's no to a question is never said, only read from a code that is not there."""
    return any(rule["variable"] == variable and rule["blank"] == "no" for rule in rules_of(source_key))


@cache
def state_payers() -> tuple[str, ...]:
    """Payers that pay in their own state only: for a criterion with one, sites of another state do not count."""
    return tuple(row["variable"] for row in read_rows("payers.csv") if row["pays_in_own_state_only"] == "yes")


@cache
def survey_sides() -> dict[str, dict[str, str]]:
    """The sides of the surveys, `su` and `mh`: `label`, the flag of its `universe`, its usual `default_of`."""
    return {row["side"]: row for row in read_rows("survey_sides.csv")}


def for_statistics(source_key: str) -> bool:
    """Whether a source's rows are survey respondents, who may be counted and never told apart."""
    return not source(source_key).linkable
