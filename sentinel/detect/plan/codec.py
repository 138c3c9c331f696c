"""A rule set as bytes and back: the next start decodes what pySigma took seconds to read.

The bytes are JSON and nothing in them is ever run. Values are nodes; equal ones stand once. Nodes
of one shape (a class, and which of its fields hold nodes) stand together as columns, below what
they are made of:

    {"format": 1, "blocks": [[class, kinds, fields, [column, ...]], ...]}

Which classes there are, and their fields, is asked of the classes themselves. Bytes that name
another class or other fields were written by another version and are not usable.
"""

from __future__ import annotations

import gc
import json
import math
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from ipaddress import IPv4Network, IPv6Network
from itertools import chain, repeat
from types import MappingProxyType, ModuleType
from typing import Any

import orjson

from sentinel import errors
from sentinel.detect import condition, ruleset, values
from sentinel.detect.ruleset import RuleSet
from sentinel.model import rule, severity, text

FORMAT = 1

# The modules whose dataclasses and enums a rule set may be made of.
_MODULES: tuple[ModuleType, ...] = (ruleset, condition, values, rule, severity, text, errors)
_FOREIGN: Mapping[str, Callable[[str], object]] = {
    "Fraction": Fraction,
    "IPv4Network": IPv4Network,
    "IPv6Network": IPv6Network,
    # What orjson cannot write: huge and odd numbers, and halves of letters as some logs hold them.
    "number": json.loads,
    "halves": lambda digits: bytes.fromhex(digits).decode("utf-8", "surrogatepass"),
}
_LARGEST = 2**63

_VALUE = "v"  # a column of plain values
_NODES = "n"  # a column of nodes' numbers

Shape = tuple[str, str, tuple[str, ...]]
_Key = tuple[tuple[Any, ...], tuple[type, ...]]  # arguments and their types
_Column = Sequence[Any]


class NotKeepable(Exception):  # noqa: N818 - reads as the sentence it is
    """This rule set holds a value that the bytes have no words for."""


class NotUsable(Exception):  # noqa: N818 - reads as the sentence it is
    """These bytes are no rule set of this version."""


def encode(rules: RuleSet) -> bytes:
    """The rule set as bytes.

    Raises:
        NotKeepable: it holds a value of a class that is not in the table, or is nested too deep.
    """
    writer = _Writer()
    with _no_garbage():
        try:
            writer.number(rules)
        except RecursionError as cause:
            raise NotKeepable("a rule is nested too deep") from cause
        return orjson.dumps(writer.document())


def decode(data: bytes) -> RuleSet:
    """The rule set that `encode` wrote; equal to it, with caches that classes keep empty.

    Raises:
        NotUsable: another version wrote it, or nobody did.
    """
    try:
        with _no_garbage():
            root = _root(orjson.loads(data))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as cause:
        raise NotUsable(f"{type(cause).__name__}: {cause}"[:200]) from cause
    if not isinstance(root, RuleSet):
        raise NotUsable(f"this is a {type(root).__name__}")
    return root


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Look for no garbage: hundreds of thousands of new values all stay, and looking doubles it."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _root(document: Mapping[str, Any]) -> object:
    """The last node; each is made of those before it."""
    if document["format"] != FORMAT:
        raise NotUsable(f"format {document['format']}")
    nodes: list[Any] = []
    for name, kinds, names, columns in document["blocks"]:
        nodes += _read_block((name, kinds, tuple(names)), columns, nodes)
    return nodes[-1]


def _kept(cls: type) -> tuple[Field[Any], ...]:
    """The fields that are written: all but caches, which are no arguments and have a default."""
    return tuple(each for each in fields(cls) if each.init or each.default is MISSING)


def _defined() -> Iterator[type]:
    for module in _MODULES:
        for each in vars(module).values():
            if isinstance(each, type) and each.__module__ == module.__name__:
                yield each


_VALUES = {each.__name__: each for each in _defined() if is_dataclass(each)}
_NAMES = {name: tuple(each.name for each in _kept(cls)) for name, cls in _VALUES.items()}
_ENUMS = {each.__name__: each for each in _defined() if issubclass(each, Enum)}


