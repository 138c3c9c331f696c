"""What files look like from outside: whether somebody has changed them since, without reading any.

Name, size and times of a file say so, and its inode where an editor puts a new file in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from sentinel.documents.source import ENDINGS

# By path: size, time of change, time of change of the inode, inode; nothing where it is unreadable.
Seen = Mapping[str, tuple[int, ...]]


def look_at(roots: Iterable[Path | Traversable], also: Iterable[str] = ()) -> Seen:
    """How the files under these roots look now: a root itself, and below folders all YAML.

    `also` are names of further files below folders. What is no file of its own, but inside a
    package, does not change.

    Raises:
        OSError: a root is not there, or cannot be looked into.
    """
    names = frozenset(also)
    seen: dict[str, tuple[int, ...]] = {}
    for root in roots:
        if not isinstance(root, Path):
            continue
        if root.is_dir():
            os.scandir(
                root
            ).close()  # a root that cannot be listed is an error, a folder below none
            seen.update(_below(root, names, frozenset()))
        else:
            seen[str(root)] = _look(root.stat())
    return seen


def _below(
    folder: Path, also: frozenset[str], above: frozenset[tuple[int, int]]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    try:
        found = folder.stat()
        if (found.st_dev, found.st_ino) in above:
            return
        with os.scandir(folder) as entries:
            inside = [each for each in entries if _is_wanted(each, also)]
    except OSError:
        yield str(folder), ()
        return
    above |= {(found.st_dev, found.st_ino)}
    for entry in inside:
        try:
            if entry.is_dir():
                yield from _below(Path(entry.path), also, above)
            else:
                yield entry.path, _look(entry.stat())
        except OSError:
            yield entry.path, ()


def _is_wanted(entry: os.DirEntry[str], also: frozenset[str]) -> bool:
    if entry.name in also:
        return True
    if entry.name.startswith("."):
        return False
    return entry.name.endswith(ENDINGS) or entry.is_dir()


def _look(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
