"""Text files people write: the text, and what to call the file when something in it is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from sentinel.errors import Fault, InputError

ENDINGS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text and what to call it in messages (a path as a person would type it).

    With `unreadable` the text is empty: whoever reads many files names this one and goes on.
    """

    path: str
    text: str
    unreadable: Fault | None = None


def yaml_texts(roots: Iterable[Path | Traversable]) -> Iterator[SourceText]:
    """Read every .yml and .yaml under these files or folders, in order of name.

    One that cannot be read inside a folder comes as `unreadable`.

    Raises:
        OSError: a root does not exist or cannot be read.
        UnicodeDecodeError: a root is not UTF-8; the error's note names it.
    """
    for root in roots:
        if root.is_dir():
            yield from _below(root, frozenset())
        else:
            yield _read(root)


def read_source(
    file: Path | Traversable, name: str = "", *, error: type[InputError] = InputError
) -> SourceText:
    """Read one file that a person wrote; `name` is what to call it, its path by itself.

    Raises:
        InputError: (of the kind given) it is not there, cannot be read, or is not UTF-8.
    """
    name = name or str(file)
    try:
        return SourceText(name, _text(file))
    except OSError as cause:
        raise error([Fault(name, f"the file cannot be read: {cause.strerror}")]) from cause
    except UnicodeDecodeError as cause:
        line = cause.object.count(b"\n", 0, cause.start) + 1
        fault = Fault(
            f"{name}:{line}",
            "the file is not valid UTF-8",
            found=f"byte 0x{cause.object[cause.start]:02x}",
            allowed="text saved as UTF-8",
        )
        raise error([fault]) from cause


def _read(file: Path | Traversable) -> SourceText:
    try:
        return SourceText(str(file), _text(file))
    except UnicodeDecodeError as cause:
        cause.add_note(str(file))  # the error itself does not say where
        raise


def _text(file: Path | Traversable) -> str:
    """The same as `read_text`, in half the time: thousands of rules are read at a start."""
    text = file.read_bytes().decode()
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _below(folder: Path | Traversable, above: frozenset[tuple[int, int]]) -> Iterator[SourceText]:
    """Read a folder; a link back to one of those above it leads nowhere new."""
    try:
        if isinstance(folder, Path):
            found = folder.stat()
            if (found.st_dev, found.st_ino) in above:
                return
            above |= {(found.st_dev, found.st_ino)}
        entries = sorted(_entries(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, [Fault(str(folder), f"cannot be read: {error.strerror}")])
        return
    for entry in entries:
        if entry.is_folder:
            yield from _below(entry.place, above)
            continue
        try:
            yield read_source(entry.place)
        except InputError as error:
            yield _unreadable(entry.place, error.faults)


def _unreadable(file: Path | Traversable, faults: Sequence[Fault]) -> SourceText:
    return SourceText(str(file), "", unreadable=faults[0])


class _Entry(NamedTuple):
    name: str
    place: Path | Traversable
    is_folder: bool


def _entries(folder: Path | Traversable) -> Iterator[_Entry]:
    """What is in a folder and wanted. Of a real one without asking for each file what it is."""
    if isinstance(folder, Path):
        with os.scandir(folder) as entries:
            found = [_Entry(each.name, folder / each.name, each.is_dir()) for each in entries]
    else:
        found = [_Entry(each.name, each, each.is_dir()) for each in folder.iterdir()]
    for entry in found:
        wanted = entry.is_folder or entry.name.endswith(ENDINGS)
        if wanted and not entry.name.startswith("."):
            yield entry
