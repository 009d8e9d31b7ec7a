"""Take a file that a user has, also of a release that the catalog does not know, and record what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from iop_analysis import catalog
from iop_analysis.catalog import service_codes
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import layouts, surveys
from iop_analysis.raw.keeping import keep, replacing
from iop_analysis.raw.limits import read_json
from iop_analysis.raw.reading import read_text_table, read_workbook
from iop_analysis.raw.releases import (
    find_release,
    known_releases,
    newest,
    raw_path,
    record_path,
    record_text,
    sha256,
    verify,
)
from iop_analysis.raw.sniffing import sniff

LONGEST_KEY = 60
KEY = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_KEY - 1}}}")
Check = Callable[[catalog.Release, Path], object]
# What a key says plainly: a side, a year or a whole date, as in su-2026, tx-2026, 2026, 2026-03-01.
KEY_FACTS = re.compile(r"(?:(?P<side>su|mh)-|[a-z]{2}-)?(?P<year>\d{4})(?P<rest>-\d\d-\d\d)?")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
DATED = re.compile(r"_((?:19|20)\d\d)_(\d\d)_(\d\d)(?=_\d{4,6}$|$)")
TABLES = ("csv", "xlsx", "xls", "ods")
SERVICE_CODES = "samhsa"
SHOWN = 12


@dataclass(frozen=True)
class Added:
    """A release that was taken, and how its columns differ from the newest that the catalog knows."""

    release: catalog.Release
    differences: tuple[str, ...] = ()


def add(name: str, file: Path, state: str = "", check: Check | None = None) -> Added:
    """Keep a file as `source@release`.

    A release of the catalog must have the catalog's SHA-256. Another release is matched against every known layout of
    its source; its hash and row count are recorded beside it. A year of a survey may come in any format that `surveys`
    reads, also where the catalog knows the year but not its hash.

    Parameters
    ----------
    name
        `source@release`; the source is known, the release may be new (`national_directory@su-2026`).
    file
        The publisher's file; it is copied, and never changed.
    state
        Postal code of the state whose facilities a list of one's own names; empty where it says so itself.
    check
        Called with the new release and the file before anything is kept; what it raises leaves nothing behind.

    Raises
    ------
    DataError
        The file is damaged, belongs to another release, or differs from what the release is known to be.
    CallError
        The name is not `source@release`, or does not say what the source needs to know.
    """
    source, _, key = name.partition("@")
    known = catalog.source(source)
    check_key(source, key)
    if state and known.area:
        raise CallError(f"{source} lists facilities of {known.area}; --state is for lists that belong to no state.")
    if name in catalog.releases() and (catalog.release(name).sha256 or not _is_survey(known)):
        release = catalog.release(name)
        unchecked = verify(file, release)
        keep(file, raw_path(release))
        return Added(replace(release, sha256=sha256(file)), (unchecked,) if unchecked else ())
    added = _new(known, key, file)
    if state:
        added = replace(added, release=replace(added.release, state=state))
    _refuse_confusion(added.release)
    if check:
        check(added.release, file)
    keep(file, raw_path(added.release))
    with replacing(record_path(source, key)) as temporary:
        temporary.write_text(record_text(added.release), encoding="utf-8")
    return added


def check_key(source: str, key: str) -> None:
    """Refuse what cannot name a release: files and folders are called by it."""
    if not KEY.fullmatch(key):
        shown = key if len(key) <= LONGEST_KEY else f"{key[:LONGEST_KEY]}…"
        raise CallError(
            f"{source}@{shown} is no name of a release; write {source}@RELEASE in at most {LONGEST_KEY} small letters, "
            f"digits and -._"
        )


def remove(name: str) -> list[Path]:
    """Delete the file of a release and what `add` recorded of it, and return what was deleted.

    Raises
    ------
    CallError
        There is no such release, or it is the synthetic sample, which travels with the package.
    """
    release = find_release(name)
    if release.synthetic:
        raise CallError(f"{name} is the synthetic sample, which travels with the package; it is not removed.")
    there = [path for path in (record_path(release.source, release.key), raw_path(release)) if path.is_file()]
    for path in there:
        path.unlink()
    return there


def _new(source: catalog.Source, key: str, file: Path) -> Added:
    if file.is_dir():
        raise CallError(f"{file} is a folder; pack it first with `python -m zipfile -c {key}.zip {file}`.")
    kind = sniff(file)
    if source.brought:
        return _brought(source, key, file)
    if _is_survey(source):
        return _survey(source, key, file)
    _refuse_kind(source, kind, file)
    facts = _dated(file) | key_facts(source, key)
    release = catalog.Release(source=source.key, key=key, file=file.name, sha256=sha256(file), **facts)
    headings, rows, retrieved = _outline(file, kind)
    if retrieved and not release.reference_date:
        release = replace(release, reference_date=retrieved)
    if headings is None:
        return Added(release, (f"the columns of a {kind} file are not compared here; `build` names what is missing",))
    return Added(replace(release, rows=rows), _differences(headings, release))


def _refuse_kind(source: catalog.Source, kind: str, file: Path) -> None:
    """A table may be text or a workbook; anything else must be a kind of file that the source is known to have."""
    endings = sorted({Path(one.file).suffix for one in source.releases})
    if kind not in TABLES and f".{kind}" not in endings:
        raise DataError(
            f"{file.name}: the known files of {source.key} end in {', '.join(endings)}; check that it is one."
        )


def _dated(file: Path) -> dict[str, Any]:
    """What the name of an export says of its day, as in `listing_2026_03_01_101500.csv`."""
    day = DATED.search(file.stem)
    return {"reference_date": calendar_date("-".join(day.groups())), "survey_year": int(day[1])} if day else {}


def _brought(source: catalog.Source, key: str, file: Path) -> Added:
    """A file in an open format: its module finds the columns itself, so there is no known layout to compare with."""
    if file.suffix.lower() not in source.brought:
        raise DataError(
            f"{file.name}: files of {source.key} end in {', '.join(source.brought)}; check that this is one."
        )
    facts = key_facts(source, key)
    year = YEAR.search(key)
    if "survey_year" not in facts and year:
        facts["survey_year"] = int(year[0])
    return Added(catalog.Release(source=source.key, key=key, file=file.name, sha256=sha256(file), **facts))


def _is_survey(source: catalog.Source) -> bool:
    return source.finest_place == "state"


def _survey(source: catalog.Source, key: str, file: Path) -> Added:
    """A year of a survey: read as `build` reads it, so that what makes it no such survey is said at once."""
    year = YEAR.search(key)
    if year is None:
        raise CallError(f"{source.key}@{key} does not say the survey year; write a name such as {source.key}@2018.")
    known = catalog.releases().get(f"{source.key}@{key}", catalog.Release(source.key, key))
    release = replace(known, file=file.name, sha256=sha256(file), survey_year=int(year[0]))
    rows = surveys.read(file, release)
    lacking = [heading for item, heading in catalog.columns(release).items() if item not in rows]
    said = f"columns that the newest known year has and this file has not, not asked there: {_listed(lacking)}"
    return Added(replace(release, rows=len(rows)), (said,) if lacking else ())


def key_facts(source: catalog.Source, key: str) -> dict[str, Any]:
    """Side, survey year and reference date where a release's key says them plainly.

    The survey year is the key's year, less what the catalog's newest release of the source is behind its own key:
    the National Directory of year Y describes survey year Y - 1, and its entries say so.

    Examples
    --------
    >>> key_facts(catalog.source("national_directory"), "su-2026")
    {'side': 'su', 'survey_year': 2025}
    >>> key_facts(catalog.source("ladders"), "2024-02-29")
    {'survey_year': 2024, 'reference_date': '2024-02-29'}
    >>> key_facts(catalog.source("table"), "oh-2026-02-01")
    {'survey_year': 2026, 'reference_date': '2026-02-01'}
    >>> key_facts(catalog.source("findtreatment"), "mine")
    {}
    """
    sides = sorted({one.side for one in source.releases if one.side})
    said = KEY_FACTS.fullmatch(key)
    if sides and not (said and said["side"] in sides):
        names = " or ".join(f"{source.key}@{side}-YEAR" for side in sides)
        raise CallError(f"{source.key}@{key} does not say which list it is; write {names}.")
    if not said:
        return {}
    facts: dict[str, Any] = {"side": said["side"]} if sides else {}
    facts["survey_year"] = int(said["year"]) - _years_behind(source)
    return facts | ({"reference_date": calendar_date(said["year"] + said["rest"])} if said["rest"] else {})


def _years_behind(source: catalog.Source) -> int:
    last = newest(source.releases)
    said = KEY_FACTS.fullmatch(last.key) if last else None
    return int(said["year"]) - last.survey_year if said and last and last.survey_year else 0


def calendar_date(text: str) -> str:
    """A date as YYYY-MM-DD; anything else is a wrong call."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise CallError(f"{text!r} is no date; write YYYY-MM-DD.") from error


