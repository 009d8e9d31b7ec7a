"""The order of the sections of a state's report."""

from __future__ import annotations

from collections.abc import Callable

from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Section
from iop_analysis.report.sections import surveys
from iop_analysis.report.sections.against import against, beside
from iop_analysis.report.sections.background import background
from iop_analysis.report.sections.calls import calls
from iop_analysis.report.sections.changes import changes, changes_named
from iop_analysis.report.sections.closing import methods, unknown
from iop_analysis.report.sections.distance import by_district, by_rule, distance
from iop_analysis.report.sections.named import named
from iop_analysis.report.sections.programs import evening, money, offer, people
from iop_analysis.report.sections.where import where
from iop_analysis.report.sections.witnesses import witnesses

ALL: tuple[Callable[[Gathered], Section], ...] = (
    people,
    evening,
    witnesses,
    money,
    surveys.listing,
    where,
    distance,
    by_district,
    by_rule,
    offer,
    calls,
    surveys.trend,
    changes,
    beside,
    against,
    background,
    unknown,
    methods,
)
# Only where the reader asks for the facilities themselves.
NAMED: tuple[Callable[[Gathered], Section], ...] = (named, changes_named)
