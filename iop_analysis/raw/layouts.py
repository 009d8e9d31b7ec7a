"""A file's headings against every layout that the catalog knows for its source; case and blanks do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from iop_analysis import catalog


class Headings(dict[str, str]):
    """The file's own heading for each name; nobody changes it."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Headings:
        """The headings themselves: pandas copies what reading tells of a table with every column."""
        return self


@dataclass(frozen=True)
class Matched:
    """The layout that fits best: the file's own heading for each name, and the layout's headings that it lacks."""

    headings: Headings
    missing: tuple[str, ...]


def matched(titles: Iterable[str], release: catalog.Release) -> Matched:
    """The layout that lacks the fewest headings: the release's own where it is known, else the newest of them.

    Examples
    --------
    >>> new = catalog.Release("national_directory", "su-2031")
    >>> matched(["NAME1", "name 2"], new).headings
    {'name1': 'NAME1', 'name2': 'name 2'}
    """
    own = {plain(title): title for title in reversed(list(titles))}
    found = [_of(layout, own) for layout in catalog.layouts(release)]
    return min(found, key=lambda one: len(one.missing))


def _of(layout: dict[str, str], own: dict[str, str]) -> Matched:
    headings = Headings({name: own[plain(heading)] for name, heading in layout.items() if plain(heading) in own})
    return Matched(headings, tuple(heading for name, heading in layout.items() if name not in headings))


def plain(heading: str) -> str:
    """A heading without case, blanks and underscores.

    Examples
    --------
    >>> plain("    Service_Code info ")
    'servicecodeinfo'
    """
    return re.sub(r"[\s_]+", "", heading).lower()
