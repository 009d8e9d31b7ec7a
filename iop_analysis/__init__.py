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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # What type checkers and editors see: each name with its signature, and no other name.
    from iop_analysis.calls import draw as draw_calls
    from iop_analysis.calls import ingest as read_calls
    from iop_analysis.calls import write as write_calls
    from iop_analysis.carried.distances import carried_counties as carried_counties
    from iop_analysis.carried.distances import carried_distances as carried_distances
    from iop_analysis.carried.distances import carried_people as carried_people
    from iop_analysis.carried.reach import points_of as demand_points
    from iop_analysis.carried.reach import sites_of_release as sites
    from iop_analysis.carried.trends import trends_of as trends
    from iop_analysis.catalog import personas as personas
    from iop_analysis.catalog import source as source
    from iop_analysis.criteria import evaluate as evaluate
    from iop_analysis.criteria import parse as parse
    from iop_analysis.criteria.hours_tests import hours_known as hours_known
    from iop_analysis.errors import CallError as CallError
    from iop_analysis.errors import DataError as DataError
    from iop_analysis.hours.table import hours_table as hours_table
    from iop_analysis.linking import linked as linked
    from iop_analysis.maps.distance import figure as distance_map
    from iop_analysis.maps.static import choropleth as choropleth
    from iop_analysis.maps.static import figure as map_figure
    from iop_analysis.metrics.access import nearest_table as nearest_table
    from iop_analysis.metrics.access import pairs_within as pairs_within
    from iop_analysis.metrics.access import summary as access_summary
    from iop_analysis.metrics.adequacy import adequacy as adequacy
    from iop_analysis.metrics.asking import coverage_of as coverage_of
    from iop_analysis.metrics.catchment import balanced as balanced
    from iop_analysis.metrics.catchment import exponential as exponential_decay
    from iop_analysis.metrics.catchment import linear as linear_decay
    from iop_analysis.metrics.catchment import rational_agents as rational_agents
    from iop_analysis.metrics.catchment import two_step as two_step
    from iop_analysis.metrics.changes import changes as changes
    from iop_analysis.metrics.coverage import coverage as coverage
    from iop_analysis.metrics.coverage import funnel as funnel
    from iop_analysis.metrics.coverage import unknown_kinds as unknown_kinds
    from iop_analysis.metrics.coverage import why_no_known_share as why_no_known_share
    from iop_analysis.metrics.equity import equity as equity
    from iop_analysis.metrics.quality import answer_counts as answer_counts
    from iop_analysis.metrics.quality import status_counts as status_counts
    from iop_analysis.metrics.several import compare as compare
    from iop_analysis.metrics.several import sensitivity as sensitivity
    from iop_analysis.metrics.travel import TravelMatrix as TravelMatrix
    from iop_analysis.metrics.travel import travel_table as travel_table
    from iop_analysis.metrics.whatif import whatif as whatif
    from iop_analysis.metrics.witnesses import evening_by_clock as evening_by_clock
    from iop_analysis.metrics.witnesses import link_sensitivity as link_sensitivity
    from iop_analysis.metrics.witnesses import of_witnesses as of_witnesses
    from iop_analysis.raw import fetch as fetch
    from iop_analysis.releases.combined import combine as combine
    from iop_analysis.releases.many import add as add
    from iop_analysis.releases.many import build as build
    from iop_analysis.releases.many import load as load
    from iop_analysis.releases.many import open_release as open_release
    from iop_analysis.releases.many import remove as remove
    from iop_analysis.releases.store import notes_table as notes_table
    from iop_analysis.report.figures import bar_canvas as bar_canvas
    from iop_analysis.report.figures import bars as bars
    from iop_analysis.report.notebook import finding as finding
    from iop_analysis.report.notebook import save_tables as save_tables
    from iop_analysis.report.notebook import tidy as tidy
    from iop_analysis.report.site.writing import write as write_site
    from iop_analysis.report.state import write_report as write_report
    from iop_analysis.report.trend_figure import trend_canvas as trend_canvas
    from iop_analysis.report.trend_figure import trend_lines as trend_lines
    from iop_analysis.validate import validation as validation

__version__ = "0.1.0"

