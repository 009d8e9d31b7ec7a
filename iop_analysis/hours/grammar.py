"""The grammar of opening hours, over one letter a token: every kind of clause with an example of it."""

from __future__ import annotations

import re

# D days   E every day   T span   t lone time   H around the clock   C closed   X except   L lunch or break
# P by appointment   K call   V vague   v part of a day   N nth of a month   S season or date   h holiday
# b no clock shows it   d no such day   w other words   m a note   @ brackets
# , : within a sentence   ; . ¶ between sentences
WITHIN = "[wm,:@K]*+"
NEXT = "[,:@]*+"
DAY = f"[DE](?:{NEXT}[DE])?"
TIMES = f"T(?:{NEXT}T){{0,5}}"
ITS_OWN = f"(?!{NEXT}[DE](?!{WITHIN}[TtPCVNSvh]))"  # no days behind that have no other time
OWN_TIMES = f"T(?:{NEXT}T{ITS_OWN}){{0,5}}"  # the last of Mon-Fri 8-5, 5-7 Tue is Tuesday's
BEFORE = f"(?:[NSvLK]{WITHIN}){{0,3}}"
BEHIND = f"(?:{WITHIN}(?:N(?!{WITHIN}[DEv])|S(?!{WITHIN}[DET]))){{0,3}}"
LESS = f"(?:{WITHIN}X{WITHIN}D)?"
OTHER = f"(?!{WITHIN}[DE])"  # a time before a day belongs to that day
ITS_DAY = f"(?:{WITHIN}{DAY}(?!{WITHIN}T))?"
UNTIMED = f"(?!{WITHIN}T{OTHER})"
BEGIN, END = "(?<![^;.¶:])", "(?![^;.¶])"

RULES = {
    "pause": (
        f"C{WITHIN}(?:L{WITHIN})?{TIMES}(?:{NEXT}L)?{ITS_DAY}(?:{NEXT}L)?",  # closed 12-1 for lunch Mon-Fri
        f"C{WITHIN}(?:L{WITHIN})?[DE]{WITHIN}(?:L{WITHIN})?{TIMES}(?:{NEXT}L)?{OTHER}",  # closed daily for lunch 12-1
        f"(?:X{WITHIN}L|L{WITHIN}C){WITHIN}(?:{DAY}{WITHIN})?{TIMES}{ITS_DAY}",  # except lunch 12-1, Mon-Fri
        f"L{NEXT}{TIMES}{OTHER}",  # (lunch 12-1)
        f"{TIMES}{NEXT}C{NEXT}L(?!{WITHIN}T)",  # 12-1 closed for prayer
        f"{DAY}{NEXT}C{NEXT}(?:L{NEXT})?{TIMES}{OTHER}",  # Wednesday closed 12-1
        f"{DAY}{NEXT}{TIMES}{NEXT}C(?!{WITHIN}[DEhTLNSv])",  # Wednesday 12-1 closed
    ),
    "instead": (f"X{WITHIN}{DAY}{WITHIN}{TIMES}{OTHER}",),  # (9-5 weekdays) except Fri 9-3
    "start": (
        f"t{NEXT}{DAY}(?={WITHIN}(?:v{WITHIN})?[Tt])",
    ),  # (group) 10 am Mon-Fri, IOP 6-9 Wed: days of a beginning
    "until": (
        f"{DAY}{NEXT}(?:v{NEXT}|C)?t(?!{NEXT}T)|X{WITHIN}{DAY}{WITHIN}t",  # Fri until 3; except Fri when we close at 3
        f"t{NEXT}{DAY}(?!{WITHIN}[TtSN])",  # (9-5 weekdays) (3:00 pm on Fridays)
    ),
    "asked": (
        f"{DAY}{NEXT}(?:v{NEXT})?P(?!{WITHIN}T)",  # Sat by appointment
        f"[vt]{NEXT}P",  # evenings by appointment; after 5 by appointment
        f"P{NEXT}{DAY}(?!{WITHIN}[TP])",  # by appointment on Fridays
    ),
    "closed": (
        f"C{WITHIN}(?:h{NEXT}){{0,5}}[DE](?:{NEXT}h){{0,5}}{UNTIMED}(?!{NEXT}[vNSP])",  # closed Sunday and Monday
        f"X{NEXT}{DAY}{UNTIMED}",  # (daily 9-5) except Wednesday
        f"(?:h[,:@]++){{0,5}}+{DAY}(?:[,:@]++h){{0,5}}+{NEXT}C(?!{NEXT}L){UNTIMED}",  # Sunday and holidays: closed
        f"{BEGIN}{DAY}{NEXT};C{END}",  # Sunday (line) closed
    ),
    "around": (f"{BEFORE}(?:{DAY}{NEXT}H|H{NEXT}{DAY}(?!{WITHIN}T{OTHER})|H)",),  # 24/7; Mon-Sun 24 hours
    "holiday": (
        f"h(?:{NEXT}h){{0,5}}{NEXT}(?:{TIMES}{OTHER}|C(?!{WITHIN}[DEL]))",  # holidays 10-2; holidays: closed
        f"C{NEXT}h(?:{NEXT}h){{0,5}}",  # closed: holidays
        f"hw?:{NEXT}(?:{DAY}{NEXT}{TIMES}|{TIMES}{NEXT}{DAY})",  # Holiday hours: Mon-Fri 10-2
    ),
    "lines": (
        f"{BEGIN}{TIMES}(?:;{TIMES}){{1,2}}{NEXT}{DAY}",  # 8-12; 1-5, Mon-Fri
        f"{BEGIN}{DAY}{NEXT};{TIMES}[@,]*{END}",  # Monday (line) 9-5
        f"{BEGIN}(?:w[:,]*)?{TIMES}{NEXT};{DAY}{END}",  # (office) 9-5 (line) Monday
    ),
    "noon": (f"{DAY}{NEXT}{TIMES};{TIMES}{END}",),  # Mon-Fri, 8-12; 1-5
    "weekly": (
        # Mon-Fri 9-5; 1st Sat 9-12; daily except Sunday 9-5
        f"{BEFORE}(?<!d)(?<!d,){DAY}{NEXT}{OWN_TIMES}{BEHIND}",
        f"{BEFORE}(?<!d)(?<!d,){DAY}{LESS}(?:{WITHIN}[NSvPh]){{0,3}}{WITHIN}{TIMES}+{ITS_OWN}{BEHIND}",
        f"{BEFORE}{TIMES}(?:{WITHIN}[NSv]){{0,3}}{WITHIN}{DAY}(?:{LESS}(?!{WITHIN}T)|){BEHIND}"
        f"(?!{NEXT}d|{WITHIN}C(?!{WITHIN}[DEhTL]))",  # 9-5, Mon-Fri; 9-5 daily except Sunday
    ),
}
GRAMMAR = re.compile("|".join(f"(?P<{name}>{'|'.join(rules)})" for name, rules in RULES.items()))

