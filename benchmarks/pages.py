"""How long it takes to read 1,000 invented program pages of 60 kB, and how much longer trafilatura needs for the text.

Seconds are those of one processor. Run: python benchmarks/pages.py [PAGES]. Where trafilatura is installed it reads 50.
"""

from __future__ import annotations

import sys
import time

from iop_analysis.raw.saved_pages import Saved
from iop_analysis.sources._page import read_saved

SIZE = 60_000
MARKUP = (
    "class='elementor-element elementor-element-{part} elementor-widget' data-id='{part}' data-x='{&quot;x&quot;:1}'"
)
HEAD = (
    "<html><head><title>Intensive Outpatient Program | House {number}</title><style>.row{margin:0 auto}</style></head>"
    "<body><header><nav><ul>"
    + "<li class='menu-item'><a href='/x'>Programs</a></li>"
    * 40
    + "</ul></nav></header><main>"
    "<h1>Intensive Outpatient Program</h1><p>Our IOP meets Monday, Wednesday and Thursday, 6 to 9 p.m.</p>"
)
SECTION = (
    f"<section {MARKUP}><div {MARKUP}><div {MARKUP}><h2 {MARKUP}>What to expect in week {{part}}</h2></div>"
    f"<div {MARKUP}><p style='text-align:left;font-size:16px;line-height:1.6'>Each week has group work, skills and one "
    "session with a counselor. People come from {number} towns and stay about {part} weeks.</p></div>"
    f"<div {MARKUP}><ul><li {MARKUP}><span {MARKUP}></span><span>Relapse prevention {{part}}</span></li></ul></div>"
    f"<div {MARKUP}><p>We accept most insurance plans. Office hours are 8:00 a.m. to {{part}} p.m.</p></div></div>"
    "</section>"
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
    start = time.process_time()
    for text in pages:
        work(text)
    return time.process_time() - start


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
