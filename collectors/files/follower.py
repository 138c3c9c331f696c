"""All logs that the settings name: looks for files, and reads each log in its turn."""

from __future__ import annotations

import glob
import os
import stat
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath

import structlog

from collectors.files.checkpoint import Checkpoint
from collectors.files.group import Group, Manner
from collectors.files.names import base_of
from collectors.files.sighting import Sighting, Troubles
from sentinel.model.record import Received

SHOWN = 3  # paths that a status line names

_log = structlog.get_logger("sentinel.collect.files")


class Follower:
    """Reads files by patterns, from where the journal's `positions` say. Blocks; no threads.

    Followed files stay open, so the service needs a descriptor for each.
    """

    def __init__(
        self, patterns: Sequence[str], manner: Manner, positions: Mapping[str, str]
    ) -> None:
        self._patterns = patterns
        self._manner = manner
        self._checkpoints: dict[str, dict[str, Checkpoint]] = {}
        self._groups: dict[str, Group] = {}
        self.troubles = Troubles()
        self.busy = False
        self._unmatched: list[str] = []
        for stream, mark in positions.items():
            self._remember(stream, mark)
        # A log that is away just now may have left rotated files that are not read to their end.
        for log in self._checkpoints:
            if any(fnmatch(log, pattern) for pattern in patterns):
                self._group(log)

    def round(self, now: float) -> Iterator[list[Received]]:
        """Give every log a turn, a batch each in rotation. `now` is monotonic, in seconds.

        Asking for the next batch means that the last one is kept. Afterwards `busy` says whether
        there is more to do at once.
        """
        seen = self._look()
        turns = deque((group, group.turn(seen.get(log, []), now)) for log, group in self._all(seen))
        while turns:
            group, turn = turns.popleft()
            batch = next(turn, None)
            if batch is not None:
                turns.append((group, turn))
                yield batch
        self.busy = any(group.busy for group in self._groups.values())
        for log in list(self._groups):
            if not self._groups[log].reading and log not in seen:
                del self._groups[log]

    def describe(self) -> str:
        """What is read and what cannot be, for people."""
        reading = sorted(path for group in self._groups.values() for path in group.reading)
        some = ", ".join(reading[:SHOWN]) + (", ..." if len(reading) > SHOWN else "")
        told = [f"{len(reading)} open: {some}" if reading else "no file open"]
        told += [f"nothing matches {pattern}" for pattern in self._unmatched]
        told += [f"cannot read {path}: {why}" for path, why in self.troubles.by_path.items()]
        return "; ".join(told)

    def close(self) -> None:
        """Let go of all files."""
        for group in self._groups.values():
            group.close()

    def _remember(self, stream: str, mark: str) -> None:
        try:
            checkpoint = Checkpoint.of_mark(mark)
        except ValueError as error:
            _log.error(
                "a mark cannot be read; its file is read anew", stream=stream, why=str(error)
            )
            return
        self._checkpoints.setdefault(_log_of(checkpoint.path), {})[stream] = checkpoint

    def _group(self, log: str) -> Group:
        if log not in self._groups:
            known = self._checkpoints.setdefault(log, {})
            self._groups[log] = Group(known, self._manner, self.troubles)
        return self._groups[log]

    def _all(self, seen: Mapping[str, Sequence[Sighting]]) -> list[tuple[str, Group]]:
        return [(log, self._group(log)) for log in {**self._groups, **seen}]

    def _look(self) -> dict[str, list[Sighting]]:
        """What is there now, by log: the wanted files, and the other forms of the same logs."""
        seen: dict[str, list[Sighting]] = {}
        for gone in [path for path in self.troubles.by_path if not os.path.lexists(path)]:
            self.troubles.over(gone)
        for shown in sorted(self._wanted()):
            self._see(seen, os.path.realpath(shown), shown, wanted=True)
        if not self._manner.once:
            logs = {*self._groups, *seen}
            for folder in sorted({str(PurePath(log).parent) for log in logs}):
                for path in self._list(folder):
                    if _log_of(path) in logs:
                        self._see(seen, path, path, wanted=False)
        return seen

    def _wanted(self) -> set[str]:
        found = {
            pattern: glob.glob(pattern, recursive=True)  # noqa: PTH207 - takes absolute patterns
            for pattern in self._patterns
        }
        self._unmatched = [pattern for pattern, paths in found.items() if not paths]
        return {path for paths in found.values() for path in paths}

    def _see(self, seen: dict[str, list[Sighting]], path: str, shown: str, *, wanted: bool) -> None:
        try:
            status = Path(path).stat()
        except FileNotFoundError:
            return
        except OSError as error:
            self.troubles.tell(shown, error.strerror or str(error))
            return
        identity = (status.st_dev, status.st_ino)
        if not stat.S_ISREG(status.st_mode):
            return
        sightings = seen.setdefault(_log_of(path), [])
        if all(one.identity != identity for one in sightings):
            sightings.append(
                Sighting(
                    path=path,
                    shown=shown,
                    identity=identity,
                    size=status.st_size,
                    modified=status.st_mtime_ns,
                    wanted=wanted,
                )
            )

    def _list(self, folder: str) -> list[str]:
        try:
            with os.scandir(folder) as entries:
                paths = [entry.path for entry in entries]
        except FileNotFoundError:
            return []
        except OSError as error:
            self.troubles.tell(folder, error.strerror or str(error))
            return []
        self.troubles.over(folder)
        return paths


def _log_of(path: str) -> str:
    """The path of the log that this file is, or is a rotated form of."""
    pure = PurePath(path)
    return str(pure.with_name(base_of(pure.name)))
