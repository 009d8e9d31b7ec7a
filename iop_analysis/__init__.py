"""Who can actually use an intensive outpatient program (IOP)? Public files in, defensible tables out.

The pipe, in one direction:

    publisher's file -> raw -> sources -> releases -> criteria -> metrics -> maps -> report
                        bytes  one file   one table   yes, no,    tables     axes    html, pdf,
                               a source   + hours     unknown     in, out            xlsx, docx

`catalog` holds the facts as data (releases, columns, codes, labels, personas); `carried` the tables computed
from the real files. The names below are what notebooks and other packages use:

>>> import iop_analysis as iop
>>> sample = iop.open_release("ladders@sample")
>>> iop.coverage(sample.facilities, sample.hours, have="evening & medicaid").columns[:5].tolist()
['place', 'facilities', 'yes', 'no', 'unknown']
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Public name -> the room it lives in. They are imported on first use: `import iop_analysis` alone costs nothing.
PUBLIC = {
    "answer_counts": "metrics.quality",
    "bar_canvas": "report.figures",
    "bars": "report.figures",
    "build": "releases.listing",
    "CallError": "errors",
    "carried_counties": "carried.distances",
    "carried_distances": "carried.distances",
    "carried_people": "carried.distances",
    "combine": "releases.combined",
    "compare": "metrics.coverage",
    "coverage": "metrics.coverage",
    "DataError": "errors",
    "evaluate": "criteria",
    "evening_by_clock": "metrics.witnesses",
    "funnel": "metrics.coverage",
    "hours_known": "criteria.hours_tests",
    "hours_table": "hours.table",
    "link_sensitivity": "metrics.witnesses",
    "linked": "linking",
    "load": "releases.many",
    "notes_table": "releases.store",
    "of_witnesses": "metrics.witnesses",
    "open_release": "releases.many",
    "parse": "criteria",
    "personas": "catalog",
    "sensitivity": "metrics.coverage",
    "source": "catalog",
    "status_counts": "metrics.quality",
    "trend_canvas": "report.trend_figure",
    "trend_lines": "report.trend_figure",
    "trends_of": "carried.trends",
    "unknown_kinds": "metrics.coverage",
    "why_no_known_share": "metrics.coverage",
    "write_report": "report.state",
}
__all__ = ["__version__", *PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in PUBLIC:
        return getattr(import_module(f"iop_analysis.{PUBLIC[name]}"), name)
    raise AttributeError(f"module 'iop_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
