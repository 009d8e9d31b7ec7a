"""What a program's own page says of when its IOP meets: sessions with their exact words, evening and weekend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iop_analysis.hours.prose_facts import Facts, facts
from iop_analysis.hours.prose_sessions import EVENING, Session, sessions
from iop_analysis.hours.prose_text import Block, blocks
from iop_analysis.hours.prose_voice import Manner
from iop_analysis.hours.week import DAYS

WEEKEND = {5, 6}


@dataclass(frozen=True)
class Page:
    """What a page says of its own IOP.

    Parameters
    ----------
    iop_evening
        `yes` where a session on a weekday has an hour or more after 18:00, `said_without_clock` where the page says
        evening and no clock shows it, `no` where every session told has a clock and none is in the evening, else
        `not_stated`.
    iop_weekend
        `yes`, `no` or `not_stated`.
    sessions
        One entry a track and span.
    evening_quote
        The words that say evening.
    manner
        Whether the page speaks of itself, of a kind of program, or of many programs.
    """

    iop_evening: str
    iop_weekend: str
    sessions: tuple[Session, ...]
    manner: Manner
    evening_quote: str = ""


def read_text(text: str) -> Page:
    r"""Read a page that is plain text.

    Examples
    --------
    >>> page = read_text("Evening IOP\nOur groups meet Mon, Wed and Thu, 6-9 p.m.")
    >>> page.iop_evening, page.sessions[0].days, page.sessions[0].quote
    ('yes', (0, 2, 3), 'Our groups meet Mon, Wed and Thu, 6-9 p.m.')
    """
    return read_blocks(blocks(text))


def read_blocks(page: Iterable[Block], title: str = "", article: bool = False) -> Page:
    """Read a page whose headings are known.

    Parameters
    ----------
    page
        Its visible text.
    title
        What the page is called where no heading says it; it names the level of care and is never quoted.
    article
        Whether it stands among articles: then only what it says of the writer's own program counts.
    """
    found = facts(page, title, article)
    told = sessions(found.found)
    evening, quote = _evening(told, found)
    if evening == "not_stated" and not _says_evening(told, found):
        told = [one for one in told if one.opens is not None or "evening" not in one.part]
    return Page(evening, _weekend(told, found), tuple(told), found.manner, quote)


def day_names(days: Iterable[int]) -> str:
    """`Mo,We` for days 0 and 2."""
    return ",".join(DAYS[day] for day in days)


def _evening(told: list[Session], found: Facts) -> tuple[str, str]:
    clocked = [one for one in told if one.opens is not None]
    late = [one for one in clocked if _is_late(one) and (not one.days or set(one.days) - WEEKEND)]
    if late:
        return "yes", late[0].quote
    said = [one for one in told if "evening" in one.part and not _is_early(one)]
    if said and _says_evening(said, found):
        return "said_without_clock", said[0].quote
    whole = all(one.opens is not None and (one.closes is not None or one.lasts) for one in told)
    if clocked and whole and not found.unclear and not found.more:
        return "no", ""
    return "not_stated", ""


def _is_late(one: Session) -> bool:
    assert one.opens is not None
    closes = one.closes if one.closes is not None else one.opens + one.lasts
    return closes - max(one.opens, EVENING) >= 60


def _is_early(one: Session) -> bool:
    """Whether a clock shows that what is called evening is none: 15:30 to 18:30."""
    return one.opens is not None and (one.closes is not None or one.lasts > 0)


def _says_evening(said: list[Session], found: Facts) -> bool:
    """Whether the page itself says evening: a heading alone does not where the page speaks of IOPs at large."""
    quotes = {one.quote for one in said}
    facts_of = [one for one in found.found if one.quote in quotes and "evening" in one.parts]
    if any(not one.heading for one in facts_of):
        return True
    return not found.gone and (found.manner.owned or not (found.general or found.manner.article))


def _weekend(told: list[Session], found: Facts) -> str:
    weekend = [one for one in found.found if one.kind == "D" and set(one.days) & WEEKEND]
    if any(set(one.days) & WEEKEND for one in told) or weekend:
        return "yes"
    if found.no_weekend or (told and all(one.days for one in told) and not found.more):
        return "no"
    return "not_stated"
