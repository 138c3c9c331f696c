"""One file, several YAML documents: each with the places it has in the file.

Sigma puts correlations and their rules into one file, separated by `---`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import yaml

from sentinel.documents import Document, SourceText, parse
from sentinel.errors import Fault, RuleError

MAX_CHARACTERS = 4 * 1024 * 1024


def split(source: SourceText) -> tuple[list[Document], list[Fault]]:
    """Read every document of a file; one that cannot be read is faults, the others are there.

    Empty documents are left out.
    """
    if len(source.text) > MAX_CHARACTERS:
        fault = Fault(
            source.path,
            "the file is too large for a file of rules",
            found=f"{len(source.text)} characters",
            allowed=f"at most {MAX_CHARACTERS} characters",
        )
        return [], [fault]
    documents: list[Document] = []
    faults: list[Fault] = []
    for before, text in _chunks(source.text):
        try:
            document = parse(SourceText(source.path, text), error=RuleError)
        except RuleError as error:
            faults += [_moved(fault, source.path, before) for fault in error.faults]
            continue
        if document.data is not None:
            lines = {where: line + before for where, line in document.lines.items()}
            documents.append(replace(document, lines=lines))
    return documents, faults


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """The text of each document, with the number of lines before it."""
    lines = text.splitlines(keepends=True)
    starts = [0, *_starts(text)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        chunk = "".join(lines[start:end])
        if chunk.strip():
            yield start, chunk


def _starts(text: str) -> Iterator[int]:
    """The lines where documents after the first begin, as far as the text is YAML."""
    first = True
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                if not first and event.start_mark is not None:
                    yield event.start_mark.line
                first = False
    except yaml.YAMLError:
        return  # what cannot be read is in the last chunk, whose own reading says why


def _moved(fault: Fault, path: str, before: int) -> Fault:
    line = fault.place.removeprefix(f"{path}:")
    return replace(fault, place=f"{path}:{int(line) + before}") if line.isdecimal() else fault
