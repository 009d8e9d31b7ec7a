"""Answers of this package: python iop_analysis_hours.py ../texts.csv > ../answers/iop_analysis.csv"""

import csv
import sys
from pathlib import Path

from iop_analysis.hours.text import parse

answers = csv.writer(sys.stdout, lineterminator="\n")
answers.writerow(("id", "status", "week"))
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as handle:
    for row in csv.DictReader(handle):
        week = parse(row["text"]).week
        answers.writerow((row["id"], week.status, week.to_osm()))
