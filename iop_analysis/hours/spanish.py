"""Spanish ways of writing days and times that are no words of their own: `L-V`, `LMMJV`, `8 de la mañana`, `9-21 h`."""

from __future__ import annotations

import re

NAMES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
# How a day begins; `m` is Tuesday unless it follows another one, as in L, M, M, J, V.
_DAYS = dict(zip("lmxjvsd", NAMES, strict=True)) | {"w": "miércoles", "mi": "miércoles"}
_DAYS |= {"lu": "lunes", "ma": "martes", "ju": "jueves", "vi": "viernes", "sa": "sábado", "do": "domingo"}
_LETTER = "(?:lu|ma|mi|ju|vi|sa|do|[lmxwjvsd])"
_JOIN = r"(?:\s?(?:[-,/&+]|,\s?y\s|,?\sy\s|\sal?\s)\s?)"
_GLUED = re.compile(r"\bl(?:ma?)?(?:mi|[mxw])j?v\b|\blmmj\b", re.IGNORECASE)
_LIST = re.compile(
    rf"(?<![\w'.]){_LETTER}(?:{_JOIN}{_LETTER})++\b\.?(?=[\s:,-]{{0,3}}(?:de\s|desde\s)?(?:las\s)?(?:\d|cerrad|con\s|por\s|s[oó]lo\s)|\s?(?:[;\n|)]|\Z))",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?<![\w'./])(?<!\d\s){_LETTER}\b\.?(?=[\s:,-]{{0,3}}(?:de\s)?(?:\d|cerrad|con\scita|por\scita))", re.IGNORECASE
)
_PART, _ONLY_SPANISH = re.compile(_LETTER, re.IGNORECASE), frozenset(("l", "lu", "mi", "x", "j", "ju", "v", "vi"))
# What no Spanish text about days lacks, in small letters: cheap to look for.
_LETTER_ALONE = re.compile(r"[lmjv](?<!\w.)(?:(?:(?<!m)[ui]?|(?<=m)i)(?![a-z])|(?<=l)[mx])")
_STEMS = re.compile("lun|mar|mi[eé]|jue|vie|s[aá]b|dom|d[ií]a|hora|noche")
_EVIDENCE = re.compile(
    r"\b(?:lun(?:es)?|martes|mi[eé](?:r(?:coles)?)?|jue(?:ves)?|vie(?:rnes)?|s[aá]b(?:ado)?s?|dom(?:ingo)?s?)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\b(?:d[ií]as?|horas|noche|tarde|ma[ñn]ana)\b", re.IGNORECASE)
# Parts of the day behind an hour, noon and midnight, in one walk: the name of what is found is written instead.
_BEHIND_HOUR = r"\s?(?:de|por|en)\sla\s"
_HALVES = re.compile(
    rf"(?<=\b12)(?P<minutes>(?::00)?)\s?m\b\.?(?:\s?d\b\.?)?"
    rf"|(?<=\d)(?:\s?(?P<half>[ap])\.?\s?m\b\.?|(?P<am>{_BEHIND_HOUR}ma[ñn]ana\b)|(?P<pm>{_BEHIND_HOUR}(?:tarde|noche)\b))"
    rf"|(?P<midnight>\b12(?::00)?{_BEHIND_HOUR}noche\b|\bmedia\s?noche\b)"
    r"|(?P<noon>\b(?:12(?::00)?\s?(?:del?\s)?)?medio\s?d[ií]a\b)"
    r"|(?:(?<=:\d\d)|(?<=\ba\s\d\d)|(?<=-\d\d))\s?(?:hs?|hrs|horas)\b\.?|(?<!24)(?<=\d)\s?hs?\b\.?"
    r"|(?P<martes>\bmar\b\.?(?!\s?\d{1,2}\b(?!\s?[ap:-])))",
    re.IGNORECASE,
)
_WRITTEN = {"am": " am", "pm": " pm", "noon": "noon", "midnight": "midnight", "martes": "martes"}


def may_be_spanish(low: str) -> bool:
    """Whether anything of a text in small letters could be a Spanish day.

    Examples
    --------
    >>> may_be_spanish("l-v 8-5"), may_be_spanish("mon-fri 8am-5pm")
    (True, False)
    """
    return bool(_STEMS.search(low) or _LETTER_ALONE.search(low))


def spelled_out(text: str) -> str:
    """A text with Spanish letters for days and parts of the day spelled out; others as they are.

    Examples
    --------
    >>> spelled_out("L-V 8-5; S 9-1"), spelled_out("martes de 6 a 9 de la noche"), spelled_out("M-F 8-5")
    ('lunes-viernes 8-5; sábado 9-1', 'martes de 6 a 9 pm', 'M-F 8-5')
    """
    text = _LIST.sub(_list, _GLUED.sub(_glued, text))
    named = _EVIDENCE.search(text)
    if not named and not _WORDS.search(text):
        return text
    text = _HALVES.sub(_half, text)
    if not named:
        return text
    text = _LIST.sub(lambda found: _names([part.lower() for part in _PART.findall(found[0])], found[0]), text)
    return _ALONE.sub(lambda found: _DAYS[found[0].lower().rstrip(".")], text)


def _half(found: re.Match[str]) -> str:
    kind = found.lastgroup
    if kind == "half":
        return f" {found[kind]}m"
    return f"{found[kind]} pm" if kind == "minutes" else _WRITTEN[kind] if kind else ""


def _list(found: re.Match[str]) -> str:
    letters = [part.lower() for part in _PART.findall(found[0])]
    return found[0] if _ONLY_SPANISH.isdisjoint(letters) else _names(letters, found[0])


def _names(letters: list[str], written: str) -> str:
    """A list of letters as names of days."""
    twice, names, seen = letters.count("m") > 1, [], False
    for one in letters:
        names.append("miércoles" if one == "m" and twice and seen else _DAYS[one])
        seen = seen or one == "m"
    spelled = iter(names)
    return _PART.sub(lambda _: next(spelled), written)


def _glued(found: re.Match[str]) -> str:
    return ", ".join(_PART.findall(found[0]))
