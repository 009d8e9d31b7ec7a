"""Ways to spoil a file, the same ones each time: edits of JSON values, and changed, cut or repeated bytes."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    10**30,
    "",
    " ",
    "x" * 3000,
    "\ud800",
    "\u202e\x1b[31m",
    "=1+1",
    [],
    {},
    [None],
    [[]],
    {"a": None},
    [{}, None, "x"],
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with the key or number of each of its values."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def edited(document: Any, seed: int) -> Any:
    """A copy of a JSON document with one to three edits."""
    chance = random.Random(seed)
    changed = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        found = list(places(changed))
        if not found:
            return changed
        holder, key = chance.choice(found)
        edit = chance.choice(["strange", "strange", "strange", "gone", "alone", "listed", "elsewhere", "twice"])
        if edit == "strange":
            holder[key] = copy.deepcopy(chance.choice(STRANGE))
        elif edit == "gone":
            del holder[key]
        elif edit == "alone" and isinstance(holder[key], list) and holder[key]:
            holder[key] = holder[key][0]
        elif edit == "listed":
            holder[key] = [holder[key]]
        elif edit == "elsewhere":
            other, place = chance.choice(found)
            holder[key] = copy.deepcopy(other[place])
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
    return changed


def spoiled(content: bytes, seed: int) -> bytes:
    """The bytes with some flipped, cut out, repeated, or cut off."""
    chance = random.Random(seed)
    changed = bytearray(content)
    way = chance.choice(["flip", "flip", "flip", "cut out", "repeat", "cut off", "zeros"])
    start = chance.randrange(len(changed))
    length = chance.choice([1, 1, 2, 16, 300])
    if way == "flip":
        for _ in range(chance.choice([1, 1, 4, 32])):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    elif way == "cut out":
        del changed[start : start + length]
    elif way == "repeat":
        changed[start:start] = changed[start : start + length]
    elif way == "cut off":
        del changed[start:]
    else:
        changed[start : start + length] = bytes(min(length, len(changed) - start))
    return bytes(changed)
