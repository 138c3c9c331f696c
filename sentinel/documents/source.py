"""Text files people write, with the place of everything in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path


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


def _wanted(folder: Path | Traversable) -> Iterator[Path | Traversable]:
    for entry in folder.iterdir():
        if not entry.name.startswith(".") and (
            entry.is_dir() or entry.name.endswith((".yml", ".yaml"))
        ):
            yield entry
