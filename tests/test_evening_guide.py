"""The guide to evening hours, run as it stands on an invented Ohio whose witnesses give known bounds (SYNTHETIC)."""

import csv
import html
import json
import re
import shlex
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from tables import facilities
from tables import hours as hours_rows

from iop_analysis import catalog, criteria
from iop_analysis.calls.fields import fields
from iop_analysis.calls.sheet import HEADING_ROW
from iop_analysis.cli import main
from iop_analysis.metrics import witnesses as measure
from iop_analysis.releases import combined, listing
from iop_analysis.releases.evidence import clocks
from iop_analysis.releases.listing import Listing

GUIDE = (Path(__file__).parents[1] / "docs" / "evening.md").read_text(encoding="utf-8")
NATIONAL = "national_directory@su-2023"
NAMES = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak"]
COUNT = len(NAMES)
ASH, BIRCH, CEDAR, ELM, FIR, HAZEL, JUNIPER, LARCH, MAPLE, OAK = range(COUNT)


def steps(title):
    """Commands of one part of the guide."""
    part = re.search(rf"^## {title}.*?(?=^## |\Z)", GUIDE, re.M | re.S)
    assert part, title
    return re.findall(r"^\$ iop-analysis (.+)$", part[0], re.M)


def run(*commands):
    for command in commands:
        done = CliRunner().invoke(main, shlex.split(command))
        assert done.exit_code == 0, f"{command}: {done.output}"
    return done


def place(number):
    return {"name": f"{NAMES[number]} House", "street": f"{number + 1} Elm St", "phone": f"330-555-01{number:02d}"}