class _Writer:
    """Gives each different value a number, children before parents."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, Shape], dict[_Key, int]] = {}
        self._levels: list[int] = []
        self._of_object: dict[int, int] = {}

    def number(self, value: object) -> int:
        """The number of this value, for now: `document` puts them into order."""
        known = self._of_object.get(id(value))
        if known is None:
            # The rule set holds on to all values that are asked for: an id stays one value's.
            known = self._of_object[id(value)] = self._new(value)
        return known

    def _new(self, value: object) -> int:
        cls = type(value)
        if _VALUES.get(cls.__name__) is cls:
            names = _NAMES[cls.__name__]
            return self._put(cls.__name__, names, [getattr(value, name) for name in names])
        if isinstance(value, Enum) and _ENUMS.get(cls.__name__) is cls:
            return self._put(cls.__name__, (), [value.name])
        if isinstance(value, tuple) and cls is tuple:
            return self._tuple(value)
        if isinstance(value, dict | MappingProxyType):
            return self._mapping(value)
        return self._put(*_written(value))

    def _mapping(self, value: Mapping[Any, object]) -> int:
        # Tuples of our own: nobody else holds on to them, so their ids are not remembered.
        keys, held = self._tuple(tuple(value)), self._tuple(tuple(value.values()))
        return self._add(("dict", "nn", ()), (keys, held), [keys, held])

    def _tuple(self, value: tuple[object, ...]) -> int:
        if all(_is_plain(each) for each in value):
            return self._add(("tuple", _VALUE, ()), value, ())
        below = tuple(self.number(each) for each in value)
        return self._add(("tuple", _NODES, ()), below, below)

    def _put(self, name: str, names: tuple[str, ...], held: Sequence[object]) -> int:
        kinds, arguments, below = "", [], []
        for each in held:
            if _is_plain(each):
                kinds += _VALUE
                arguments.append(each)
            else:
                kinds += _NODES
                below.append(self.number(each))
                arguments.append(below[-1])
        return self._add((name, kinds, names), tuple(arguments), below)

    def _add(self, shape: Shape, arguments: tuple[Any, ...], below: Sequence[Any]) -> int:
        level = 1 + max([self._levels[each] for each in below], default=0)
        known = self._shapes.setdefault((level, shape), {})
        # 1, 1.0 and True are equal, but they are not the same.
        key = (arguments, tuple(map(type, arguments)))
        number = known.get(key)
        if number is None:
            number = known[key] = len(self._levels)
            self._levels.append(level)
        return number

    def document(self) -> dict[str, object]:
        """Every node, those that others are made of before them."""
        blocks = sorted(self._shapes.items(), key=lambda block: block[0])
        order = chain.from_iterable(known.values() for _, known in blocks)
        place = {number: place for place, number in enumerate(order)}
        return {
            "format": FORMAT,
            "blocks": [[*shape, _columns(shape, known, place)] for (_, shape), known in blocks],
        }


def _written(value: object) -> tuple[str, tuple[str, ...], list[str]]:
    """A value of somebody else's class: its name and the text that makes it again."""
    name = type(value).__name__
    if isinstance(value, IPv4Network | IPv6Network | Fraction):
        return name, (), [str(value)]
    if type(value) is str:
        return "halves", (), [value.encode("utf-8", "surrogatepass").hex()]
    if type(value) in {int, float}:
        return "number", (), [json.dumps(value)]
    raise NotKeepable(f"a value of the class {type(value).__module__}.{name}")


def _columns(shape: Shape, known: Iterable[_Key], place: Mapping[int, int]) -> list[_Column]:
    """The arguments of each node of a shape, field by field; a tuple is one column of lists."""
    name, kinds, _ = shape
    rows = [arguments for arguments, _ in known]
    if name == "tuple":
        return [rows if kinds == _VALUE else [[place[each] for each in row] for row in rows]]
    return [
        list(column) if kind == _VALUE else [place[each] for each in column]
        for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)
    ]


def _is_plain(value: object) -> bool:
    """Whether JSON says it, and says it exactly."""
    if isinstance(value, str):
        return type(value) is str and (value.isascii() or _is_unicode(value))
    if isinstance(value, float):
        return math.isfinite(value) and str(value) != "-0.0"  # which is equal to 0.0
    if isinstance(value, int):
        return type(value) in {int, bool} and abs(value) < _LARGEST
    return value is None


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_block(shape: Shape, columns: Sequence[_Column], nodes: Sequence[Any]) -> Iterable[object]:
    name, kinds, names = shape
    if name == "tuple":
        (rows,) = columns
        if kinds == _VALUE:
            return map(tuple, rows)
        return [tuple([nodes[each] for each in row]) for row in rows]
    held = [
        [nodes[each] for each in column] if kind == _NODES else _shared(column)
        for kind, column in zip(kinds, columns, strict=True)
    ]
    if name in _VALUES:
        return _objects(_VALUES[name], names, held)
    if name in _ENUMS:
        return [_ENUMS[name][each] for each in held[0]]
    if name == "dict":
        keys, each = held
        return [dict(zip(*pair, strict=True)) for pair in zip(keys, each, strict=True)]
    return [_FOREIGN[name](each) for each in held[0]]


def _shared(column: _Column) -> _Column:
    """The same column; of texts that stand in it often, such as names of fields, one is enough."""
    return [sys.intern(each) if type(each) is str else each for each in column]


def _objects(cls: type, names: tuple[str, ...], columns: Sequence[_Column]) -> list[object]:
    """Make values of a class a column at a time, past its __init__: that has run before.

    With 100,000 of them this is most of a start; a loop over objects would take four times as long.
    """
    if names != _NAMES[cls.__name__]:
        raise NotUsable(f"{cls.__name__} has other fields")
    made: list[object] = list(map(object.__new__, repeat(cls, len(columns[0]))))
    for name, column in zip(names, columns, strict=True):
        if len(column) != len(made):
            raise NotUsable(f"{cls.__name__}: columns of different length")
        _fill(cls, name, made, column)
    for each in fields(cls):
        if each.name not in names:
            _fill(cls, each.name, made, repeat(each.default))
    return made


def _fill(cls: type, name: str, made: list[object], column: Iterable[object]) -> None:
    put = getattr(cls, name).__set__  # the slot itself: frozen classes refuse assignments
    deque(map(put, made, column), maxlen=0)
