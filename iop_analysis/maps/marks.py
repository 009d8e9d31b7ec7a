"""What each place of a map is drawn with: a band of shading, or the mark of why it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

FEW = 10  # places with fewer facilities get counts: no percentages, no shading, no ranks
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)
# One hue from pale to dark, in steps that a grey print keeps apart; the palest is not the paper.
SHADES = ("#c3d9ee", "#8dbae0", "#5091cb", "#2462a4", "#00336e")
NONE, UNKNOWN, COUNTED = "none", "unknown", "counted"
INK, QUIET, LINE = "#1c2430", "#4a5464", "#8a929c"


@dataclass(frozen=True)
class Mark:
    """How a class of places is drawn and what the legend calls it."""

    key: str
    legend: str
    face: str
    hatch: str = ""

    @property
    def ink(self) -> str:
        """Colour of text on it."""
        return "#ffffff" if grey(self.face) < 0.5 else INK


def grey(colour: str) -> float:
    """Luminance 0 (black) to 1 (white) of a colour `#rrggbb`, as a grey print shows it (Rec. 709 weights).

    Examples
    --------
    >>> grey("#ffffff")
    1.0
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return round(0.2126 * red + 0.7152 * green + 0.0722 * blue, 6)


def marks() -> list[Mark]:
    """Every mark in the order of the legend: the lowest share (darkest, since dark is worse) first, then the rest."""
    return [*_bands(), *_UNSHADED]


# Hatchings of lines: one of dots makes the file of a map ten times as large.
_UNSHADED = (
    Mark(COUNTED, f"1 to {FEW - 1} listed: not shaded", "#ffffff"),
    Mark(UNKNOWN, "listed, but nothing known", "#ffffff", "----"),
    Mark(NONE, "none listed", "#ffffff", "xxxx"),
)


def shades(count: int) -> list[str]:
    """Colours of so many bands, pale to dark, apart in grey too."""
    scale = LinearSegmentedColormap.from_list("shades", list(SHADES))
    return [to_hex(colour) for colour in scale(np.linspace(0, 1, count))]


def _bands() -> list[Mark]:
    words = [_band_words(*edges) for edges in zip(BANDS, [*BANDS[1:], None], strict=True)]
    return [Mark(f"band{i}", words[i], colour) for i, colour in enumerate(reversed(shades(len(BANDS))))]


def _band_words(low: float, high: float | None) -> str:
    if high is None:
        return f"{low:.0%} or more"
    return f"under {high:.0%}" if low == 0 else f"{low:.0%} to under {high:.0%}"


def mark_of(table: pd.DataFrame, value: str) -> pd.Series:
    """Key of the mark of each place of a coverage table.

    In this order: no facility listed; nothing known of any facility (or the share is empty); fewer than `FEW`
    facilities; else the band that the share falls in.

    Parameters
    ----------
    table
        A coverage table.
    value
        Column of shares (0-1) that is drawn.
    """
    shares = table[value]
    bands = np.searchsorted(BANDS, [percent(share) / 100 for share in shares.fillna(0)], side="right") - 1
    keys = pd.Series([f"band{band}" for band in bands], index=table.index)
    keys = keys.mask(table["facilities"] < FEW, COUNTED)
    keys = keys.mask(shares.isna() | (table["unknown"] == table["facilities"]), UNKNOWN)
    return keys.mask(table["facilities"] == 0, NONE)


def captions(table: pd.DataFrame, value: str) -> list[str]:
    """What is printed in each place of a table with a `mark`: its share, its counts, or nothing."""
    rows = zip(*(table[name].tolist() for name in ("mark", "yes", "facilities", value)), strict=True)
    return [_caption(*row) for row in rows]


def _caption(mark: str, yes: int, facilities: int, share: float) -> str:
    if mark == COUNTED:
        return f"{yes:,} of {facilities:,}"
    return f"{percent(share)}%" if mark.startswith("band") else ""


def percent(share: float) -> int:
    """A share as it is printed; bands go by it, so that no place printed 60% is shaded as under 60%."""
    return round(100 * share)
