"""National exports of 100,000 SYNTHETIC rows, added and built: processor time and the most memory of each command.

Run:  python benchmarks/exports.py [ROWS]
Names are invented, telephones are 555 numbers; each command is a process of its own in an empty data folder.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from iop_analysis.catalog import service_codes

ROWS = 100_000
MOST_GB = 1.5
PLACES = (("Denver", "CO", "80203", 39.73, -104.98), ("Trenton", "NJ", "08608", 40.22, -74.76))
DAYS = (["mon", "tue", "wed", "thu"], ["fri"])
WHO = ("name1", "name2", "street1", "street2", "city", "state", "zip", "zip4", "county", "phone", "website")


def fhir(path: Path, rows: int) -> None:
    """A payer's directory, one resource a line: an organization, a location and a service for each row."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(rows):
            for resource in resources(number):
                out.write(json.dumps(resource) + "\n")


def resources(number: int) -> Iterator[dict[str, Any]]:
    city, state, code, latitude, longitude = PLACES[number % len(PLACES)]
    closes = f"{17 + number % 5}:00:00"
    times = [{"daysOfWeek": days, "availableStartTime": "09:00:00", "availableEndTime": closes} for days in DAYS]
    yield {"resourceType": "Organization", "id": f"o{number}", "name": f"Sample House {number} (synthetic)"}
    yield {
        "resourceType": "Location",
        "id": f"l{number}",
        "status": "active",
        "address": {"line": [f"{number} Sample Street"], "city": city, "state": state, "postalCode": code},
        "position": {"latitude": latitude + number % 97 / 1000, "longitude": longitude},
    }
    yield {
        "resourceType": "HealthcareService",
        "id": f"s{number}",
        "active": True,
        "name": "Intensive outpatient program" if number % 3 else "Counseling",
        "providedBy": {"reference": f"Organization/o{number}"},
        "location": [{"reference": f"Location/l{number}"}],
        "telecom": [{"system": "phone", "value": f"303-555-{number % 10_000:04}"}],
        "availableTime": times,
    }


def locator(path: Path, rows: int) -> None:
    """An export of the locator: who and where, then a column for each service code."""
    codes = sorted(service_codes.codes())
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow([*WHO, "latitude", "longitude", "type_facility", *map(str.lower, codes)])
        for number in range(rows):
            city, state, code, latitude, longitude = PLACES[number % len(PLACES)]
            who = [f"Sample House {number} (synthetic)", "", f"{number} Sample Street", "", city, state, code, "", ""]
            point = [f"303-555-{number % 10_000:04}", "", latitude + number % 97 / 1000, longitude]
            marks = ["1" if (number + place) % 5 == 0 else "" for place in range(len(codes))]
            out.writerow([*who, *point, ("SA", "MH")[number % 2], *marks])


def measured(*words: str) -> tuple[float, float]:
    """Seconds of processor and GB at its highest of one command in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "iop_analysis", *words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / (1024**2 if sys.platform == "linux" else 1024**3)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["IOP_DATA"] = str(Path(scratch) / "data")
        for name, file, write in (
            ("plan_net@xx-2026", "plan_net.ndjson", fhir),
            ("findtreatment@2026", "FindTreament_Facility_listing_2026_03_01_101500.csv", locator),
        ):
            path = Path(scratch) / file
            write(path, rows)
            for words in (("add", name, str(path)), ("build", name)):
                seconds, memory = measured(*words)
                verdict = "" if memory <= MOST_GB else f"   more than {MOST_GB} GB"
                print(f"{words[0]:6}{name:20} {rows:>8,} rows  {seconds:6.1f} s  {memory:5.2f} GB{verdict}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
