"""Text files people write: the text, and what to call the file when something in it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from sentinel.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text and what to call it in messages (a path as a person would type it)."""

    path: str
    text: str


def yaml_texts(roots: Iterable[Path | Traversable]) -> Iterator[SourceText]:
    """Read every .yml and .yaml under these files or folders, in order of name.

    Raises:
        OSError: a root does not exist or cannot be read.
        UnicodeDecodeError: a file is not UTF-8.
    """
    for root in roots:
        if root.is_dir():
            yield from yaml_texts(sorted(_wanted(root), key=lambda entry: entry.name))
        else:
            yield SourceText(str(root), root.read_text(encoding="utf-8"))


def read_source(file: Path | Traversable, *, error: type[InputError] = InputError) -> SourceText:
    """Read one file that a person wrote.

    Raises:
        InputError: (of the kind given) it is not there, cannot be read, or is not UTF-8.
    """
    try:
        return SourceText(str(file), file.read_text(encoding="utf-8"))
    except OSError as cause:
        raise error([Fault(str(file), f"the file cannot be read: {cause.strerror}")]) from cause
    except UnicodeDecodeError as cause:
        line = cause.object.count(b"\n", 0, cause.start) + 1
        fault = Fault(
            f"{file}:{line}",
            "the file is not valid UTF-8",
            found=f"byte 0x{cause.object[cause.start]:02x}",
            allowed="text saved as UTF-8",
        )
        raise error([fault]) from cause


def _wanted(folder: Path | Traversable) -> Iterator[Path | Traversable]:
    for entry in folder.iterdir():
        if not entry.name.startswith(".") and (
            entry.is_dir() or entry.name.endswith((".yml", ".yaml"))
        ):
            yield entry
