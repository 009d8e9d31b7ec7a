"""Facilities: every source leaves through one gate, is written as a release, and is loaded from there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas
import pandas as pd

from iop_analysis import catalog, linking, raw, sources
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.distinct import each
from iop_analysis.raw.withdrawn import withdrawn
from iop_analysis.releases import district_lines, gate, located, locators, served, store

# A suite number comes and goes between repeats of one entry: the first line of the street identifies it.
IDENTITY = ["name", "first_line", "city", "state", "zip"]

DISTRICTS = ("district_congress", "district_upper", "district_lower")
WHERE = ("street", "city", "zip", "county_fips", "latitude", "longitude", *DISTRICTS)
# What may be a street behind a name: after a dash, in brackets, with a house number after a comma, or behind a hyphen
# that is not in the first word (as it is in "Tri-County House").
TAIL = re.compile(r"(?:\s+[-–—]|\s*\((?!synthetic)|,\s*\d).*$")
HYPHENED = re.compile(r"^(\S+\s.*?)[-–—](?=[A-Z0-9]).*$")
NO_NAME = "name withheld"


@dataclass(frozen=True)
class Listing:
    """One built release: its facilities, its hours rows, and the notes of what was set aside or read specially.

    `facts` is there while a release is built whose source reads words: each with its address, date and quote.
    """

    release: catalog.Release
    facilities: pd.DataFrame
    hours: pd.DataFrame
    notes: tuple[sources.Note, ...]
    facts: pd.DataFrame | None = None
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=gate.COLUMNS, dtype="str"))

    @property
    def table(self) -> pd.DataFrame:
        """The rows themselves, as every built release has them."""
        return self.facilities

    @property
    def public(self) -> Listing:
        """The release without the facilities that serve only people in custody: what reports and calls are about."""
        return replace(self, facilities=served.public(self.facilities))

    @property
    def title(self) -> str:
        """Release and number of rows in one line, with a word of warning for the synthetic sample."""
        mark = ", SYNTHETIC sample: every facility is invented" if self.release.synthetic else ""
        return f"{self.release.name}: {len(self.facilities):,} rows{mark}"


def read_release(release: catalog.Release, path: Path, lists: pd.DataFrame = locators.NONE) -> Listing:
    """Read and standardise one publisher's file; nothing is written. Addresses are looked up in the locator `lists`.

    Raises
    ------
    DataError
        The file is not what the catalog says, in one sentence with file, row and column.
    """
    reader = sources.module(release.source)
    rows = reader.read(path, release)
    if len(rows) == 0:
        raise DataError(f"{path.name}: the file has headings but no rows; download it again.")
    reading = tuple(sources.Note(len(rows), text) for text in rows.attrs.get("notes", []))
    reading += sources.notes(*((count, text) for text, count in rows.attrs.get("counts", {}).items()))
    lines = {"lines": rows["line"].tolist()} if "line" in rows else {}
    checked = gate.Gate(release, rows.attrs | lines, list(rows.attrs.get("aside", ())))
    built = standardize(reader.clean(gate.unique_ids(rows, checked), release), release, lists, checked)
    return replace(built, notes=reading + built.notes)


def standardize(
    cleaned: sources.Cleaned,
    release: catalog.Release,
    lists: pd.DataFrame = locators.NONE,
    checked: gate.Gate | None = None,
) -> Listing:
    """The one gate: identifiers, repeats, ZIP codes, points, counties, whom it serves, canonical columns and types."""
    from iop_analysis.releases import schema  # pandera is slow to load, and only building needs it

    checked = checked or gate.Gate(release, {"first_row": 2})
    checked.cells.extend(cleaned.aside)
    table = gate.unique_ids(gate.mended(cleaned.facilities.reset_index(drop=True), checked), checked)
    table["source"], table["release"], table["survey_year"] = release.source, release.key, release.survey_year
    table = identify(table, release)
    hours = cleaned.hours
    if "facility_id" not in cleaned.facilities:
        hours = hours.assign(facility_id=hours["facility_id"].map(table["facility_id"]))
    table["site_id"] = linking.site_ids(table)
    table, placing = located.located(served.answered(table, release), lists)
    if "hours_status" not in table:
        table["hours_status"] = answers.NOT_ASKED
    facilities = schema.validate(schema.conform(table), schema.facilities_schema(), release.file)
    hours = gate.hours_rows(hours, facilities, checked)
    hours = schema.validate(hours, schema.hours_schema(), f"{release.file} (hours)")
    told = cleaned.notes + checked.notes(len(table)) + _repeats(facilities) + placing
    return Listing(release, facilities, hours, told, cleaned.facts, checked.table())


def identify(table: pd.DataFrame, release: catalog.Release) -> pd.DataFrame:
    """Add `facility_id` (publisher's, else a hash of the identity) and `duplicate_of` (first row of a repeat)."""
    table = table if "first_line" in table else table.assign(first_line=table["street"])
    parts = [table[name].fillna("").astype(str).str.lower() for name in IDENTITY]
    plain = [part.str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip() for part in parts]
    identity = plain[0].str.cat(pd.concat(plain[1:], axis=1), sep="|")
    if "facility_id" not in table:
        base = each(identity, linking.short_hash)
        repeat = base.groupby(base).cumcount()
        table["facility_id"] = base.where(repeat == 0, base + "-" + (repeat + 1).astype(str))
    # The substance-use and the mental-health entry of one site are a pair, not a repeat.
    first = table["facility_id"].groupby(identity + "|" + table["facility_type"].fillna("")).transform("first")
    table["duplicate_of"] = first.where(first != table["facility_id"])
    return table


def _repeats(facilities: pd.DataFrame) -> tuple[sources.Note, ...]:
    text = "rows repeat an earlier one: kept, marked duplicate_of, counted"
    return sources.notes((facilities["duplicate_of"].notna().sum(), text))


def build(release: catalog.Release) -> Listing:
    """Read the release's file under `data/raw`, standardise it and write it under `data/processed`, all or nothing.

    Addresses are looked up in the built locator lists; invented ones are not. Districts are those of the lines that
    are fetched; without lines there are none.
    """
    path = raw.verified(release)
    look_up = not release.synthetic and not catalog.source(release.source).locates
    built = read_release(release, path, locators.rows() if look_up else locators.NONE)
    built = replace(built, facilities=district_lines.in_districts(built.facilities))
    write(built, raw.sha256(path))
    return built


def write(built: Listing, sha256: str, **more: pd.DataFrame) -> Path:
    """Write a release with every table that one has, and `more` tables of its kind; the folder."""
    tables = {"facilities": built.facilities, "facility_hours": built.hours, "points": points(built.facilities)}
    tables |= {"facts": built.facts} if built.facts is not None else {}
    return store.write(built.release, tables | {gate.TABLE: built.set_aside} | more, built.notes, sha256)


def points(facilities: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Facilities with a point of their own and no hidden address: `facility_id`, `name`, `geometry` (OGC:CRS84)."""
    own = facilities["latitude"].notna() & facilities["point_quality"].ne("zip")
    shown_ones = facilities[own & ~facilities["address_hidden"].fillna(True).astype(bool)]
    where = geopandas.points_from_xy(shown_ones["longitude"], shown_ones["latitude"], crs="OGC:CRS84")
    return geopandas.GeoDataFrame(shown_ones[["facility_id", "name"]], geometry=where).reset_index(drop=True)


def load(name: str) -> Listing:
    """A built release by `source@release`; a `CallError` says how to build it where it is not there."""
    release = raw.find_release(name)
    tables, notes = store.read(release, ("facilities", "facility_hours"))
    if lacking := [column for column in catalog.variables() if column not in tables["facilities"]]:
        raise CallError(
            f"{name} was built by an earlier version, without {', '.join(lacking[:3])}; "
            f"run `iop-analysis build {name}`, or `iop-analysis build` for all."
        )
    aside = store.read(release, (gate.TABLE,))[0][gate.TABLE]
    facilities, hours = tables["facilities"], tables["facility_hours"]
    if release.source == "pages" and (gone := withdrawn()):
        facilities = facilities[~facilities["facility_id"].isin(gone)].reset_index(drop=True)
        hours = hours[~hours["facility_id"].isin(gone)].reset_index(drop=True)
    return Listing(release, facilities, hours, notes, set_aside=aside)


def shown(facilities: pd.DataFrame) -> pd.DataFrame:
    """Facilities as an output may name them: a withheld address stays withheld, also where the name tells it.

    Parameters
    ----------
    facilities
        Canonical facilities.

    Returns
    -------
    DataFrame
        The same rows. Where `address_hidden` is true, or not known, the columns of `WHERE` are empty and the name is
        cut (`cut_names`).

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["Elm House - Oak Ave"] * 2, "street": "1 Oak Ave"})
    >>> rows["address_hidden"] = [True, False]
    >>> shown(rows)[["name", "street"]].values.tolist()
    [['Elm House', nan], ['Elm House - Oak Ave', '1 Oak Ave']]
    """
    hidden = facilities["address_hidden"].fillna(True).astype(bool)
    where = [name for name in WHERE if name in facilities]
    kept = facilities.assign(address_hidden=hidden, name=facilities["name"].mask(hidden, cut_names(facilities["name"])))
    kept[where] = kept[where].mask(hidden)
    return kept


def cut_names(names: pd.Series) -> pd.Series:
    """Names without what may be a street, by which publishers tell sites of one name apart; rather too much is cut.

    Examples
    --------
    >>> names = ["Elm House - Oak Ave - Unit 4", "Elm House-Lincoln", "Elm House (Oak Ave)", "Tri-County House"]
    >>> cut_names(pd.Series(names)).tolist()
    ['Elm House', 'Elm House', 'Elm House', 'Tri-County House']
    """
    cut = names.str.replace(TAIL, "", regex=True).str.replace(HYPHENED, r"\1", regex=True).str.strip()
    return cut.mask(cut == "", NO_NAME)
