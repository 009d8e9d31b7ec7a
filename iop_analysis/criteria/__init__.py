"""Criteria: a question becomes True, False or unknown for each facility; hours tests; what respondents may be asked."""

from iop_analysis.criteria.criteria import (
    UNKNOWN_KINDS,
    Atom,
    Criterion,
    Evaluation,
    Kleene,
    Tree,
    assuming,
    cannot_say_no,
    evaluate,
    parse,
    words,
)

__all__ = [
    "UNKNOWN_KINDS",
    "Atom",
    "Criterion",
    "Evaluation",
    "Kleene",
    "Tree",
    "assuming",
    "cannot_say_no",
    "evaluate",
    "parse",
    "words",
]
