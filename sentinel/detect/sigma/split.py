"""One file, several YAML documents: each with the places it has in the file.

Sigma puts correlations and their rules into one file, separated by `---`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import yaml

from sentinel.documents import Document, SourceText, parse
from sentinel.errors import Fault, RuleError

MAX_CHARACTERS = 4 * 1024 * 1024
MAX_DEPTH = 64  # beyond it nothing is looked at: reading the document refuses it earlier
MAX_ALIASES = 20  # rules need none; each may double what is built


@dataclass(slots=True)
class _Shape:
    """What the stream of YAML events says of a file before anything is built from it."""

    starts: list[int] = field(default_factory=list)  # lines where documents begin
    aliases: int = 0
    depth: int = 0

    def see(self, event: yaml.Event) -> None:
        """Take the next event into account."""
        if isinstance(event, yaml.AliasEvent):
            self.aliases += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            self.depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            self.depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent) and event.start_mark is not None:
            # What stands before the first document, comments mostly, belongs to it.
            self.starts.append(event.start_mark.line if self.starts else 0)


def split(source: SourceText) -> tuple[list[Document], list[Fault]]:
    """Read every document of a file; one that cannot be read is faults, the others are there.

    Empty documents are left out.
    """
    if len(source.text) > MAX_CHARACTERS:
        found = f"{len(source.text)} characters"
        allowed = f"at most {MAX_CHARACTERS} characters"
        return [], [_refusal(source, "the file is too large for rules", found, allowed)]
    shape = _shape(source.text)
    if shape.aliases > MAX_ALIASES:
        message = "the file has too many aliases for rules"
        return [], [_refusal(source, message, f"{shape.aliases}", f"at most {MAX_ALIASES}")]
    documents: list[Document] = []
    faults: list[Fault] = []
    for before, text in _chunks(source.text, shape.starts or [0]):
        try:
            document = parse(SourceText(source.path, text), error=RuleError)
        except RuleError as error:
            faults += [_moved(fault, source.path, before) for fault in error.faults]
            continue
        if document.data is not None:
            lines = {where: line + before for where, line in document.lines.items()}
            documents.append(replace(document, lines=lines))
    return documents, faults


def _shape(text: str) -> _Shape:
    """As far as the text is YAML: what cannot be read is in the last chunk, which will say so."""
    shape = _Shape()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            shape.see(event)
            if shape.depth > MAX_DEPTH:
                break
    except yaml.YAMLError:
        pass
    return shape


def _chunks(text: str, starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The text of each document, with the number of lines before it."""
    lines = text.splitlines(keepends=True)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        chunk = "".join(lines[start:end])
        if chunk.strip():
            yield start, chunk


def _refusal(source: SourceText, message: str, found: str, allowed: str) -> Fault:
    return Fault(f"{source.path}:1", message, found=found, allowed=allowed)


def _moved(fault: Fault, path: str, before: int) -> Fault:
    line = fault.place.removeprefix(f"{path}:")
    return replace(fault, place=f"{path}:{int(line) + before}") if line.isdecimal() else fault