def _outline(file: Path, kind: str) -> tuple[list[str] | None, int | None, str]:
    """Headings, number of rows and date of retrieval, as far as the kind of file tells them."""
    if kind == "json":
        pages = read_json(file.read_text(encoding="utf-8-sig"), file.name)
        rows = pages.get("rows") if isinstance(pages, dict) else None
        if not isinstance(rows, list) or not rows:
            return None, None, ""
        rows = [row for row in rows if isinstance(row, dict)]
        retrieved = pages.get("retrieved", "")
        return list(dict.fromkeys(name for row in rows for name in row)), len(rows), str(retrieved or "")
    if kind not in ("csv", "xlsx"):
        return None, None, ""
    table = read_text_table(file) if kind == "csv" else read_workbook(file)
    return list(table.columns), len(table), ""


def _differences(titles: list[str], release: catalog.Release) -> tuple[str, ...]:
    """What is missing from the layout that fits best, and what the newest known file did not have."""
    found = layouts.matched(titles, release)
    if not found.headings:
        raise DataError(
            f"{release.file}: row 1 holds none of the columns of {release.source} (such as {found.missing[0]!r}); "
            f"check that this is a file of {release.source}."
        )
    before, whose = list(found.headings.values()), "that the catalog does not read"
    last = newest(one for one in catalog.source(release.source).releases if one.side in ("", release.side))
    if last and raw_path(last).is_file():
        before = _outline(raw_path(last), sniff(raw_path(last)))[0] or before
        whose = f"that {last.name} did not have"
    known = set(map(layouts.plain, before)) | _codes(release)
    new = [title for title in titles if layouts.plain(title) not in known]
    sentences = [(list(found.missing), "missing, and `build` needs them"), (new, whose)]
    return tuple(f"columns {what}: {_listed(names)}" for names, what in sentences if names)


def _codes(release: catalog.Release) -> set[str]:
    """Headings of an export that stand for service codes: they are read, though no layout names them."""
    if catalog.source(release.source).codes != SERVICE_CODES:
        return set()
    renamed = {row["heading"] for row in catalog.read_rows("codes/findtreatment_headings.csv")}
    return renamed | {code.lower() for code in service_codes.codes()}


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more


def _refuse_confusion(release: catalog.Release) -> None:
    """One release is one file, and one file is one release."""
    for other in known_releases().values():
        if other.name == release.name and other.sha256 and other.sha256 != release.sha256:
            raise DataError(
                f"{release.file}: its SHA-256 is {release.sha256}, but {release.name} was added with {other.sha256}; "
                f"give another release name, or delete {record_path(release.source, release.key).name} first."
            )
        if other.name != release.name and other.sha256 == release.sha256:
            raise DataError(
                f"{release.file}: this is the file of {other.name} (same SHA-256); "
                f"run `iop-analysis add {other.name} FILE`, or get the file of {release.name}."
            )
        if other.name != release.name and (other.source, other.file) == (release.source, release.file):
            raise DataError(f"{release.file}: {other.name} has a file of that name; rename yours and add it again.")
