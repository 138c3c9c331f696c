"""One log with its rotated forms, read in order: what is left of older files before the newest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count

import structlog

from collectors.files.checkpoint import Checkpoint, digest
from collectors.files.kin import Known, Verdict, find
from collectors.files.sighting import Identity, Sighting, Troubles
from collectors.files.source import DamagedGzip, Source, UnfinishedGzip, open_source
from collectors.files.tail import Rewritten, Tail
from sentinel.model.record import Received

CHUNKS_A_TURN = 64  # of one file, so that a long backlog does not hold up the other logs

_log = structlog.get_logger("sentinel.collect.files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How files are read: lines of at most `longest` bytes; `once`, or followed.

    A rotated file stays open `grace` seconds after its last new byte, since its writer may still
    have it open, and is looked at again whenever it changes.
    """

    longest: int
    grace: float
    once: bool


class Group:
    """Reads one log. `checkpoints`, by stream, are kept up to date in place."""

    def __init__(
        self, checkpoints: dict[str, Checkpoint], manner: Manner, troubles: Troubles
    ) -> None:
        self._checkpoints = checkpoints
        self._manner = manner
        self._troubles = troubles
        self._tails: dict[Identity, Tail] = {}
        self._settled: dict[Identity, tuple[int, int]] = {}  # size and change when we were done
        self._before_us: set[Identity] | None = None
        self._newest_before_us = 0
        self.busy = False

    @property
    def reading(self) -> Sequence[str]:
        """The paths of the files that are open."""
        return [tail.shown for tail in self._tails.values()]

    def turn(self, sightings: Sequence[Sighting], now: float) -> Iterator[list[Received]]:
        """Read what is new, a batch at a time. `now` is monotonic, in seconds.

        Asking for the next batch means that the last one is kept. Afterwards `busy` says whether
        there is more to do at once.
        """
        self.busy = False
        ordered = sorted(sightings, key=lambda one: (not one.rotated, one.modified, one.path))
        self._follow_names(ordered, now)
        self._let_go_of_rewritten()
        self._first_look(ordered)
        new = [one for one in ordered if self._is_new(one)]
        # The log itself is opened first, then inodes we know: the rest may be copies of these.
        read_before = {checkpoint.identity for checkpoint in self._checkpoints.values()}
        for sighting in sorted(new, key=lambda one: (one.rotated, one.identity not in read_before)):
            self._examine(sighting, ordered, now)
        yield from self._read_all(ordered, now)

    def close(self) -> None:
        """Let go of all files."""
        for tail in list(self._tails.values()):
            self._drop(tail)

    def _follow_names(self, sightings: Sequence[Sighting], now: float) -> None:
        """A renamed file keeps its tail. Renamed or gone, its grace begins now."""
        there = {one.identity: one for one in sightings}
        for identity, tail in self._tails.items():
            sighting = there.get(identity)
            path = sighting.path if sighting else ""
            if path != tail.seen_at:
                tail.seen_at = path
                tail.quiet_since = now
            if sighting:
                tail.path, tail.shown = sighting.path, sighting.shown
        self._settled = {one: seen for one, seen in self._settled.items() if one in there}

    def _let_go_of_rewritten(self) -> None:
        for tail in list(self._tails.values()):
            try:
                if not tail.still_ours():
                    self._drop_rewritten(tail)
            except OSError as error:
                self._cannot_read(tail.path, error)
                self._drop(tail)

    def _drop_rewritten(self, tail: Tail) -> None:
        _log.info("file truncated or written anew", path=tail.path, unfinished=tail.unfinished)
        self._drop(tail)
        self.busy = True

    def _drop(self, tail: Tail) -> None:
        del self._tails[tail.identity]
        tail.source.close()

    def _first_look(self, sightings: Sequence[Sighting]) -> None:
        """Rotated files from before our first day, unless wanted, stay unread."""
        there = {one.identity for one in sightings if not one.wanted}
        if self._before_us is None:
            self._before_us = set() if self._checkpoints else there
            self._newest_before_us = max((one.modified for one in sightings), default=0)
        self._before_us &= there

    def _is_new(self, sighting: Sighting) -> bool:
        identity = sighting.identity
        if identity in self._tails or identity in (self._before_us or ()):
            return False
        return self._settled.get(identity) != (sighting.size, sighting.modified)

    def _examine(self, sighting: Sighting, sightings: Sequence[Sighting], now: float) -> None:
        try:
            source = open_source(sighting.path)
        except FileNotFoundError:
            return  # rotated away since the folder was looked at
        except OSError as error:
            self._cannot_read(sighting.path, error)
            return
        try:
            if source.identity() == sighting.identity:
                self._decide(source, sighting, sightings, now)
        except (OSError, UnfinishedGzip, DamagedGzip) as error:
            self._cannot_read(sighting.path, error)
            if not isinstance(error, OSError):
                self._settled[sighting.identity] = (sighting.size, sighting.modified)
        finally:
            if sighting.identity not in self._tails:
                source.close()

    def _decide(
        self, source: Source, sighting: Sighting, sightings: Sequence[Sighting], now: float
    ) -> None:
        known = Known(
            checkpoints=self._checkpoints,
            tails=list(self._tails.values()),
            sightings=sightings,
        )
        asked_for = sighting.wanted or self._came_and_went(sighting)
        finding = find(source, sighting, known, asked_for=asked_for)
        if finding.verdict is Verdict.READ:
            offset = self._checkpoints[finding.stream].offset if finding.stream else 0
            tail = Tail(source, sighting.path, self._manner.longest, offset)
            tail.shown, tail.stream = sighting.shown, finding.stream
            tail.seen_at, tail.quiet_since = sighting.path, now
            self._tails[tail.identity] = tail
        else:
            self._troubles.over(sighting.path)
            if finding.verdict is Verdict.DONE:
                self._settled[sighting.identity] = (sighting.size, sighting.modified)

    def _came_and_went(self, sighting: Sighting) -> bool:
        """Whether the file was written after what we read last, and rotated between two looks."""
        if self._checkpoints:
            last = max(checkpoint.modified for checkpoint in self._checkpoints.values())
            return sighting.modified >= last
        return sighting.modified > self._newest_before_us

    def _read_all(self, sightings: Sequence[Sighting], now: float) -> Iterator[list[Received]]:
        """Read every open file: those that are gone, then rotated ones, then the log itself."""
        order = {one.identity: place for place, one in enumerate(sightings, start=1)}
        current = {one.identity for one in sightings if not one.rotated}
        tails = sorted(self._tails.values(), key=lambda tail: order.get(tail.identity, 0))
        for tail in tails:
            may_grow = tail.identity in current
            if not (may_grow and self.busy):
                yield from self._read(tail, now, may_grow=may_grow)

    def _read(self, tail: Tail, now: float, *, may_grow: bool) -> Iterator[list[Received]]:
        for _ in range(CHUNKS_A_TURN):
            try:
                received = tail.read(datetime.now(UTC), self._new_name(tail.identity))
            except Rewritten:
                self._drop_rewritten(tail)
                return
            except (OSError, UnfinishedGzip, DamagedGzip) as error:
                self._cannot_read(tail.path, error)
                if not isinstance(error, OSError):
                    self._settled[tail.identity] = tail.as_read
                self._drop(tail)
                return
            self._troubles.over(tail.path)
            if received is None:
                yield from self._at_the_end(tail, now, may_grow=may_grow)
                return
            tail.quiet_since = now
            yield from self._taken(tail, received)
        self.busy = True

    def _at_the_end(self, tail: Tail, now: float, *, may_grow: bool) -> Iterator[list[Received]]:
        """Close a file that does not grow any more, taking its last line as it is."""
        final = self._manner.once or tail.source.compressed
        if not final and (may_grow or now - tail.quiet_since < self._manner.grace):
            return
        yield from self._taken(tail, tail.rest(datetime.now(UTC), self._new_name(tail.identity)))
        self._settled[tail.identity] = tail.as_read
        self._drop(tail)

    def _taken(self, tail: Tail, received: list[Received]) -> Iterator[list[Received]]:
        if received and tail.checkpoint:
            self._checkpoints[tail.stream] = tail.checkpoint
            yield received

    def _new_name(self, identity: Identity) -> Callable[[bytes], str]:
        """How to name a new stream: an inode used again with the same first line gets another."""

        def name(first: bytes) -> str:
            device, inode = identity
            stem = f"file:{device}:{inode}:{digest(first)[:12]}"
            taken = (f"{stem}:{number}" for number in count(2))
            return next(one for one in chain([stem], taken) if one not in self._checkpoints)

        return name

    def _cannot_read(self, path: str, error: Exception) -> None:
        # Data that end too early may be on their way; damaged ones will not heal.
        if isinstance(error, DamagedGzip) or (
            isinstance(error, UnfinishedGzip) and self._manner.once
        ):
            self._troubles.lose(path, str(error))
        else:
            reason = error.strerror if isinstance(error, OSError) else None
            self._troubles.tell(path, reason or str(error))
