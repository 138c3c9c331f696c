"""What a look into the folders shows, and what people are told of what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath

import structlog

from collectors.files.names import base_of

Identity = tuple[int, int]  # device and inode

_log = structlog.get_logger("sentinel.collect.files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A file as its folder shows it now. `wanted`: the settings' patterns name it.

    `shown` is the path as people know it; `path` is free of symbolic links. `size` is in bytes,
    `modified` in nanoseconds since 1970.
    """

    path: str
    shown: str
    identity: Identity
    size: int
    modified: int
    wanted: bool
    rotated: bool = field(init=False)

    def __post_init__(self) -> None:
        name = PurePath(self.path).name
        object.__setattr__(self, "rotated", base_of(name) != name)


@dataclass(slots=True)
class Troubles:
    """What cannot be read now, by path, and what is known to be lost since last asked."""

    by_path: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def tell(self, path: str, why: str) -> None:
        """Show it, and log it when it is new."""
        if self.by_path.get(path) != why:
            _log.error("cannot read a file", path=path, why=why)
        self.by_path[path] = why

    def over(self, path: str) -> None:
        """It can be read now."""
        self.by_path.pop(path, None)

    def lose(self, path: str, why: str) -> None:
        """Records are lost: at least one, nobody knows how many."""
        _log.error("records of a file are lost", path=path, why=why)
        self.lost.append(f"{path}: {why}")
