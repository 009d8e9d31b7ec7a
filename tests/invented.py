"""Invented sites: where they are, when they open, what they answer, and which traps of the real files they carry."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20230516
LAYOUTS = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text(encoding="utf-8"))

FIRST = ("Sample", "Example", "Specimen", "Placeholder", "Invented")
SECOND = ("Creek", "Ridge", "Meadow", "Harbor", "Orchard", "Mesa", "Juniper", "Lantern", "Bridge", "Prairie", "Cedar")
KIND = ("Counseling", "Outpatient Center", "Recovery Services", "Behavioral Health", "Wellness Clinic")
STREETS = ("Sample Street", "Specimen Avenue", "Placeholder Road", "Example Boulevard")
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
# How often a site of the sample says yes.
YES = {
    "serves_adolescents": 0.35,
    "offers_outpatient": 0.85,
    "offers_iop": 0.58,
    "offers_iop_mental_health": 0.08,
    "offers_day_treatment": 0.10,
    "offers_regular_outpatient": 0.80,
    "offers_telehealth": 0.55,
    "accepts_medicaid": 0.60,
    "accepts_medicare": 0.35,
    "accepts_private_insurance": 0.70,
    "accepts_state_insurance": 0.40,
    "accepts_military_insurance": 0.25,
    "accepts_tribal_funds": 0.03,
    "accepts_government_funds": 0.40,
    "accepts_self_pay": 0.90,
    "offers_sliding_fee": 0.55,
    "offers_payment_assistance": 0.40,
    "offers_group_counseling": 0.90,
    "offers_individual_counseling": 0.92,
    "offers_family_counseling": 0.70,
    "offers_medication": 0.50,
    "offers_peer_support": 0.50,
    "offers_skills_training": 0.50,
    "offers_transport": 0.35,
    "accepts_new_patients": 0.40,
}
OWNERS = (("PVTP", 0.50), ("PVTN", 0.40), ("LCCG", 0.05), ("STG", 0.02), ("TBG", 0.02), ("IH", 0.01))
# Numbers of the sites that carry a trap; the first forty sites carry each at least once.
TRAPS = {
    "hidden": {6, 90},
    "no payer": {4, 13, 70, 111},
    "free beside payers": {7, 58},
    "two owners": {10, 64},
    "no owner": {16, 102},
    "veterans": {19, 83},
    "no lists": {12, 75, 120},
    "no county": {22, 85},
    "long zip": {25},
    "repeated": {9, 61},
    "both sides": {n for n in range(200) if n % 4 == 1},
}


@dataclass(frozen=True)
class Site:
    """One invented site: where it is, its week as seven cells, and the answers that are yes."""

    number: int
    name: str
    state: str
    city: str
    zip: str
    county: str
    latitude: str
    longitude: str
    street: str
    suite: str
    phone: str
    website: str
    week: tuple[str, ...]
    yes: frozenset[str]
    owner: str
    spanish: bool
    changed: str

    def has(self, trap: str) -> bool:
        """Whether the site carries a trap."""
        return self.number in TRAPS[trap]


def sites(count: int = 200, seed: int = SEED) -> list[Site]:
    """Invented sites, two in Colorado for each in New Jersey; the first `count` of them never change."""
    rng = np.random.default_rng(seed)
    return [_site(number, rng) for number in range(count)]


def _site(number: int, rng: np.random.Generator) -> Site:
    state = "NJ" if number % 3 == 2 else "CO"
    rows = next(place["rows"] for place in LAYOUTS["places"] if place["state"] == state)
    city, zip_code, county, latitude, longitude, _ = _choose(rows, [row[5] for row in rows], rng)
    words = FIRST[number % 5], SECOND[number % 11], KIND[(number + number // 55) % 5]
    week = tuple(_choose(LAYOUTS["weeks"], [week["share"] for week in LAYOUTS["weeks"]], rng)["cells"])
    yes = {name for name, chance in YES.items() if rng.random() < chance}
    yes |= {"offers_outpatient"} if "offers_iop" in yes else set()
    if not any(week) and rng.random() < 0.8:  # Who reports no hours mostly reports no fees either.
        yes -= {"accepts_medicaid", "accepts_private_insurance", "accepts_self_pay", "offers_sliding_fee"}
    day, hour = 1 + int(28 * rng.random()), 1 + int(11 * rng.random())
    return Site(
        number=number,
        name=f"{words[0]} {words[1]} {words[2]} (synthetic)",
        state=state,
        city=city,
        zip=zip_code,
        county=county,
        latitude=f"{latitude + 0.01 * (rng.random() - 0.5):.7f}",
        longitude=f"{longitude + 0.01 * (rng.random() - 0.5):.7f}",
        street=f"{100 + 7 * number} {STREETS[number % 4]}",
        suite=f"Suite {number}" if number % 6 == 0 else "",
        phone=f"{'973' if state == 'NJ' else '303'}-555-{100 + number % 100:04d}",
        website=f"https://site{number}.example.org",
        week=week,
        yes=frozenset(yes),
        owner=_choose(OWNERS, [share for _, share in OWNERS], rng)[0],
        spanish=rng.random() < 0.3,
        changed=f"{1 + number % 5}/{day}/2023 {hour}:{number % 60:02d} {'AM' if number % 2 else 'PM'}",
    )


def _choose(items: Any, weights: list[float], rng: np.random.Generator) -> Any:
    reached = np.cumsum(weights) / sum(weights)
    return items[int(np.searchsorted(reached, rng.random(), side="right"))]
