"""Whose continuation is a file? So that after a rotation no line is lost and none doubled.

A file is known again by inode and content, or by content alone where it has a rotated name: then
it is the log moved, copied (logrotate's `copytruncate`) or compressed, and is read on from where
the log was left. A copy of a log that is still read from another file waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from collectors.files.checkpoint import Checkpoint
from collectors.files.sighting import Sighting
from collectors.files.source import Source, open_source, read_exactly
from collectors.files.tail import Tail

LOOK_ALIKE = 4096  # bytes that two files are compared by


class Verdict(Enum):
    """What to do with a file."""

    READ = auto()
    DONE = auto()  # nothing in it is new, until it changes
    WAIT = auto()  # look again at the next turn


@dataclass(frozen=True, slots=True)
class Finding:
    """`stream` is the stream to go on with from its checkpoint; "" begins a new one at 0."""

    verdict: Verdict
    stream: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one log: how far it was read, what is open, what the folder shows."""

    checkpoints: Mapping[str, Checkpoint]
    tails: Sequence[Tail]
    sightings: Sequence[Sighting]


def find(source: Source, sighting: Sighting, known: Known, *, asked_for: bool) -> Finding:
    """Decide. `asked_for` says whether the file is to be read if it continues nothing.

    Raises:
        OSError, UnfinishedGzip, DamagedGzip: it cannot be read.
    """
    if not sighting.size:
        # Nothing to know it by, and a ".gz" is going to be compressed data.
        own_name = asked_for and not sighting.rotated
        return Finding(Verdict.READ if own_name else Verdict.WAIT)
    stream = _stream_of(source, sighting, known)
    if stream:
        return _go_on(stream, source, sighting, known)
    if sighting.rotated:
        if any(_is_copy_of(tail, source) for tail in known.tails):
            return Finding(Verdict.WAIT)
        if any(_is_shorter_copy(one, source) for one in known.checkpoints.values()):
            return Finding(Verdict.DONE)
    return Finding(Verdict.READ if asked_for else Verdict.DONE)


def _go_on(stream: str, source: Source, sighting: Sighting, known: Known) -> Finding:
    if any(tail.stream == stream for tail in known.tails):
        return Finding(Verdict.WAIT)  # read elsewhere: this is a copy
    if sighting.rotated and _holds_no_more(source, known.checkpoints[stream]):
        return Finding(Verdict.DONE)
    return Finding(Verdict.READ, stream)


def _stream_of(source: Source, sighting: Sighting, known: Known) -> str:
    """The stream this file continues, "" for none; the one read furthest where there are two."""
    fits = [
        (checkpoint.identity == sighting.identity, checkpoint.offset, stream)
        for stream, checkpoint in known.checkpoints.items()
        if _may_be(checkpoint, sighting) and _is(checkpoint, source, sighting, known)
    ]
    return max(fits)[2] if fits else ""


def _may_be(checkpoint: Checkpoint, sighting: Sighting) -> bool:
    """Under the log's own name, another inode needs strong evidence."""
    return checkpoint.identity == sighting.identity or sighting.rotated or checkpoint.strong


def _is(checkpoint: Checkpoint, source: Source, sighting: Sighting, known: Known) -> bool:
    if source.compressed and checkpoint.strong and _holds_no_more(source, checkpoint):
        return checkpoint.begins_like(source)  # spares expanding it all for every finished archive
    if not checkpoint.fits(source):
        return False
    if checkpoint.strong or checkpoint.identity == sighting.identity:
        return True
    # Little was read, and other files may begin alike: ask the file it was read from.
    own = [one for one in known.sightings if one.identity == checkpoint.identity]
    return not own or _is_copied(checkpoint, own[0], source)


def _is_copied(checkpoint: Checkpoint, own: Sighting, source: Source) -> bool:
    try:
        original = open_source(own.path)
    except FileNotFoundError:
        return True  # rotated away since the folder was looked at
    try:
        return not checkpoint.fits(original) or _look_alike(original, source)
    finally:
        original.close()


def _holds_no_more(source: Source, checkpoint: Checkpoint) -> bool:
    return source.size_hint() == checkpoint.offset & 0xFFFFFFFF


def _is_copy_of(tail: Tail, source: Source) -> bool:
    """Whether it is a copy, perhaps not finished yet, of a file that is open.

    An original that is no longer what we read was truncated just now: the next turn knows more.
    """
    larger = source.size_hint() > tail.source.size_hint()
    return (not larger and _look_alike(tail.source, source)) or not tail.still_ours()


def _look_alike(one: Source, other: Source) -> bool:
    begins, other_begins = (read_exactly(source, 0, LOOK_ALIKE) for source in (one, other))
    length = min(len(begins), len(other_begins))
    return begins[:length] == other_begins[:length]


def _is_shorter_copy(checkpoint: Checkpoint, source: Source) -> bool:
    """A copy made before the last lines were written, all of which we have."""
    return (
        checkpoint.strong
        and not source.compressed
        and source.stored() < checkpoint.offset
        and checkpoint.begins_like(source)
    )
