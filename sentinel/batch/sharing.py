"""Files are shared among processes in blocks; here their answers come together again in order.

Blocks are whole lines. What is no file of lines with a record each (event files, arrays, values on
several lines) is read and matched here, in its place.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import chain, islice
from typing import NamedTuple

from sentinel.batch.blocks import Answer, Hand, MetEvent, Settling, Times, Verdict
from sentinel.batch.garbage import little_garbage
from sentinel.batch.reading import EARLIEST, UNREADABLE, Block, Reader, Seen
from sentinel.batch.request import DetectRequest, Summary
from sentinel.batch.rules import called
from sentinel.batch.workers import AHEAD, Crew, Ticket
from sentinel.detect.engine import Engine
from sentinel.detect.match.finder import PlainFinder
from sentinel.detect.match.ready import Ready
from sentinel.detect.rests import Rests
from sentinel.detect.route import source_of
from sentinel.detect.ruleset import RuleSet
from sentinel.formats.jsontext import Broken
from sentinel.model.event import Event
from sentinel.model.profile import DetectionProfile, together

BLOCK = 1024 * 1024  # bytes that a process is given at once, about

Hands = Crew[Block, Answer, tuple[DetectionProfile, Ready | None]]


class Found(NamedTuple):
    """An event that met rules, and the latest time that was read of its file up to it."""

    newest: datetime
    event: Event
    verdicts: Sequence[Verdict]


class SharedFile:
    """One file: its blocks are sent ahead, and what is found in them comes in order.

    All its events are counted in the summary.
    """

    def __init__(self, reader: Reader, hands: Hands, own: Hand, summary: Summary) -> None:
        self._reader = reader
        self._hands = hands
        self._own = own
        self._summary = summary
        self._pieces = reader.pieces(BLOCK)
        self._sent: deque[tuple[Block, Ticket[Answer]]] = deque()
        self._here: Iterator[Seen] | None = None  # what is to be read here
        self._failed: Exception | None = None
        self._ended = False
        self._lines = 0  # of the blocks that were taken

    @property
    def ahead(self) -> int:
        """How many blocks were sent and not taken yet."""
        return len(self._sent)

    def send(self) -> bool:
        """Send one more block; says whether there was one."""
        if self._ended or self._failed is not None or self._here is not None:
            return False
        try:
            piece = next(self._pieces, None)
        except UNREADABLE as error:
            self._failed = error
            return False
        if isinstance(piece, Block):
            self._sent.append((piece, self._hands.give(piece)))
            return True
        self._here = piece
        self._ended = piece is None
        return False

    def found(self, send: Callable[[], None]) -> Iterator[Found]:
        """What is found in it, in the order of its records. `send` sends what may be sent ahead."""
        failed: Exception | None = None
        try:
            yield from self._found(send)
        except UNREADABLE as error:
            failed = error
        self._reader.tell(failed)

    def _found(self, send: Callable[[], None]) -> Iterator[Found]:
        while True:
            send()
            if self._sent or self.send():
                block, ticket = self._sent.popleft()
                answer = self._hands.take(ticket)
                yield from self._taken(answer)
                if answer.left is not None:
                    number = self._lines - answer.lines + answer.left
                    lines = self._lines_from(block, answer.left)
                    yield from self._read_here(self._reader.go_on(lines, number))
            elif self._here is not None:
                yield from self._read_here(self._here)
                self._here = None
            elif self._failed is not None:
                raise self._failed
            else:
                return

    def _taken(self, answer: Answer) -> Iterator[Found]:
        reader = self._reader
        self._summary.events += answer.events
        for hit in answer.hits:
            event = reader.event_of(hit.record, hit.fields, hit.at)
            newest = max(hit.newest or EARLIEST, reader.newest or EARLIEST)
            yield Found(newest, event, hit.verdicts)
        for record, broken in answer.broken:
            line = broken.line and self._lines + broken.line
            reader.blame(reader.record + record, Broken(line, broken.why))
        reader.broken_all += answer.broken_all - len(answer.broken)
        reader.passed(answer.records, answer.last, answer.newest)
        self._lines += answer.lines

    def _read_here(self, seen: Iterator[Seen]) -> Iterator[Found]:
        for _, verdicts in self._own.hits(self._reader, self._counted(seen)):
            event = self._reader.event()
            yield Found(self._reader.newest or EARLIEST, event, verdicts)

    def _counted(self, seen: Iterator[Seen]) -> Iterator[Seen]:
        for each in seen:
            self._summary.events += 1
            yield each

    def _lines_from(self, block: Block, number: int) -> Iterator[bytes]:
        """Every line from that of the block on; what was sent ahead was sent in vain."""
        yield from islice(BytesIO(block.lines), number - 1, None)
        while self._sent:
            later, ticket = self._sent.popleft()
            self._hands.drop(ticket)
            yield from BytesIO(later.lines)
        if self._failed is not None:
            raise self._failed
        for piece in self._pieces:
            yield from BytesIO(piece.lines) if isinstance(piece, Block) else ()


class Shared:
    """The work of several processes: rules over files, as one process would do it.

    The processes are begun at once, before there are threads.
    """

    def __init__(self, request: DetectRequest, rules: RuleSet, ready: Ready) -> None:
        many = bool(rules.correlations) and len(request.files) > 1
        self._in_time = many
        self._own = Hand(request, rules, ready, Times.OF_ALL if many else Times.OF_HITS)
        called(request.pipeline)  # it may take pySigma to know: not in each of the processes
        with little_garbage():
            self._hands: Hands = Crew(request.workers, self._own.answer, self._own.leave)
        self._rests = Rests()
        self._settling = Settling(rules.rules, self._rests)
        self.engine = Engine(rules, finder=PlainFinder(()), rests=self._rests)

    def met(self, readers: Sequence[Reader], summary: Summary) -> Iterator[MetEvent]:
        """The events that met rules, in order.

        Raises:
            WorkerLost: one of the processes has ended.
        """
        files = [SharedFile(reader, self._hands, self._own, summary) for reader in readers]
        found = (_by_time if self._in_time else _one_by_one)(files, self._hands)
        for each in found:
            source = source_of(each.event.fields)
            met = self._settling.met(each.event, source, each.verdicts)
            if met:
                yield each.event, met, source

    def end(self) -> tuple[DetectionProfile, Ready | None]:
        """What it has cost, and what was worked out of the rules, if that is new."""
        said = [*self._hands.leave(), self._own.leave()]
        costs = [cost for cost, _ in said if cost.events]
        profile = together([*costs, self.engine.profile()])
        return replace(profile, resting=tuple(self._rests.all)), ready_of(one for _, one in said)

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._hands.close()


def _one_by_one(files: Sequence[SharedFile], hands: Hands) -> Iterator[Found]:
    """File after file; those that follow are begun while the last blocks of one are worked on."""

    def sending(number: int) -> Callable[[], None]:
        near = files[number : number + AHEAD * hands.size]

        def send() -> None:
            for file in near:
                while hands.has_room and file.send():
                    pass

        return send

    return chain.from_iterable(file.found(sending(number)) for number, file in enumerate(files))


def _by_time(files: Sequence[SharedFile], hands: Hands) -> Iterator[Found]:
    """All files at once, in the order in which it happened; each file's own order is kept."""
    share = max(1, AHEAD * hands.size // len(files))

    def sending(file: SharedFile) -> Callable[[], None]:
        def send() -> None:
            while file.ahead < share and file.send():
                pass

        return send

    streams = [file.found(sending(file)) for file in files]
    return heapq.merge(*streams, key=lambda found: found.newest)


def ready_of(all_ready: Iterable[Ready | None]) -> Ready | None:
    """What several have worked out of the same rules; None where that is nothing new."""
    some = [ready for ready in all_ready if ready is not None]
    if not some:
        return None
    names = dict.fromkeys(name for ready in some for name in ready.hints)
    hints = {}
    for name in names:
        known = [ready.hints[name] for ready in some if name in ready.hints]
        hints[name] = [
            next((each for each in of_rule if each is not None), None)
            for of_rule in zip(*known, strict=True)
        ]
    databases = {key: data for ready in some for key, data in ready.databases.items()}
    return Ready(hints=hints, databases=databases)
