"""The patterns with which a program's own words are read, from the catalog."""

from __future__ import annotations

import re
import tomllib

from iop_analysis import catalog

_LETTER_FIRST = re.compile(r"[a-z](?![?*+{])")


def _read() -> dict[str, dict[str, list[str]]]:
    with (catalog.FOLDER / "hours" / "prose.toml").open("rb") as handle:
        return tomllib.load(handle)


def _any_of(pieces: list[str]) -> str:
    """The pieces joined with `|`, those of one first letter together: few are then tried at a place."""
    groups: dict[str, list[str]] = {}
    for piece in pieces:
        letter = piece[0] if _LETTER_FIRST.match(piece) else ""
        groups.setdefault(letter, []).append(piece[len(letter) :])
    rest = groups.pop("", [])
    return "|".join([*rest, *(f"{letter}(?:{'|'.join(some)})" for letter, some in groups.items())])


def whole(pieces: list[str]) -> str:
    """A pattern for any of the pieces as whole words."""
    return rf"(?<![a-z0-9])(?:{_any_of(pieces)})(?![a-z0-9])"


def _pattern(name: str, part: str = "words") -> re.Pattern[str]:
    return re.compile(whole(_TABLES[name][part]))


def _named(tables: dict[str, list[str]]) -> re.Pattern[str]:
    """One pattern for several lists; the name of the group that matched is the list's key."""
    return re.compile(
        r"(?<![a-z0-9])(?:" + "|".join(f"(?P<{key}>{_any_of(one)})" for key, one in tables.items()) + ")(?![a-z0-9])"
    )


_TABLES = _read()
LEVELS = _named(_TABLES["levels"])
PARTS = _named(_TABLES["parts"])
POPULATIONS = _named(_TABLES["population"])
MODES = _named(_TABLES["mode"])
COMPARED = re.compile(rf"{whole(_TABLES['compare']['words'])}[\s(\"']*\Z")
ELSEWHERE, MEETING, BARE = _pattern("elsewhere"), _pattern("meeting"), _pattern("meeting", "bare")
FOLLOWS = re.compile(rf"\s(?:(?:{'|'.join(_TABLES['follows']['words'])})(?![a-z0-9])|[^a-z])|[^\sa-z]|\Z")
MEMBERS, OUTSIDERS, THINGS = (
    re.compile(rf"(?:'s)?\s{whole(_TABLES['people'][name])}") for name in ("members", "outsiders", "things")
)
KIN_OF = re.compile(rf"{whole(_TABLES['people']['kin'])} (?:and \w+ )?(?:of|whose)[^.;]{{0,40}}\Z")
SUBJECTS, SUBJECT_VERBS = _pattern("subject"), _pattern("subject", "verbs")
SEASON, MORE = _pattern("season"), _pattern("more")
IRREGULAR = re.compile(rf"{whole(_TABLES['irregular']['words'])}\s*\Z")
NOT_ON = re.compile(rf"{whole(_TABLES['irregular']['no'])}\s*\Z")
VOICES = {name: re.compile(whole(pieces)) for name, pieces in _TABLES["voice"].items()}
ARTICLE = re.compile(rf"[^a-z0-9¿]*{whole(_TABLES['voice']['article'])}")
ASIDE = re.compile(rf"[^a-z?]*(?:[a-z'&]+ ){{0,2}}{whole(_TABLES['voice']['aside'])}(?: [a-z]+){{0,2}}[^a-z?]*")
OWN_HOURS = _pattern("hours", "program")
BARE_HOURS = re.compile(rf"\W*(?:{'|'.join(_TABLES['hours']['bare'])})(?![a-z])")
CLOCKS = {name: f"(?:{'|'.join(pieces)})" for name, pieces in _TABLES["clocks"].items()}


def holds(low: str, words: tuple[str, ...]) -> bool:
    """Whether a text holds any of some pieces of words; told much sooner than where they stand."""
    for word in words:  # noqa: SIM110  a loop takes half of the time of any()
        if word in low:
            return True
    return False
