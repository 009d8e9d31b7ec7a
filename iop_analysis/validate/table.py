"""The table of checks: its columns, and the words for how a check ended."""

from __future__ import annotations

COLUMNS = [
    "kind",
    "check",
    "release",
    "what",
    "published",
    "ours",
    "difference",
    "tolerance",
    "verdict",
    "reason",
    "source",
]
# A figure is one that a publisher printed; an invariant is a rule that every table must keep.
FIGURE, INVARIANT = "figure", "invariant"
# `absent`: the publisher printed it, and `reason` says why no file read here can give it.
OK, OFF, SAID, ABSENT = "ok", "off", "said", "absent"