# Brackets that hold a day or a time alone belong to the sentence: 9-5 (Mon-Fri)
PLAIN_BRACKETS = re.compile(r"\(((?<=w\()v(?=\):)|[,:]*(?:[DE][,:]*)+|[,:]*T(?:,?T)*|H,*E?|[,:]*)\)")
BRACKETS = re.compile(r"\(([^()]*+)\)?|\)")
# A list may hold two clauses: 9-5 Mon-Fri, Sat 10-2; 9-5 Mon-Fri, Sat by appointment; closed Sunday, Mon-Fri 9-5
_ITS_TIME = "T(?:,?T)*+(?![wm,:@]*[DE])"
RANGE_THEN_DAY = re.compile(rf"(?:\A|[;.¶])[wv,:@]*T(?:,?T)*[,:]*D(?=[w,:@]*(?:[CP](?![w,:@]*D)|{_ITS_TIME}))")
DAY_THEN_RANGE = re.compile(f"(?<=[CP])[,:]*D(?=[w,:@]*{_ITS_TIME})")
# Times under labels that share days: D w:T;w:T and w:T;w:T,D and, on lines, D;w:T;w:T
SHARED = re.compile("[wvL@]|[DE][,:]*;")  # what no text lacks in which any of them stands
_LABEL = "[wvL][wvL,:]*+"
_UNSHARED = "T(?![wv,:@]*+[DE](?![wv,:@]*+T))"
DAY_THEN_LABELS = re.compile(f"[DE]([,:]*+{_LABEL}T)((?:[,;]?{_LABEL}{_UNSHARED})+)")
LABELS_THEN_DAY = re.compile(
    f"(?<![^;.¶])((?:{_LABEL}T[,;]?)+){_LABEL}T[wv,:@]*+(?:[DE]|;[DE](?![^;.¶]))(?![wv,:@]*+T)"
)
_LINE = "[wvL,:]*+T[wvL,:@]*+(?![DE])"
DAY_LINES = re.compile(f"(?<![^;.¶])([DE])[,:]*+;((?:{_LINE};)*{_LINE})(?![^;.¶])")
DAY_THEN_NOTED = re.compile("[DE]([,:]*+T@)((?:[,;]?T@)+)")  # Mon-Fri 7-11 (dosing), 7-3 (counseling)
LABELLED = re.compile(f"{_LABEL}T")