# Public name -> where it lives. They are imported on first use: `import iop_analysis` alone costs nothing.
PUBLIC = {
    # Files and releases
    "fetch": "raw.fetch",
    "add": "releases.many.add",
    "remove": "releases.many.remove",
    "build": "releases.many.build",
    "load": "releases.many.load",
    "open_release": "releases.many.open_release",
    "source": "catalog.source",
    "notes_table": "releases.store.notes_table",
    # One list, many witnesses
    "linked": "linking.linked",
    "combine": "releases.combined.combine",
    "evening_by_clock": "metrics.witnesses.evening_by_clock",
    "hours_known": "criteria.hours_tests.hours_known",
    "link_sensitivity": "metrics.witnesses.link_sensitivity",
    "of_witnesses": "metrics.witnesses.of_witnesses",
    "hours_table": "hours.table.hours_table",
    # Questions
    "parse": "criteria.parse",
    "evaluate": "criteria.evaluate",
    "personas": "catalog.personas",
    # Counts
    "coverage_of": "metrics.asking.coverage_of",
    "coverage": "metrics.coverage.coverage",
    "compare": "metrics.several.compare",
    "funnel": "metrics.coverage.funnel",
    "sensitivity": "metrics.several.sensitivity",
    "unknown_kinds": "metrics.coverage.unknown_kinds",
    "why_no_known_share": "metrics.coverage.why_no_known_share",
    "answer_counts": "metrics.quality.answer_counts",
    "status_counts": "metrics.quality.status_counts",
    "trends": "carried.trends.trends_of",
    "changes": "metrics.changes.changes",
    # Distance
    "demand_points": "carried.reach.points_of",
    "sites": "carried.reach.sites_of_release",
    "nearest_table": "metrics.access.nearest_table",
    "access_summary": "metrics.access.summary",
    "pairs_within": "metrics.access.pairs_within",
    "two_step": "metrics.catchment.two_step",
    "rational_agents": "metrics.catchment.rational_agents",
    "balanced": "metrics.catchment.balanced",
    "linear_decay": "metrics.catchment.linear",
    "exponential_decay": "metrics.catchment.exponential",
    "TravelMatrix": "metrics.travel.TravelMatrix",
    "travel_table": "metrics.travel.travel_table",
    "equity": "metrics.equity.equity",
    "adequacy": "metrics.adequacy.adequacy",
    "whatif": "metrics.whatif.whatif",
    "carried_distances": "carried.distances.carried_distances",
    "carried_counties": "carried.distances.carried_counties",
    "carried_people": "carried.distances.carried_people",
    # Pictures
    "finding": "report.notebook.finding",
    "tidy": "report.notebook.tidy",
    "save_tables": "report.notebook.save_tables",
    "bar_canvas": "report.figures.bar_canvas",
    "bars": "report.figures.bars",
    "trend_canvas": "report.trend_figure.trend_canvas",
    "trend_lines": "report.trend_figure.trend_lines",
    "choropleth": "maps.static.choropleth",
    "map_figure": "maps.static.figure",
    "distance_map": "maps.distance.figure",
    # Calls, reports, checks
    "draw_calls": "calls.draw",
    "write_calls": "calls.write",
    "read_calls": "calls.ingest",
    "write_report": "report.state.write_report",
    "write_site": "report.site.writing.write",
    "validation": "validate.validation",
    # Errors
    "CallError": "errors.CallError",
    "DataError": "errors.DataError",
}

__all__ = [
    "CallError",
    "DataError",
    "TravelMatrix",
    "__version__",
    "access_summary",
    "add",
    "adequacy",
    "answer_counts",
    "balanced",
    "bar_canvas",
    "bars",
    "build",
    "carried_counties",
    "carried_distances",
    "carried_people",
    "changes",
    "choropleth",
    "combine",
    "compare",
    "coverage",
    "coverage_of",
    "demand_points",
    "distance_map",
    "draw_calls",
    "equity",
    "evaluate",
    "evening_by_clock",
    "exponential_decay",
    "fetch",
    "finding",
    "funnel",
    "hours_known",
    "hours_table",
    "linear_decay",
    "link_sensitivity",
    "linked",
    "load",
    "map_figure",
    "nearest_table",
    "notes_table",
    "of_witnesses",
    "open_release",
    "pairs_within",
    "parse",
    "personas",
    "rational_agents",
    "read_calls",
    "remove",
    "save_tables",
    "sensitivity",
    "sites",
    "source",
    "status_counts",
    "tidy",
    "travel_table",
    "trend_canvas",
    "trend_lines",
    "trends",
    "two_step",
    "unknown_kinds",
    "validation",
    "whatif",
    "why_no_known_share",
    "write_calls",
    "write_report",
    "write_site",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in PUBLIC:
            module, _, inside = PUBLIC[name].rpartition(".")
            return getattr(import_module(f"iop_analysis.{module}"), inside)
        raise AttributeError(f"module 'iop_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
