"""What a regular expression says of the texts it can be found in, without running it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined] # the parser of `re` has no public name
from re import _parser as parser  # type: ignore[attr-defined] # as above
from typing import Any

from sentinel.detect.values import fold

SHORTEST = 3  # characters that a literal needs to be worth searching for
ENOUGH = 200  # characters that are searched for at most
LARGEST = 2_000  # states of an expression that Hyperscan is given
MOST = 64  # alternatives that are still searched for one by one

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

# What `re` or Hyperscan read as something else than `regex` does: braces that are no count (fuzzy
# ones among them), counts without a lower bound, classes by name; a NUL ends what Hyperscan reads.
_READ_OTHERWISE = re.compile(r"(?<!\\)(?:\\\\)*\{(?!\d+(,\d*)?\})|\[[:.=]|\0", re.ASCII)
# Escapes that all three read alike in ASCII texts: classes, word ends, controls, punctuation.
_ESCAPES = re.compile(r"\\(?:[dDwWsSbBtnrf]|x[0-9a-fA-F]{2}|[^0-9A-Za-z])|[^\\]", re.DOTALL)

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

Texts = frozenset[str]
Items = Sequence[tuple[Any, Any]]


@lru_cache(maxsize=4096)
def required(pattern: str, flags: str = "") -> Texts:
    """Folded texts of which every ASCII text that the expression is found in contains one.

    Empty where nothing is known: then any text may do. Case is left out of it, so the texts must
    be searched for in folded values.
    """
    parsed = _parse(pattern, flags)
    return frozenset() if parsed is None else _best(_sequence(parsed))


@lru_cache(maxsize=4096)
def scannable(pattern: str, flags: str = "") -> bool:
    """Say whether Hyperscan may stand for the expression on ASCII texts, and at what cost.

    False where it might read it otherwise, or where its counts would make a huge automaton.
    """
    if not pattern.isascii() or not _only(_ESCAPES, pattern):
        return False
    return 0 < states(pattern, flags) <= LARGEST


@lru_cache(maxsize=4096)
def states(pattern: str, flags: str = "") -> int:
    """Roughly how large an automaton of the expression is; 0 where that is not known."""
    parsed = _parse(pattern, flags)
    return 0 if parsed is None else 1 + _size(parsed)


def _parse(pattern: str, flags: str) -> Items | None:
    """The expression as `re` reads it; None where it and `regex` may differ."""
    if _READ_OTHERWISE.search(pattern):
        return None
    options = 0
    for letter in flags:
        options |= _FLAGS[letter]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read: Items = parser.parse(pattern, options).data
    except (re.error, RecursionError, OverflowError):
        return None  # `regex` knows more than `re`; what only it can read is not looked into
    return read


def _only(allowed: re.Pattern[str], pattern: str) -> bool:
    at = 0
    while at < len(pattern):
        found = allowed.match(pattern, at)
        if found is None:
            return False
        at = found.end()
    return True


def _size(items: Items) -> int:
    """Roughly how many states the expression has, its counts written out."""
    total = 0
    for kind, value in items:
        if kind in _REPEATS:
            low, high, inner = value
            times = low + 1 if high == op.MAXREPEAT else high
            total += max(times, 1) * _size(inner.data)
        else:
            total += 1 + sum(_size(each.data) for each in _inside(kind, value))
    return total


def _inside(kind: Any, value: Any) -> Sequence[Any]:  # noqa: ANN401 - the parser's own tuples
    """The expressions within one part of an expression, without those that a count repeats."""
    if kind is op.BRANCH:
        return list(value[1])
    if kind in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT):
        return [value[-1]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind is op.GROUPREF_EXISTS:
        return [each for each in value[1:] if each is not None]
    return []


def _sequence(items: Items) -> list[Texts]:
    """What each of the sequence's parts requires; letters that stand together are one text."""
    found: list[Texts] = []
    run = ""
    for kind, value in items:
        if kind is op.LITERAL and 0 < value < 128 and len(run) < ENOUGH:  # noqa: PLR2004 - ASCII
            run += chr(value)
            continue
        if run:
            found.append(frozenset((fold(run),)))
            run = ""
        found += _part(kind, value)
    if run:
        found.append(frozenset((fold(run),)))
    return found


def _part(kind: Any, value: Any) -> list[Texts]:  # noqa: ANN401 - the parser's own tuples
    if kind is op.SUBPATTERN:
        return _sequence(value[-1].data)
    if kind in _REPEATS and value[0] >= 1:
        return _sequence(value[2].data)
    if kind is op.ATOMIC_GROUP:
        return _sequence(value.data)
    if kind is op.BRANCH:
        return _branch([_best(_sequence(branch.data)) for branch in value[1]])
    return []


def _branch(branches: Sequence[Texts]) -> list[Texts]:
    if not all(branches):
        return []
    together = frozenset().union(*branches)
    return [together] if len(together) <= MOST else []


def _best(parts: Sequence[Texts]) -> Texts:
    """The part whose shortest text is longest; nothing where all are too short."""
    long = [part for part in parts if min(map(len, part)) >= SHORTEST]
    return max(long, key=lambda part: (min(map(len, part)), -len(part)), default=frozenset())
