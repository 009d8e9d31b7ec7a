"""Write `docs/api.md`: every public name of the package with its documentation, room by room."""

from __future__ import annotations

import inspect
from pathlib import Path

import iop_analysis as iop

PAGE = Path(__file__).with_name("api.md")
HEAD = """# The library, name by name

`import iop_analysis as iop` gives these names, typed; the headings are the rooms where they live. Ten of them are
enough to begin with: see [Ten verbs](ten_verbs.md). `python docs/make_api.py` writes this page.
"""
ROOMS = ("raw", "catalog", "releases", "linking", "hours", "criteria", "metrics", "carried", "maps", "calls", "report")


def text() -> str:
    """The page: a heading a room, an entry a name."""
    by_room: dict[str, list[str]] = {}
    for name, where in iop.PUBLIC.items():
        by_room.setdefault(where.split(".")[0], []).append(name)
    order = [*ROOMS, *sorted(set(by_room) - set(ROOMS))]
    return HEAD + "".join(f"\n## {room}\n" + "".join(map(entry, by_room[room])) for room in order if room in by_room)


def entry(name: str) -> str:
    """The documentation of one name, and what it is called at home where that differs."""
    thing = getattr(iop, name)
    home = f"{thing.__module__}.{thing.__name__}"
    kind = "autoclass" if inspect.isclass(thing) else "autofunction"
    alias = "" if thing.__name__ == name else f"\n`iop.{name}` is this function:\n"
    return f"{alias}\n```{{eval-rst}}\n.. {kind}:: {home}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
