"""YAML with the place of each key, and with limits that a hostile file cannot get around.

The limits are held before anything is built: first bytes and characters, then depth on the stream
of events, then the number of values with every alias and merge written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from sentinel.documents.source import SourceText
from sentinel.errors import Fault, InputError

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 500_000

# A way down into a document: keys of mappings and indexes of lists.
Where = tuple[str | int, ...]

_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MERGE = "tag:yaml.org,2002:merge"
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("null", "bool", "int", "float", "timestamp", "str", "value", "seq", "map", "merge")
)


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader on libyaml; by itself it cannot read a lone "=" as the text it is."""


def _as_text(_loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:value", _as_text)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where it says it.

    `data` is plain: dict, list, str, int, float, bool, None, date, datetime. `lines` holds the line
    of each key and list item by its way down (every step as text), `written` a value's own text.
    """

    path: str
    data: object
    lines: Mapping[tuple[str, ...], int]
    written: Mapping[tuple[str, ...], str]

    def place(self, where: Sequence[str | int]) -> str:
        """`file:line` of this key, or of the nearest thing around it that is there."""
        return f"{self.path}:{self.line(where)}"

    def line(self, where: Sequence[str | int]) -> int:
        """The line of this key, or of the nearest thing around it that is there."""
        known: tuple[str, ...] = ()
        for step in where:
            if (*known, str(step)) in self.lines:
                known = (*known, str(step))
        return self.lines.get(known, 1)

    def text(self, where: Sequence[str | int]) -> str | None:
        """How a single value is written in the file; None for mappings, lists, missing keys."""
        return self.written.get(tuple(str(step) for step in where))

    def find(self, *pattern: str | int) -> Iterator[tuple[Where, object]]:
        """Every value on this way down, with its way; "*" stands for each item of a list.

        What is not there, or is of another kind, is passed over.
        """
        yield from _find(self.data, pattern, ())


def parse(source: SourceText, *, error: type[InputError] = InputError) -> Document:
    """Read one YAML document.

    Raises:
        InputError: (of the kind given) it is no YAML, says a key twice, or is beyond the limits.
    """
    _check_characters(source, error)
    try:
        _check_depth(source, error)
        loader = _Loader(source.text)
        try:
            node = loader.get_single_node()
            walk = _Walk(source.path, loader)
            if node is not None:
                walk.visit(node, (), ())
            if walk.faults:
                raise error(walk.faults)
            data = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as cause:
        raise error([_syntax_fault(source.path, cause)]) from cause
    return Document(source.path, data, walk.lines, walk.written)


def _check_characters(source: SourceText, error: type[InputError]) -> None:
    # Characters first: a lone surrogate could not even be counted as bytes.
    control = _CONTROL.search(source.text.removeprefix("\ufeff"))
    if control is not None:
        line = source.text.count("\n", 0, control.start()) + 1
        fault = Fault(
            f"{source.path}:{line}",
            "a character that YAML does not allow",
            found=f"U+{ord(control[0]):04X}",
            allowed="printable characters, tabs and line ends",
        )
        raise error([fault])
    size = len(source.text.encode())
    if size > MAX_BYTES:
        fault = Fault(
            source.path,
            "the file is too large",
            found=f"{size} bytes",
            allowed=f"at most {MAX_BYTES} bytes",
        )
        raise error([fault])


def _check_depth(source: SourceText, error: type[InputError]) -> None:
    depth = 0
    for event in yaml.parse(source.text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            fault = Fault(
                _place(source.path, event.start_mark),
                "values are nested too deeply",
                allowed=f"at most {MAX_DEPTH} levels",
            )
            raise error([fault])


class _Walk:
    """One look at every node before anything is built: places, double keys, tags, aliases."""

    def __init__(self, path: str, loader: _Loader) -> None:
        self._path = path
        self._loader = loader
        self._values = 0
        self.lines: dict[tuple[str, ...], int] = {(): 1}
        self.written: dict[tuple[str, ...], str] = {}
        self.faults: list[Fault] = []

    def visit(self, node: yaml.Node, where: tuple[str, ...], around: tuple[int, ...]) -> None:
        """Note this node and all below it. `around` are the nodes it stands in."""
        self._values += 1
        if self._values == MAX_VALUES + 1:
            self._blame(node, "too many values", allowed=f"at most {MAX_VALUES}, aliases included")
        elif id(node) in around:
            self._blame(node, "an alias that stands for something around itself")
        elif node.tag not in _PLAIN_TAGS:
            self._blame(node, "a tag that is not allowed", found=node.tag, allowed="plain values")
        elif self._values <= MAX_VALUES:
            self._visit_kind(node, where, (*around, id(node)))

    def _visit_kind(self, node: yaml.Node, where: tuple[str, ...], around: tuple[int, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(node, where, around)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                below = (*where, str(index))
                self.lines.setdefault(below, item.start_mark.line + 1)
                self.visit(item, below, around)
        else:
            self._visit_scalar(node, where)

    def _visit_mapping(
        self, node: yaml.MappingNode, where: tuple[str, ...], around: tuple[int, ...]
    ) -> None:
        seen: dict[str, int] = {}
        merged: list[yaml.Node] = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._blame(key, "a key must be a single value", allowed="a word or a number")
            elif key.tag == _MERGE:
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            else:
                self._visit_entry(key, value, where, around, seen)
        for mapping in merged:
            self.visit(mapping, where, around)

    def _visit_entry(
        self,
        key: yaml.ScalarNode,
        value: yaml.Node,
        where: tuple[str, ...],
        around: tuple[int, ...],
        seen: dict[str, int],
    ) -> None:
        line = key.start_mark.line + 1
        name = str(self._construct(key))
        if name in seen:
            self._blame(key, f"this key stands in line {seen[name]} already", name=name)
        seen.setdefault(name, line)
        below = (*where, name)
        self.lines.setdefault(below, line)
        self.visit(value, below, around)

    def _visit_scalar(self, node: yaml.Node, where: tuple[str, ...]) -> None:
        self.written.setdefault(where, str(node.value))
        self._construct(node)

    def _construct(self, node: yaml.Node) -> object:
        """The value; a date like 2026-13-45 fails here, where its line is known."""
        try:
            return self._loader.construct_object(node)
        except ValueError:
            kind = node.tag.rpartition(":")[2]
            self._blame(
                node,
                f"this is written like a {kind} but is none",
                found=str(node.value)[:40],
                allowed="put it in quotes where a text is meant",
            )
            return node.value

    def _blame(
        self, node: yaml.Node, message: str, *, name: str = "", found: str = "", allowed: str = ""
    ) -> None:
        place = _place(self._path, node.start_mark)
        self.faults.append(Fault(place, message, key=name, found=found, allowed=allowed))


def _syntax_fault(path: str, cause: yaml.YAMLError) -> Fault:
    mark = getattr(cause, "problem_mark", None) or getattr(cause, "context_mark", None)
    problem = getattr(cause, "problem", None) or str(cause)
    context = getattr(cause, "context", None)
    return Fault(
        _place(path, mark),
        f"this is not valid YAML: {problem}" + (f" {context}" if context else ""),
    )


def _find(
    data: object, pattern: Sequence[str | int], where: Where
) -> Iterator[tuple[Where, object]]:
    if not pattern:
        yield where, data
    elif isinstance(data, list):
        for index, item in enumerate(data):
            if pattern[0] in ("*", index):
                yield from _find(item, pattern[1:], (*where, index))
    elif isinstance(data, dict) and pattern[0] in data:
        yield from _find(data[pattern[0]], pattern[1:], (*where, pattern[0]))


def _place(path: str, mark: Any) -> str:  # noqa: ANN401 - PyYAML and libyaml have a mark each
    return path if mark is None else f"{path}:{mark.line + 1}"
