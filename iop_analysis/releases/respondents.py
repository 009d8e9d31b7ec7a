"""Respondents: the gate of surveys; rows are for statistics, with a state and neither name nor address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iop_analysis import catalog, raw, sources
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.releases import gate, store

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

WHO = ["source", "release", "survey_year", "state", "facility_type", "ownership_type"]
TABLE = "respondents"


@dataclass(frozen=True)
class Respondents:
    """One built survey: its respondents and the notes of what was set aside or read specially."""

    release: catalog.Release
    respondents: pd.DataFrame
    notes: tuple[sources.Note, ...]
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=gate.COLUMNS))

    @property
    def table(self) -> pd.DataFrame:
        """The rows themselves, as every built release has them."""
        return self.respondents

    @property
    def title(self) -> str:
        """Release and number of rows in one line."""
        return f"{self.release.name}: {len(self.respondents):,} respondents"


def universes() -> list[str]:
    """Flags of the publisher's report universes, one a side."""
    return [side["universe"] for side in catalog.survey_sides().values()]


def names() -> list[str]:
    """Columns of `respondents.parquet`: who, the universes of the publisher, answers, and agreement to be listed."""
    asked = [name for name in catalog.answer_variables() if name != "accepts_new_patients"]
    return [*WHO, *universes(), *asked, catalog.AGREES]


def respondents_schema() -> DataFrameSchema:
    """Schema of `respondents.parquet`."""
    import pandera.pandas as pa  # slow to load, and only building needs it

    from iop_analysis.releases import schema

    known = catalog.variables()
    columns = {name: pa.Column(schema.TYPES[known[name].type], nullable=known[name].nullable) for name in WHO}
    columns |= {name: pa.Column("bool") for name in universes()}
    columns |= {name: pa.Column(answers.ANSWER_TYPE) for name in names() if name not in columns}
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def standardize(cleaned: sources.Cleaned, release: catalog.Release, checked: gate.Gate | None = None) -> Respondents:
    """The one gate of surveys: canonical columns and types; what a survey does not ask is `not_asked`."""
    from iop_analysis.releases import schema

    table = cleaned.facilities.reset_index(drop=True).assign(source=release.source, release=release.key)
    whole = schema.conform(table, [name for name in names() if name in catalog.variables()])
    for name in (*universes(), catalog.AGREES):
        default = answers.NOT_ASKED if name == catalog.AGREES else False
        whole[name] = table.get(name, default)
    whole[catalog.AGREES] = whole[catalog.AGREES].astype(answers.ANSWER_TYPE)
    whole = schema.validate(whole[names()], respondents_schema(), release.file)
    seen = checked or gate.Gate(release, {})
    seen.cells.extend(cleaned.aside)
    return Respondents(release, whole, cleaned.notes + seen.notes(len(whole)), seen.table())


def read_release(release: catalog.Release, path: Path) -> Respondents:
    """Read and standardise one survey file; nothing is written."""
    reader = sources.module(release.source)
    rows = reader.read(path, release)
    if len(rows) == 0:
        raise DataError(f"{path.name}: the file has headings but no rows; download it again.")
    built = standardize(reader.clean(rows, release), release, gate.Gate(release, rows.attrs))
    year = built.respondents["survey_year"].iloc[0]
    return replace(built, release=replace(release, survey_year=int(year)))


def build(release: catalog.Release) -> Respondents:
    """Read a survey's file under `data/raw`, standardise it and write it, all or nothing."""
    path = raw.verified(release)
    built = read_release(release, path)
    store.write(built.release, {TABLE: built.respondents, gate.TABLE: built.set_aside}, built.notes, raw.sha256(path))
    return built


def load(name: str) -> Respondents:
    """A built survey by `source@release`."""
    release = raw.find_release(name)
    tables, notes = store.read(release, (TABLE,))
    year = int(tables[TABLE]["survey_year"].iloc[0])
    return Respondents(replace(release, survey_year=year), tables[TABLE], notes)
