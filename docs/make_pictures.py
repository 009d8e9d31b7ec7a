"""Draw the pictures of README and documentation from the tables that the package carries.

Run:  python docs/make_pictures.py        (the page of the brief needs Pango and pdftoppm)
"""

import subprocess
import tempfile
import textwrap
from pathlib import Path

import matplotlib as mpl
import pandas as pd

from iop_analysis import places, raw
from iop_analysis.carried import distances, listings, trends
from iop_analysis.maps import distance, static
from iop_analysis.metrics import coverage
from iop_analysis.report import figures, gathered, pdf, state, trend_figure

FOLDER = Path(__file__).parent / "pictures"
NATIONAL, COLORADO = "national_directory@su-2023", "ladders@2023-05-16"
SOURCE = "Source: SAMHSA National Directory, 2023 edition (survey year 2022). Counted with iop_analysis."
OWN = "Source: LADDERS, Colorado directory of licensed behavioral-health sites, 2023-05-16. Counted with iop_analysis."
SURVEYS = "Source: SAMHSA, N-SSATS 2010, 2015, 2017, 2019 and N-SUMHSS 2024. Counted with iop_analysis."
SHARE = "share of listed substance-use IOPs"
# Name of the picture: criterion, level, state, label, source.
MAPS = {
    "medicaid_by_state": ("medicaid", "state", None, f"{SHARE} that list Medicaid, at least", SOURCE),
    "sliding_fee_by_state": ("sliding_fee", "state", None, f"{SHARE} that list a sliding fee, at least", SOURCE),
    "medicaid_by_county": ("medicaid", "county", None, f"{SHARE} that list Medicaid, at least", SOURCE),
    "evening_colorado": ("evening(after='18:00')", "county", "CO", "share at a site open after 6 pm, at least", OWN),
}
DOTS = 110


def every_place(table: pd.DataFrame, level: str, state_code: str | None) -> pd.DataFrame:
    """The table with a row for each place of the map, counts 0 where no facility is."""
    known = places.states() if level == "state" else places.counties()
    order = known["state" if level == "state" else "county_fips"][known["state"].eq(state_code) | (not state_code)]
    counts = [*coverage.COUNTS, *coverage.KIND_COUNTS]
    whole = table.set_index("place").reindex(order)[counts].fillna(0).astype("int64")
    return coverage.shares(whole.rename_axis("place").reset_index())


def draw_maps() -> None:
    """Every map of `MAPS`, and how far people live by county."""
    for name, (have, level, state_code, label, source) in MAPS.items():
        carried = listings.load(COLORADO if state_code else NATIONAL)
        table = every_place(carried.table(have, level=level), level, state_code)
        figure = static.figure(table, state_code, label=label, source=source)
        alt = static.alt_text(table, state_code, label=label)
        (FOLDER / f"{name}.png").write_bytes(static.to_png(figure, alt, DOTS))
    far = distances.carried_counties(NATIONAL)
    title = "Miles within which half of the residents live from an IOP that lists Medicaid"
    alt = distance.alt_text(far, None, "median_sure_km", title)
    (FOLDER / "distance_by_county.png").write_bytes(static.to_png(distance.figure(far, source=SOURCE), alt, DOTS))


def draw_trend() -> None:
    """Sliding fees and Medicaid of responding IOPs since 2010."""
    tables = {"Sliding fee": trends.trends_of("sliding_fee"), "Medicaid": trends.trends_of("medicaid")}
    canvas, ax = trend_figure.trend_canvas()
    trend_figure.trend_lines(ax, tables, "IOPs")
    canvas.text(0.01, 0.005, textwrap.fill(SURVEYS, 64), fontsize=6.2, color=figures.MUTED)
    alt = trend_figure.describe_trends(tables, "Responding IOPs of the nation")
    (FOLDER / "trend_nation.png").write_bytes(static.to_png(canvas, alt, DOTS))


def draw_brief() -> None:
    """The first page of Colorado's brief."""
    page = pdf.render_brief(state.state_report(gathered.gather("CO")))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(page)
        to_png = ["pdftoppm", "-png", "-r", str(DOTS), "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*to_png, file.name, str(FOLDER / "brief_colorado")], check=True)


def main() -> None:
    """Write every picture, from carried tables alone."""
    if (raw.data_folder() / "processed").is_dir():
        print("Built releases would speak first; set IOP_DATA to an empty folder to draw what the package carries.")
    with mpl.rc_context(figures.STYLE):
        draw_maps()
        draw_trend()
    draw_brief()


if __name__ == "__main__":
    main()
