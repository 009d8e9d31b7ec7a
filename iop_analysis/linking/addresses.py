"""One spelling for each US street address: a key that two publishers' writings of one building share."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import pandas as pd

from iop_analysis import catalog
from iop_analysis.raw.distinct import each

# A unit word in front of one of these is a unit (`SUITE 4`, `BLDG A`); else it is part of a name (`TOWER RD`).
UNIT_NUMBER = re.compile(r"[A-Z]?\d+[A-Z]*|[A-Z]")
ALWAYS_UNIT = frozenset({"SUITE", "SUITES", "STE", "STES", "APT", "APARTMENT", "UNIT", "ROOM", "RM", "PMB", "#"})
ORDINAL = re.compile(r"\d+(ST|ND|RD|TH)")
HOUSE_NUMBER = re.compile(r"\s*(?:\d|one\b|two\b|three\b|four\b|five\b)", re.IGNORECASE)
# Several house numbers of one building: `1841 & 1843`, `16, 18 and 20`, `2116-2118`, `3137-39`. A dash joins two
# numbers only where they cannot be one number of Queens or Hawaii (`37-11 30th St`).
OTHER_NUMBER = r"(?:(?:\s*,|\s*&|,?\s+and\b)\s*\d+(?:\s+\d/\d)?(?![\w/])|(?<=\d{4})-\d+(?!\w)|(?<=\b\d{3})-\d{3}(?!\w))"
MANY_NUMBERS = re.compile(rf"^(\s*\d+)(?:\s+\d/\d)?{OTHER_NUMBER}+(?=\s+\w)", re.IGNORECASE)
NUMBER_ALONE = re.compile(r"^(\s*\d+)\s*,(?=\s*\S)")
ZIP = re.compile(r"(\d{3,5})(?:-\d{4}|\.0)?")
# Streets whose key is kept: the rows of a national export are asked several times.
STREETS = 200_000
PO_BOX = re.compile(r"\s*(?:p\.?\s*o\.?|post office)\s*(?:box|drawer)\b", re.IGNORECASE)


@cache
def street_words() -> dict[str, dict[str, str]]:
    """Abbreviations by kind (suffix, direction, number, name, unit) and word, from the catalog; the longest first."""
    kinds: dict[str, dict[str, str]] = {}
    for row in sorted(catalog.read_rows("street_words.csv"), key=lambda one: -len(one["word"])):
        kinds.setdefault(row["kind"], {})[row["word"]] = row["standard"]
    return kinds


@lru_cache(maxsize=STREETS)
def street_key(street: str) -> str:
    """One spelling of a street address without its unit; empty where nothing says a place (a box, dashes).

    Parameters
    ----------
    street
        House number and street as published, with or without suite, floor or building.

    References
    ----------
    Abbreviations: United States Postal Service, Publication 28, appendices B and C.

    Examples
    --------
    >>> street_key("1200 North Main Street, Suite 300")
    '1200 N MAIN ST'
    >>> street_key("1200 N. Main St. 3rd Floor") == street_key("1200 N Main St #3")
    True
    >>> street_key("- - -")
    ''
    """
    kinds = street_words()
    words = _directions(_standard(_words(_line(street)), kinds["suffix"]), kinds)
    words = _without_unit(_phrases(words, kinds["name"]), kinds)
    return " ".join(_standard(words, kinds["number"]))


def _line(street: str) -> str:
    """The part between commas that carries the house number; a post-office box is no place.

    A direction behind a comma (`10th Street, West`) belongs to the street.
    """
    text = NUMBER_ALONE.sub(r"\1 ", MANY_NUMBERS.sub(r"\1", street))
    parts = [part for part in text.split(",") if part.strip() and not PO_BOX.match(part)]
    numbered = [place for place, part in enumerate(parts) if HOUSE_NUMBER.match(part)]
    place = (numbered or [0])[0]
    after = [part for part in parts[place + 1 : place + 2] if part.strip().upper() in street_words()["direction"]]
    return " ".join([*parts[place : place + 1], *after])


def _words(street: str) -> list[str]:
    text = unicodedata.normalize("NFKD", street).encode("ascii", "ignore").decode().upper()
    text = re.sub(r"[.']", "", text).replace("&", " AND ").replace("#", " # ")
    return re.findall(r"#|[A-Z0-9]+", re.sub(r"(?<=\d)-(?=[A-Z]\b)", "", text))


def _standard(words: list[str], table: dict[str, str]) -> list[str]:
    return [table.get(word, word) for word in words]


def _directions(words: list[str], kinds: dict[str, dict[str, str]]) -> list[str]:
    """Directions shortened, but where one is the whole name: `12 NORTH ST` is not `12 N ST`."""
    is_name = len(words) == 3 and words[2] in kinds["suffix"].values()
    return words if is_name else _standard(words, kinds["direction"])


def _phrases(words: list[str], table: dict[str, str]) -> list[str]:
    text = f" {' '.join(words)} "
    for phrase, short in table.items():
        text = text.replace(f" {phrase} ", f" {short} ")
    return text.split()


def _without_unit(words: list[str], kinds: dict[str, dict[str, str]]) -> list[str]:
    for place in range(2, len(words)):
        word, follower = words[place], "".join(words[place + 1 : place + 2])
        if word not in kinds["unit"] and word != "#":
            continue
        if place > 2 and (ORDINAL.fullmatch(words[place - 1]) or words[place - 1] in kinds["level"]):
            return words[: place - 1]
        if word in ALWAYS_UNIT or not follower or UNIT_NUMBER.fullmatch(follower):
            return words[:place]
    return words


def street_keys(streets: pd.Series) -> pd.Series:
    """`street_key` of each row; empty text where the street is missing."""
    return each(streets, street_key)


def zip_codes(zips: pd.Series) -> pd.Series:
    """Five-digit ZIP codes: ZIP+4 cut, zeros that a spreadsheet dropped put back; empty where it is none.

    Examples
    --------
    >>> zip_codes(pd.Series(["7102", "80218-1234", "80218.0", None, "n/a"])).tolist()
    ['07102', '80218', '80218', '', '']
    """
    return each(zips, _zip_code)


@lru_cache(maxsize=STREETS)
def _zip_code(text: str) -> str:
    match = ZIP.fullmatch(text.strip())
    return match[1].zfill(5) if match else ""


def address_keys(table: pd.DataFrame) -> pd.Series:
    """Street key and ZIP code of each row (`street`, `zip`), joined; empty where either is missing.

    Examples
    --------
    >>> address_keys(pd.DataFrame({"street": ["9 Elm Avenue", ""], "zip": ["7102", "07102"]})).tolist()
    ['9 ELM AVE|07102', '']
    """
    street, zip_code = street_keys(table["street"]), zip_codes(table["zip"])
    return (street + "|" + zip_code).where((street != "") & (zip_code != ""), "")
