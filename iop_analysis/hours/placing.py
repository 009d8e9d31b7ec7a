"""Clauses become days: later ones refine earlier ones of the same label, closed days and breaks are taken away."""

from __future__ import annotations

from dataclasses import dataclass, field

from iop_analysis.hours.clauses import AROUND, EVERY_DAY, Clause
from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.week import Day, merge
from iop_analysis.hours.words import SCOPES

Span = tuple[int, int]


@dataclass(slots=True)
class Group:
    """Spans of the seven days under one label, and the days of the clause that set each of them."""

    spans: list[tuple[Span, ...]] = field(default_factory=lambda: [()] * 7)
    owners: list[tuple[int, ...]] = field(default_factory=lambda: [()] * 7)

    def days(self) -> tuple[Day, ...]:
        """The seven days; what goes on past midnight belongs to the next one."""
        days = list(self.spans)
        for number, spans in enumerate(self.spans):
            for opens, closes in spans:
                if closes > WHOLE_DAY:
                    later = (number + 1) % 7
                    days[number] = *[one for one in days[number] if one != (opens, closes)], (opens, WHOLE_DAY)
                    days[later] = *days[later], (0, closes - WHOLE_DAY)
        return tuple([merge(day) if len(day) > 1 else day for day in days])


Label = tuple[str, str]


def place(clauses: list[Clause] | tuple[Clause, ...]) -> tuple[dict[Label, Group], list[Clause]]:
    """Groups by scope and label, and the clauses that contradict others and are left out."""
    groups: dict[Label, Group] = {}
    left: list[Clause] = []
    opened = [clause for clause in clauses if clause.does in ("open", "instead")]
    if len(opened) > 2:  # what is said twice counts once
        opened = list({one[:5]: one for one in opened}.values())
    labels: set[str] = set()
    if AROUND in [one.spans for one in opened]:
        labels = {one.label for one in opened if one.scope != "phone" and one.spans != AROUND}
    for clause in opened:
        if _contradicts(clause, labels) or not _open(groups.setdefault((clause.scope, clause.label), Group()), clause):
            left.append(clause)
    for clause in clauses:
        if clause.does == "closed":
            if not all(_close(group, clause) for group in _meant(groups, clause)):
                left.append(clause)
        elif clause.does == "break" and not any(_pause(group, clause) for group in _meant(groups, clause)):
            left.append(clause)
    return {label: group for label, group in groups.items() if any(group.spans)}, left


def _contradicts(clause: Clause, labels: set[str]) -> bool:
    """Whether `24 hours` stands beside weekly hours of the same label, or is said of a service on call beside any."""
    if clause.spans != AROUND or clause.days != EVERY_DAY or clause.scope == "phone" or not labels:
        return False
    return clause.label in labels or bool(SCOPES["standby"].search(clause.label.lower()))


def _open(group: Group, clause: Clause) -> bool:
    """Open the days of a clause; False, with nothing changed, where it contradicts what is there."""
    spans = group.spans.copy()
    for day in clause.days:
        joined = _joined(spans[day], group.owners[day], clause) if spans[day] else clause.spans
        if joined is None:
            return False
        spans[day] = joined
    group.spans = spans
    for day in clause.days:
        group.owners[day] = clause.days
    return True


def _joined(old: tuple[Span, ...], owner: tuple[int, ...], clause: Clause) -> tuple[Span, ...] | None:
    """Spans of a day once a further clause is read: side by side where they lie apart, else the finer clause alone.

    None where the clauses contradict each other: neither is about fewer days, and the later one opens less.
    """
    new = clause.spans
    if clause.does == "instead":
        return new
    if all(last <= opens or closes <= first for first, last in new for opens, closes in old):
        return old + new
    covers = all(any(first <= opens and closes <= last for first, last in new) for opens, closes in old)
    return new if covers or set(clause.days) < set(owner) else None


def _meant(groups: dict[Label, Group], clause: Clause) -> list[Group]:
    """The groups that a closing or break is about: those of its label, or all where it has none of its own."""
    own = [group for (_, label), group in groups.items() if label == clause.label]
    return own or list(groups.values())


def _close(group: Group, clause: Clause) -> bool:
    """Close days that another clause opened among others; False where a clause opened just these."""
    for day in clause.days:
        if group.spans[day] and set(group.owners[day]) <= set(clause.days):
            return False
        group.spans[day] = ()
    return True


def _pause(group: Group, clause: Clause) -> bool:
    """Take a break out of the days that are open around it; False where no day is."""
    found = False
    for day in clause.days or EVERY_DAY:
        for opens, closes in clause.spans:
            found = found or _is_between(group.spans[day], opens, closes)
            for span in group.spans[day]:
                if span[0] <= opens and closes <= span[1] and span != (opens, closes):
                    rest = [one for one in group.spans[day] if one != span]
                    parts = [part for part in ((span[0], opens), (closes, span[1])) if part[0] < part[1]]
                    group.spans[day] = (*rest, *parts)
                    found = True
    return found


def _is_between(spans: tuple[Span, ...], opens: int, closes: int) -> bool:
    """Whether a break lies between the spans of a day already: 9-12, 1-5, closed 12-1."""
    before, after = any(last <= opens for _, last in spans), any(first >= closes for first, _ in spans)
    return before and after and all(last <= opens or first >= closes for first, last in spans)