@pytest.fixture
def ohio(fresh, monkeypatch):
    """The national list of an invented Ohio, and a folder with the files that the guide names."""
    rows = pd.DataFrame([place(number) for number in range(COUNT)])
    table = facilities(
        COUNT,
        source="national_directory",
        release="su-2023",
        facility_id=[f"oh{number}" for number in range(COUNT)],
        offers_iop="yes",
        accepts_medicaid=["yes", "no"] * (COUNT // 2),
        website=[f"https://{name.lower()}.example.org" for name in NAMES],
        **(rows.to_dict("list") | {"city": "Akron", "state": "OH", "zip": "44301"}),
    )
    listing.write(Listing(catalog.release(NATIONAL), table, hours_rows([]), ()), "hash")
    monkeypatch.chdir(fresh)
    own_table(fresh / "clinics.csv")
    directory(fresh / "services.json")
    extract(fresh / "clinics.geojson")
    pages(fresh / "pages.zip")
    return fresh


def own_table(path):
    """Ash is open late, Juniper closes at five."""
    with path.open("w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["Name", "Street", "City", "State", "ZIP", "Phone", "Hours"])
        for number, text in ((ASH, "Mon-Thu 9am-9pm, Fri 9am-5pm"), (JUNIPER, "Mon-Fri 9am-5pm")):
            one = place(number)
            rows.writerow([one["name"], one["street"], "Akron", "OH", "44301", one["phone"], text])


def directory(path):
    """Birch's IOP has hours of its own in a 211 package, on two evenings."""
    one = place(BIRCH)
    address = {"address_1": one["street"], "city": "Akron", "state_province": "OH", "postal_code": "44301"}
    where = {"id": "l1", "name": "Site", "addresses": [address | {"address_type": "physical"}]}
    service = {
        "id": "s1",
        "name": "Intensive Outpatient Program",
        "status": "active",
        "organization": {"id": "o1", "name": one["name"]},
        "phones": [{"id": "p1", "number": one["phone"]}],
        "service_at_locations": [{"id": "sl1", "location": where}],
        "schedules": [
            {
                "id": "c1",
                "description": "Evening IOP: 6:00pm-9:00pm, Mon, Wed",
                "freq": "WEEKLY",
                "byday": "MO,WE",
                "opens_at": "18:00",
                "closes_at": "21:00",
            }
        ],
    }
    path.write_text(json.dumps({"total_items": 1, "total_pages": 1, "page_number": 1, "contents": [service]}))


def extract(path):
    """Cedar closes at five on the map, Juniper is open late there: against the table."""
    features = []
    for number, text in ((CEDAR, "Mo-Fr 08:00-17:00"), (JUNIPER, "Mo-Fr 08:00-21:00")):
        one = place(number)
        tags = {"name": one["name"], "healthcare": "clinic", "phone": one["phone"], "opening_hours": text}
        tags |= {"addr:housenumber": str(number + 1), "addr:street": "Elm St", "addr:city": "Akron"}
        tags |= {"addr:state": "OH", "addr:postcode": "44301"}
        point = {"type": "Point", "coordinates": [-81.52, 41.08]}
        features.append({"type": "Feature", "id": f"node/{number}", "properties": tags, "geometry": point})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


SAID = {
    ELM: "Our IOP meets Mon, Wed and Thu, 6-9 p.m.",
    FIR: "Our IOP has evening groups for people with jobs.",
    LARCH: "Nine hours of group each week.",
    OAK: "Our IOP meets Monday to Friday, 9 a.m. to noon.",
}


def pages(path):
    rows = ["file,address,date"]
    with zipfile.ZipFile(path, "w") as archive:
        for number, text in SAID.items():
            name = NAMES[number]
            rows.append(f"{name}.html,https://{name.lower()}.example.org/iop,2026-03-01")
            page = f"<title>IOP | {name} House</title><h1>Intensive outpatient program</h1><p>{text}</p>"
            archive.writestr(f"{name}.html", page)
        archive.writestr("addresses.csv", "\n".join(rows))


def fill(path):
    """Hazel says that no group meets in the evening, Maple that there is no IOP; the others are not reached."""
    book = openpyxl.load_workbook(path)
    page = book["Calls"]
    column = {cell.value: cell.column for cell in page[HEADING_ROW + 1]}
    heading = {field.key: column[field.heading] for field in fields()}
    told = {f"oh{HAZEL}": {"iop_running": "yes", "evening_group": "no"}, f"oh{MAPLE}": {"iop_running": "no"}}
    for row in range(HEADING_ROW + 2, page.max_row + 1):
        said = told.get(str(page.cell(row, heading["facility_id"]).value))
        cells = {"outcome": "complete", "call_date": "2026-05-05"} | said if said else {"outcome": "no answer"}
        for key, value in cells.items():
            page.cell(row, heading[key], value)
    book.save(path)


def counts(name="combined@national_directory-su-2023-oh", have="evening"):
    made = combined.load(name).listing
    result = criteria.evaluate(have, made.facilities, made.hours).result
    return int(result.eq(True).sum()), int(result.eq(False).sum()), int(result.isna().sum())


def test_the_first_route_is_a_table(ohio):
    done = run(*steps("Route 1"))
    assert counts() == (1, 1, 8)
    assert "yes" in done.stdout
    assert len(pd.read_csv(ohio / "check.csv")) == 2


def test_the_second_route_is_a_directory_and_a_map(ohio):
    run(*steps("Route 2"))
    assert counts() == (2, 1, 7)
    assert counts(have="evening(scope='program')") == (1, 1, 8)


def test_the_third_route_is_the_programs_pages(ohio):
    done = run(*steps("Route 3"))
    assert counts(have="evening_iop") == (2, 1, 7)
    assert "yes" in done.stdout
    quote = combined.load("combined@national_directory-su-2023-oh").evidence.set_index(["facility_id", "fact"])
    row = quote.loc[(f"oh{FIR}", "offers_evening_iop")]
    assert row[["value", "words", "date"]].tolist() == ["yes", SAID[FIR], "2026-03-01"]


def test_the_fourth_route_is_the_telephone(ohio):
    draw, ingest, combine = steps("Route 4")
    run(draw)
    fill(ohio / "sheet.xlsx")
    run(ingest, combine)
    made = combined.load("combined@national_directory-su-2023-oh").listing.facilities.set_index("facility_id")
    assert made.loc[f"oh{HAZEL}", "offers_evening_iop"] == "no"
    assert made.loc[f"oh{MAPLE}", "offers_iop_elsewhere"] == "no"


def test_all_routes_together_give_the_bounds_that_were_invented(ohio):
    run(*steps("Route 1"), *steps("Route 2"), *steps("Route 3"))
    draw, ingest, _ = steps("Route 4")
    run(draw)
    fill(ohio / "sheet.xlsx")
    run(ingest, steps("All together")[0])
    made = combined.load("combined@national_directory-su-2023-oh")
    heard = set(made.links["witness"])
    assert heard == {
        "table@oh-2026-02-01",
        "hsds@oh-2026-02-15",
        "osm@oh-2026-03-01",
        "pages@oh-2026-03-01",
        "calls@oh-2026-05-05",
    }
    # At the site: Ash, and where groups meet in the evening, Birch and Elm; Cedar is closed; two witnesses of Juniper
    # contradict each other.
    assert counts() == (3, 1, 6)
    table = measure.evening_by_clock(made.listing.facilities, made.listing.hours, clocks=clocks(made.evidence))
    table = table.set_index("after")[["facilities", "yes", "no", "unknown"]]
    # Of the program: Birch, Elm and, by its word until six, Fir; not Cedar (closed), Hazel (told) and Oak (its page).
    assert table.loc["18:00"].tolist() == [10, 3, 3, 4]
    assert table.loc["19:00"].tolist() == [10, 2, 3, 5]
    assert table.loc["20:00"].tolist() == [10, 2, 3, 5]
    sure = criteria.evaluate("iop & iop_elsewhere", made.listing.facilities, made.listing.hours).result
    assert bool(sure.fillna(False).any())


def test_the_report_says_what_it_rests_on_and_quotes_the_programs(ohio):
    run(*steps("Route 1"), *steps("Route 3")[1:3], "combine national_directory@su-2023 --state OH")
    run("report OH --formats html --with-facilities --out out")
    text = (ohio / "out" / "iop_OH.html").read_text(encoding="utf-8")
    assert f"“{SAID[FIR]}” (https://fir.example.org/iop, visited 1 March 2026)" in html.unescape(text)
    assert "What other sources know of these programs" in text
    assert "Program hours known for 2, site hours only for 2, says evening without a time for 1" in text
