"""Make the boundary and county files of `iop_analysis/catalog/places/` from a TopoJSON atlas of Census boundaries.

Run `python tests/make_boundaries.py counties-10m.json`, with the file of that name from the package that
`catalog/places/origin.toml` names. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "iop_analysis" / "catalog" / "places"
TERRITORIES = {"60", "66", "69", "78"}  # left out: the maps show the states, DC and Puerto Rico
CONNECTICUT_2020 = {
    "09001": "Fairfield",
    "09003": "Hartford",
    "09005": "Litchfield",
    "09007": "Middlesex",
    "09009": "New Haven",
    "09011": "New London",
    "09013": "Tolland",
    "09015": "Windham",
}
POSTAL_CODES = (  # in the order of the FIPS codes
    "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYPR"
)
# What a county is called where it is not a county (Census legal descriptions of 2023).
KINDS_OF_STATE = {"09": "Planning Region", "11": "", "22": "Parish", "72": "Municipio"}
ALASKA_BOROUGHS = {
    "Borough": "02013 02060 02068 02090 02100 02122 02130 02150 02164 02170 02185 02188 02195",
    "Municipality": "02020 02230",
    "City and Borough": "02110 02220 02275 02282",
}
CITIES = {"24510", "29510"}  # besides Virginia's, whose codes start at 510


def main(path: Path) -> None:
    """Write the four files; stop where the input is not the one that `origin.toml` names."""
    origin = tomllib.loads((FOLDER / "origin.toml").read_text(encoding="utf-8"))["boundaries"]
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != origin["input_sha256"]:
        sys.exit(f"{path} is not the {origin['input']} of {origin['package']}; take that file, or change origin.toml")
    topology = keep_states(json.loads(raw))
    names = {one["id"]: one["properties"]["name"] for one in topology["objects"]["states"]["geometries"]}
    codes = dict(zip(sorted(names), re.findall("..", POSTAL_CODES), strict=True))
    write("states.csv", ["state", "fips", "name", "neighbours"], state_rows(topology, names, codes))
    write("counties.csv", ["county_fips", "name", "label", "vintages"], county_rows(topology))
    write_topology(topology)


def keep_states(topology: dict[str, Any]) -> dict[str, Any]:
    """The topology with the 50 states, DC and Puerto Rico only, and with only the arcs that these use."""
    objects = {
        level: [one for one in topology["objects"][level]["geometries"] if one["id"][:2] not in TERRITORIES]
        for level in ("states", "counties")
    }
    used = sorted({arc if arc >= 0 else ~arc for group in objects.values() for one in group for arc in arcs(one)})
    new = {old: number for number, old in enumerate(used)}
    new |= {~old: ~number for old, number in new.items()}
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {
            level: {"type": "GeometryCollection", "geometries": [renumbered(one, new) for one in group]}
            for level, group in objects.items()
        },
        "arcs": [topology["arcs"][old] for old in used],
    }


def arcs(shape: dict[str, Any]) -> list[int]:
    """Numbers of all arcs of one shape; a negative one is `~n`, arc n backwards."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return [arc for polygon in polygons for ring in polygon for arc in ring]


def renumbered(shape: dict[str, Any], new: dict[int, int]) -> dict[str, Any]:
    """One shape with new arc numbers."""

    def walk(value: Any) -> Any:
        return new[value] if isinstance(value, int) else [walk(one) for one in value]

    return {**shape, "arcs": walk(shape["arcs"])}


def state_rows(topology: dict[str, Any], names: dict[str, str], codes: dict[str, str]) -> list[list[str]]:
    """Code, FIPS, name and neighbours (states that share a line, not only a corner) of each state."""
    sides = defaultdict(set)
    for one in topology["objects"]["states"]["geometries"]:
        for arc in arcs(one):
            sides[arc if arc >= 0 else ~arc].add(one["id"])
    return [
        [
            codes[fips],
            fips,
            name,
            " ".join(
                sorted({codes[other] for side in sides.values() if fips in side for other in side} - {codes[fips]})
            ),
        ]
        for fips, name in sorted(names.items())
    ]


def county_rows(topology: dict[str, Any]) -> list[list[str]]:
    """FIPS, legal name, short label and vintages of each county; the label keeps the kind where two share a name."""
    names = {one["id"]: one["properties"]["name"] for one in topology["objects"]["counties"]["geometries"]}
    names |= CONNECTICUT_2020
    times = Counter((fips[:2], name) for fips, name in names.items())
    rows = []
    for fips, name in sorted(names.items()):
        full = f"{name} {kind(fips)}".strip()
        rows.append([fips, full, full if times[fips[:2], name] > 1 else name, vintages(fips)])
    return rows


def vintages(fips: str) -> str:
    """County lists that have the code; between 2020 and 2023 only Connecticut changed."""
    if fips[:2] != "09":
        return "2020 2023"
    return "2020" if fips in CONNECTICUT_2020 else "2023"


def kind(fips: str) -> str:
    """What follows the name: County, Parish, city …"""
    state = fips[:2]
    if state == "02":
        return next((kind for kind, codes in ALASKA_BOROUGHS.items() if fips in codes), "Census Area")
    if fips in CITIES or (state == "51" and fips >= "51510"):
        return "city"
    if fips in CONNECTICUT_2020:
        return "County"
    return "" if fips == "32510" else KINDS_OF_STATE.get(state, "County")  # Carson City bears its kind in its name


def write(name: str, header: list[str], rows: list[list[str]]) -> None:
    """Write one CSV with Unix line ends."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])


def write_topology(topology: dict[str, Any]) -> None:
    """Write the gzipped TopoJSON without names (they stand in the tables) and without a date."""
    for group in topology["objects"].values():
        for one in group["geometries"]:
            one.pop("properties")
        group["geometries"].sort(key=lambda one: one["id"])
    topology["objects"] = {"state": topology["objects"]["states"], "county": topology["objects"]["counties"]}
    text = json.dumps(topology, separators=(",", ":"))
    (FOLDER / "boundaries_2023.topo.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
