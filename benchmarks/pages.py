"""How long it takes to read 1,000 invented program pages of 60 kB, and how much longer trafilatura needs for the text.

Run: python benchmarks/pages.py [PAGES]. trafilatura is timed on 50 of them where it is installed.
"""

from __future__ import annotations

import sys
import time

from iop_analysis.raw.saved_pages import Saved
from iop_analysis.sources._page import read_saved

SIZE = 60_000
HEAD = (
    "<html><head><title>Intensive Outpatient Program | House {number}</title></head><body class='page'><header><nav>"
    + "<ul>"
    + "<li><a href='/x'>Programs and services</a></li>" * 40
    + "</ul></nav></header><main>"
    "<h1>Intensive Outpatient Program</h1><p>Our IOP meets Monday, Wednesday and Thursday from 6 to 9 p.m.</p>"
)
SECTION = (
    "<section class='row {number}-{part}'><div class='column'><h2>What to expect in week {part}</h2><p>Each week has "
    "group work, skills and one session with a counselor. People come from {number} towns and stay about {part} "
    "weeks.</p><ul><li><span class='icon'></span><span>Relapse prevention, part {part}</span></li><li><span>Family work "
    "on request</span></li></ul><p>We accept most insurance plans. Office hours are 8:00 a.m. to {part} p.m. and the "
    "phone is answered day and night.</p></div></section>"
)


def page(number: int) -> str:
    """An invented page of about 60 kB, no two alike."""
    parts = [HEAD.replace("{number}", str(number))]
    size = len(parts[0])
    while size < SIZE:
        parts.append(SECTION.replace("{number}", str(number)).replace("{part}", str(len(parts))))
        size += len(parts[-1])
    return "".join([*parts, "</main></body></html>"])


def seconds(work, pages: list[str]) -> float:
    start = time.perf_counter()
    for text in pages:
        work(text)
    return time.perf_counter() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    pages = [page(number) for number in range(count)]
    ours = seconds(lambda text: read_saved(Saved("", "", text, True, "x")), pages)
    print(f"{count} pages of {len(pages[0]) / 1000:.0f} kB: {ours:.1f} s, {1000 * ours / count:.1f} ms a page")
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed, so it is not compared.")
        return
    some = pages[:50]
    theirs = seconds(trafilatura.extract, some) / len(some)
    print(f"trafilatura (text alone): {1000 * theirs:.1f} ms a page, {theirs / (ours / count):.1f} times as long")


if __name__ == "__main__":
    main()
