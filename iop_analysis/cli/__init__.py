"""The command line `iop-analysis`: tables go to stdout, words to stderr."""

from __future__ import annotations

import os

import click

from iop_analysis import __version__
from iop_analysis.cli import (
    calls,
    changes,
    checks,
    collect,
    data,
    distances,
    hours,
    linking,
    measures,
    pages,
    reports,
    rules,
)
from iop_analysis.cli.shared import guarded


@click.group()
@click.version_option(__version__)
@guarded
def main() -> None:
    """Who can use an intensive outpatient program? Public files in, defensible tables and reports out."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        # Libraries read it too, while they are loaded: a date that is none must be found before.
        from iop_analysis.raw.workbooks import stamp

        stamp()


for command in (
    data.fetch,
    data.add,
    data.remove,
    data.build,
    data.status,
    linking.link,
    linking.combine,
    measures.coverage,
    hours.hours,
    pages.pages,
    collect.collect,
    measures.trends,
    distances.access,
    distances.whatif,
    rules.residents,
    rules.adequacy,
    rules.bounds,
    changes.changes,
    calls.calls,
    reports.report,
    reports.site,
    checks.validate,
    data.dictionary,
    data.carry,
):
    main.add_command(command)
