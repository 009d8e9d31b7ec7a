"""Collect programs' own pages from addresses that the command hands in, into one WARC that becomes a release."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from iop_analysis import __version__, catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.adding import add
from iop_analysis.raw.links import site_of
from iop_analysis.raw.releases import data_folder, raw_path
from iop_analysis.raw.saved_pages import host
from iop_analysis.raw.visits import ARCHIVE, read_journal, reasons
from iop_analysis.raw.withdrawn import withdrawn

PAGES, PAUSE_SECONDS, LONGEST_SECONDS, LARGEST_BYTES = 12, 2.0, 20, 3 << 20
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
MARK = "collected-"
# Houses of many tenants: an address there says nothing of whose pages stand beside it.
SHARED = (
    "facebook.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "x.com",
    "twitter.com",
    "yelp.com",
    "google.com",
)


@dataclass(frozen=True)
class Collected:
    """A release of collected pages: how many sites and pages, and how often each reason to refuse one."""

    release: catalog.Release
    sites: int
    pages: int
    refused: dict[str, int]


def starts_of(websites: Iterable[str]) -> list[str]:
    """One address to begin with for each program's own host; withdrawn hosts and houses of many tenants are left out.

    Examples
    --------
    >>> starts_of(["www.elm.example/iop", "https://elm.example", "facebook.com/elm", "", "no address"])
    ['https://www.elm.example/iop']
    """
    gone = withdrawn()
    found: dict[str, str] = {}
    for website in websites:
        address = website.strip() if "://" in website else f"https://{website.strip()}"
        name = host(address)
        if name and name not in gone and not any(name == one or name.endswith(f".{one}") for one in SHARED):
            found.setdefault(site_of(address), address)
    return list(found.values())


def collect(
    starts: list[str], name: str, contact: str, told: Callable[[str], object], pause: float = PAUSE_SECONDS
) -> Collected:
    """Visit sites and keep their pages as `pages@name`; a walk that was stopped goes on where it was.

    Parameters
    ----------
    starts
        One address a site.
    name
        Key of the release without its day, such as `oh`.
    contact
        Mail address that every visit names, so that a site can answer.
    told
        Is called with each site that is done.
    pause
        Seconds between two visits of a host; more where its robots.txt asks for more.

    Raises
    ------
    CallError
        The contact is no mail address, there is nothing to visit, or the extra is not installed.
    DataError
        No page could be kept: the reasons are named.
    """
    _check(starts, contact)
    folder = data_folder() / "collecting" / name
    folder.mkdir(parents=True, exist_ok=True)
    job = {
        "starts": starts,
        "folder": str(folder),
        "agent": f"iop_analysis/{__version__} (research on access to treatment; {contact})",
        "pages": PAGES,
        "pause": pause,
        "seconds": LONGEST_SECONDS,
        "bytes": LARGEST_BYTES,
    }
    _walk(job, folder, told)
    return _kept(folder, name, len(starts))


def _check(starts: list[str], contact: str) -> None:
    if importlib.util.find_spec("scrapy") is None:
        raise CallError("Collecting needs Scrapy; install it with `pip install 'iop_analysis[collect]'`.")
    if not MAIL.fullmatch(contact):
        raise CallError(f"{contact!r} is no mail address; --contact names whom a site can write to.")
    if not starts:
        raise CallError("No program of this list has a web site of its own, so there is nothing to visit.")


def _walk(job: dict[str, object], folder: Path, told: Callable[[str], object]) -> None:
    """Run the crawler in a process of its own: its event loop can run once a process."""
    path = folder / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-m", "iop_analysis.raw.crawler", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stderr is not None
        for line in child.stdout:
            told(json.loads(line)["done"] if line.startswith("{") else "")
        trouble = child.stderr.read()
    if child.returncode:
        last = trouble.strip().splitlines()[-1:] or ["no word"]
        raise DataError(f"The visits stopped ({last[0]}); run the command again, it goes on where it was.")


def _kept(folder: Path, name: str, sites: int) -> Collected:
    visits, _ = read_journal(folder)
    kept = sum(not visit.refused for visit in visits)
    why = reasons(visits)
    if kept == 0:
        listed = "; ".join(f"{count} × {reason}" for reason, count in why.items()) or "nothing answered"
        shutil.rmtree(folder)
        raise DataError(f"No page of {sites} sites could be kept: {listed}.")
    key = f"{name}-{date.today().isoformat()}"
    archive = folder / f"{MARK}{key}.warc.gz"
    (folder / ARCHIVE).rename(archive)
    added = add(f"pages@{key}", archive)
    shutil.rmtree(folder)
    return Collected(added.release, sites, kept, why)


def is_collected(release: catalog.Release) -> bool:
    """Whether a release's file was collected here, and is not to outlive what was read of it."""
    return release.source == "pages" and release.file.startswith(MARK)


def purge(release: catalog.Release | None = None) -> list[Path]:
    """Delete the collected pages of a release, or all of them and every walk that was stopped; facts built stay."""
    if release is not None:
        found = [raw_path(release)] if is_collected(release) else []
    else:
        found = sorted((data_folder() / "raw" / "pages").glob(f"{MARK}*"))
        shutil.rmtree(data_folder() / "collecting", ignore_errors=True)
    there = [path for path in found if path.is_file()]
    for path in there:
        path.unlink()
    return there
