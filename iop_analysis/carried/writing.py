"""Rebuild all that the package carries: everything is computed first, then swapped in, all or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from iop_analysis.carried import (
    adequacy,
    changes,
    distances,
    districts,
    evenings,
    levers,
    listings,
    owners,
    package,
    residents,
    surveys,
    trends,
)
from iop_analysis.errors import CallError
from iop_analysis.releases import store, swapping

Write = Callable[[Path], list[Path]]
# Every kind of table that is carried; one that is missing here is lost at the next rebuild. The last describes them.
WRITERS: tuple[Write, ...] = (
    listings.write,
    changes.write,
    trends.write,
    distances.write,
    evenings.write,
    residents.write,
    districts.write,
    adequacy.write,
    levers.write,
    owners.write,
    package.write,
)


def write_all(folder: Path | None = None) -> list[Path]:
    """Write every carried table into a folder (the package's own where None) and return the files.

    Raises
    ------
    CallError
        A release that the folder carries now is not built, or the package is installed and no folder is named.
    """
    target = folder or own_folder()
    lost = sorted(set(carried(target)) - set(store.built()))
    if lost:
        raise CallError(
            f"{target} carries {', '.join(lost)}, which {'is' if len(lost) == 1 else 'are'} not built; "
            "fetch and build them first, or their tables would be lost."
        )
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        written = [path.relative_to(fresh) for write in WRITERS for path in write(fresh)]
        with swapping.alone(target):
            swapping.swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return [target / path for path in written]


def carried(folder: Path = listings.FOLDER) -> list[str]:
    """Names of the releases of which a folder carries tables, listings before surveys."""
    return [*listings.carried(folder), *surveys.carried(folder / surveys.FOLDER.name)]


def own_folder() -> Path:
    """The package's own folder, in a checkout only: an installed package is never written into."""
    if not (listings.FOLDER.parents[2] / "pyproject.toml").exists():
        raise CallError(
            "The package is installed, and an installed package is not written into; name a folder (--out)."
        )
    return listings.FOLDER
