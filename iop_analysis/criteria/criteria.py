"""Criteria: a boolean expression over answers and weeks becomes True, False or unknown for each facility."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.catalog.service_codes import known_code
from iop_analysis.criteria import hours_tests, service_codes
from iop_analysis.errors import CallError

# A nullable boolean array: its `&`, `|` and `~` are Kleene's.
Kleene = Any
MAX_LENGTH = 2000
UNKNOWN_KINDS = hours_tests.UNKNOWN_KINDS
KIND_OF_ANSWER = np.array([hours_tests.KIND.get(one, hours_tests.KNOWN) for one in answers.ANSWERS], dtype=np.int8)


@dataclass(frozen=True)
class Atom:
    """One question of a criterion: a column of answers, or an hours test with its arguments."""

    name: str
    arguments: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """The atom as one would write it."""
        inside = ", ".join(f"{key}={value!r}" if key else repr(value) for key, value in self.arguments)
        return f"{self.name}({inside})" if inside else self.name


Tree = tuple[Any, ...]


@dataclass(frozen=True)
class Criterion:
    """A parsed criterion: its text, its tree of `and`, `or`, `not`, `atom` and its atoms in order of appearance."""

    text: str
    tree: Tree
    atoms: tuple[Atom, ...]


@dataclass(frozen=True)
class Evaluation:
    """A criterion over a table: `result` (True, False, NA), `complete` (every atom known), `kind` of each unknown."""

    result: pd.Series
    complete: pd.Series
    kind: pd.Series


def words() -> dict[str, str]:
    """Every word that a criterion may use for a column of answers, with the column: `iop` and `offers_iop`.

    A word that is a named criterion (`evening_iop`) is that, and its column goes by its whole name.
    """
    variables, named = catalog.variables(), catalog.personas()
    short = {variables[name].word: name for name in catalog.answer_variables() if variables[name].word not in named}
    return short | {name: name for name in catalog.answer_variables()}


def parse(text: str) -> Criterion:
    """Parse a criterion.

    Parameters
    ----------
    text
        Words joined by `&`, `|`, `~` and brackets. A word is a column without its verb (`iop`, `medicaid`), the
        full column, a named criterion of the catalog (`iop_any`, `has_medicaid`), `all`, `code('MOTI')` for a service
        code of the publisher that is no word, or an hours test:
        `evening(after='18:00', minutes=60, days=1)`, `weekend()`, `sessions(n=3, minutes=180, after='17:30')`.

    Raises
    ------
    CallError
        The text is not such an expression, or a word is unknown: the nearest known ones are named.

    Examples
    --------
    >>> [str(atom) for atom in parse("iop & evening(after='19:00') & (medicaid | sliding_fee)").atoms][1]
    "evening(after='19:00')"
    """
    try:
        tree = _parse(text, ())
        return Criterion(text, tree, tuple(dict.fromkeys(_atoms(tree))))
    except RecursionError as error:
        raise CallError(
            f"The criterion {text[:80]!r} … is nested too deeply; name its parts in fewer words."
        ) from error


def _parse(text: str, inside: tuple[str, ...]) -> Tree:
    try:
        if len(text) > MAX_LENGTH:
            raise SyntaxError("too long")
        if "#" in text:  # Python would pass over what stands behind it
            raise SyntaxError("no comments")
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CallError(f"The criterion {text[:80]!r} cannot be read: join words with & | ~ and brackets.") from error
    return _tree(body, text, inside)


def _tree(node: ast.expr, text: str, inside: tuple[str, ...]) -> Tree:
    match node:
        case ast.BinOp(left, ast.BitAnd(), right):
            return ("and", _tree(left, text, inside), _tree(right, text, inside))
        case ast.BinOp(left, ast.BitOr(), right):
            return ("or", _tree(left, text, inside), _tree(right, text, inside))
        case ast.UnaryOp(ast.Invert(), operand):
            return ("not", _tree(operand, text, inside))
        case ast.Name(name):
            return _word(name, inside)
        case ast.Call(ast.Name(name), [], keywords) if name in hours_tests.TESTS:
            return ("atom", Atom(name, _arguments(name, keywords)))
        case ast.Call(ast.Name(name)) if name in hours_tests.TESTS:
            raise CallError(f"Write the arguments of {name} by name, as in {hours_tests.EXAMPLES[name]}.")
        case ast.Call(ast.Name(service_codes.TEST), [ast.Constant(str(code))], []):
            return ("atom", Atom(service_codes.TEST, (("", known_code(code)),)))
        case ast.Call(ast.Name(service_codes.TEST)):
            raise CallError("Write a publisher's service code in quotes, as in code('MOTI').")
        case ast.Call(ast.Name(name)):
            tests = ", ".join((*hours_tests.TESTS, service_codes.TEST))
            raise CallError(f"There is no test {name!r}; the tests are {tests}.")
    raise CallError(
        f"The criterion {text!r} holds {ast.unparse(node)!r}, which is no word of a criterion; "
        "join words with & | ~ and brackets."
    )


def _word(name: str, inside: tuple[str, ...]) -> Tree:
    if name == "all":
        return ("all",)
    if name in hours_tests.TESTS:
        return ("atom", Atom(name))
    if name in words():
        return ("atom", Atom(words()[name]))
    if name in catalog.personas() and name not in inside:
        return _parse(catalog.personas()[name].criterion, (*inside, name))
    known = list(dict.fromkeys([*words(), *catalog.personas(), *hours_tests.TESTS]))
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)[:3]
    raise CallError(f"There is no word {name!r} in criteria; did you mean {' or '.join(near)}?")


def _arguments(name: str, keywords: list[ast.keyword]) -> tuple[tuple[str, Any], ...]:
    given = {}
    for keyword in keywords:
        if keyword.arg not in hours_tests.DEFAULTS[name] or not isinstance(keyword.value, ast.Constant):
            allowed = ", ".join(hours_tests.DEFAULTS[name])
            raise CallError(f"{name} takes {allowed} with plain values, as in {hours_tests.EXAMPLES[name]}.")
        given[keyword.arg] = keyword.value.value
    hours_tests.check(name, given)
    return tuple(given.items())


def _atoms(tree: Tree) -> list[Atom]:
    if tree[0] == "atom":
        return [tree[1]]
    return [atom for branch in tree[1:] for atom in _atoms(branch)]


def assuming(criterion: Criterion, atoms: set[Atom]) -> Criterion:
    """The criterion as it would be if some of its atoms were true everywhere."""
    tree = _assumed(criterion.tree, atoms)
    return Criterion(criterion.text, tree, tuple(dict.fromkeys(_atoms(tree))))


def _assumed(tree: Tree, atoms: set[Atom]) -> Tree:
    if tree[0] == "atom":
        return ("all",) if tree[1] in atoms else tree
    return (tree[0], *(_assumed(branch, atoms) for branch in tree[1:]))


def evaluate(
    criterion: str | Criterion,
    facilities: pd.DataFrame,
    hours: pd.DataFrame,
    asked: dict[Atom, tuple[Kleene, hours_tests.Kinds]] | None = None,
) -> Evaluation:
    """Evaluate a criterion for each facility in Kleene logic: unknown stays unknown unless another word decides.

    Parameters
    ----------
    criterion
        Text or a parsed criterion.
    facilities
        Canonical facilities, one row each.
    hours
        Canonical hours rows of these facilities; rows of other facilities are ignored.
    asked
        Atoms already asked of these same tables; new ones are added, so that many criteria ask each atom once.

    Returns
    -------
    Evaluation
        Three columns on the index of `facilities`: `result` (nullable boolean), `complete` (every atom is known)
        and `kind` (why an unknown is unknown: the first of `UNKNOWN_KINDS` among its unknown atoms; else empty).
    """
    parsed = parse(criterion) if isinstance(criterion, str) else criterion
    memory = {} if asked is None else asked
    for atom in parsed.atoms:
        if atom not in memory:
            memory[atom] = _ask(atom, facilities, hours)
    known = {atom: memory[atom] for atom in parsed.atoms}
    result = _combine(parsed.tree, lambda atom: known[atom][0], len(facilities))
    complete = np.ones(len(facilities), dtype=bool)
    kind = np.full(len(facilities), hours_tests.KNOWN, dtype=np.int8)
    for value, kinds in known.values():
        complete &= ~value.isna()
        kind = np.minimum(kind, kinds)
    kind = np.where(result.isna(), kind, hours_tests.KNOWN)
    names = pd.Categorical.from_codes(kind.tolist(), pd.Index([*UNKNOWN_KINDS, ""]))
    index = facilities.index
    return Evaluation(pd.Series(result, index=index), pd.Series(complete, index=index), pd.Series(names, index=index))


def _ask(atom: Atom, facilities: pd.DataFrame, hours: pd.DataFrame) -> tuple[Kleene, hours_tests.Kinds]:
    if atom.name in hours_tests.TESTS:
        return hours_tests.ask(atom.name, dict(atom.arguments), facilities, hours)
    is_code = atom.name == service_codes.TEST
    column = service_codes.ask(atom.arguments[0][1], facilities) if is_code else facilities[atom.name]
    codes = column.astype(answers.ANSWER_TYPE).cat.codes.to_numpy()
    return answers.to_boolean(column).array, KIND_OF_ANSWER[codes]


def _combine(tree: Tree, value: Callable[[Atom], Kleene], count: int) -> Kleene:
    match tree:
        case ("all",):
            return pd.arrays.BooleanArray(np.ones(count, dtype=bool), np.zeros(count, dtype=bool))
        case ("atom", atom):
            return value(atom)
        case ("not", branch):
            return ~_combine(branch, value, count)
        case (operator, left, right):
            first, second = _combine(left, value, count), _combine(right, value, count)
            return first & second if operator == "and" else first | second
    raise AssertionError(tree)


def cannot_say_no(criterion: str | Criterion, source: str) -> list[str]:
    """Columns of the criterion for which a source can never record a no; with one, no known share exists."""
    parsed = parse(criterion) if isinstance(criterion, str) else criterion
    asked = [atom for atom in parsed.atoms if atom.name not in hours_tests.TESTS]
    return [atom.name for atom in asked if not _can_say_no(atom, source)]


def _can_say_no(atom: Atom, source: str) -> bool:
    if atom.name == service_codes.TEST:
        return service_codes.can_say_no(atom.arguments[0][1])
    return not source or catalog.can_say_no(source, atom.name)
