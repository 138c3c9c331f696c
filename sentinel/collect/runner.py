"""Keeps every input running: starts it, catches what it lets out, shows it, waits, starts it again.

This file has the one broad `except` of the process: a collector may be anybody's plug-in, and
nothing a single one does may stop the others.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog

from sentinel.collect.contract import Collector, CollectorOptions
from sentinel.errors import JournalFull, PortTaken
from sentinel.model.ids import InputName
from sentinel.model.record import Received, Record
from sentinel.ports import Clock, InputStatus, Meter

_log = structlog.get_logger("sentinel.collect")


class InputState(StrEnum):
    """How an input is: `waiting` is after a failure, or for room in the journal."""

    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of the settings: a name of its own, a collector and that collector's options."""

    name: InputName
    collector: type[Collector]
    options: CollectorOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before a restart, in seconds: doubling from `first` up to `longest`.

    An input that then runs for `longest` seconds starts again from `first`. When the service
    stops, a `put` under way gets `last_put` seconds to finish.
    """

    first: float = 1.0
    longest: float = 60.0
    last_put: float = 10.0
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    def after(self, wait: float) -> float:
        """The wait that follows this one."""
        return min(max(wait * 2, self.first), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the runner is given: where records go, what is known, time and counters.

    `put` keeps records and returns when they are on disk. `positions` says how far an input's
    streams have been read. `stamp` adds what a collector may not know: whose record it is.
    """

    put: Callable[[Sequence[Record]], Awaitable[object]]
    positions: Callable[[InputName], Mapping[str, str]]
    stamp: Callable[[InputName, Received], Record]
    clock: Clock
    meter: Meter


class Runner:
    """All inputs of the service, each supervised on its own."""

    def __init__(
        self, inputs: Sequence[Input], house: House, patience: Patience | None = None
    ) -> None:
        patience = patience or Patience()
        self._supervised = [_Supervised(one, house, patience) for one in inputs]

    async def run(self) -> None:
        """Run every input until cancelled, or until all have ended.

        Cancelled, it returns when every collector has put what it had in hand.

        Raises:
            PortTaken: an input's address was in use when it was started for the first time:
                somebody is there to read it, so it is said at once instead of tried for ever.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for supervised in self._supervised:
                    group.create_task(supervised.run(), name=f"input {supervised.input.name}")
        except* PortTaken as taken:
            error = taken
        else:
            return
        raise _first(error)

    def status(self) -> Sequence[InputStatus]:
        """How each input is doing, in the order of the settings."""
        return [supervised.status() for supervised in self._supervised]


@dataclass(slots=True)
class _Progress:
    state: InputState = InputState.STOPPED
    listening: str = ""
    records: int = 0
    restarts: int = 0
    last_record: datetime | None = None
    last_error: str = ""
    dropped: int = 0


@dataclass(slots=True)
class _Supervised:
    """One input and how it has fared."""

    input: Input
    house: House
    patience: Patience
    progress: _Progress = field(default_factory=_Progress)

    def status(self) -> InputStatus:
        return InputStatus(
            name=self.input.name,
            collector=self.input.collector.name,
            state=self.progress.state.value,
            listening=self.progress.listening,
            records=self.progress.records,
            restarts=self.progress.restarts,
            last_record=self.progress.last_record,
            last_error=self.progress.last_error,
            dropped=self.progress.dropped,
        )

    async def run(self) -> None:
        try:
            await self._restart_for_ever()
        finally:
            self.progress.state = InputState.STOPPED

    async def _restart_for_ever(self) -> None:
        wait = 0.0
        while True:
            began = self.house.clock.now()
            self.progress.state = InputState.RUNNING
            try:
                await self._once()
            except Exception as error:  # noqa: BLE001 - the one of the process: any plug-in's error
                self._tell(error)
            else:
                return
            if _being_cancelled():
                return
            ran = (self.house.clock.now() - began).total_seconds()
            wait = self.patience.after(0.0 if ran >= self.patience.longest else wait)
            self.progress.state = InputState.WAITING
            await self.patience.sleep(wait)
            self.progress.restarts += 1
            self.house.meter.count("input_restarts", input=self.input.name)

    async def _once(self) -> None:
        """One life of the collector, from its making to its end."""
        collector = self.input.collector(self.input.options)
        try:
            await collector.run(_InputSink(self))
        except asyncio.CancelledError as cancelled:
            if _being_cancelled():
                raise
            # Nobody cancelled this input: the collector let one of its own out, a plain failure.
            raise RuntimeError("the collector cancelled itself") from cancelled
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTaken(f"{error}; stop the other program or change the address") from error

    def _tell(self, error: Exception) -> None:
        """Show an error that ended the collector.

        Raises:
            PortTaken: it is that, and the input never came up.
        """
        self.progress.last_error = _sentence(error)
        self.house.meter.count("input_failures", input=self.input.name)
        never_up = not self.progress.listening and not self.progress.restarts
        if isinstance(error, PortTaken) and never_up:
            raise PortTaken(f"{self.input.name}: {error}") from error
        _log.error("input failed", input=self.input.name, error=_sentence(error), exc_info=error)


class _InputSink:
    """The sink of one input: stamps, keeps, counts."""

    def __init__(self, supervised: _Supervised) -> None:
        self._name = supervised.input.name
        self._house = supervised.house
        self._patience = supervised.patience
        self._progress = supervised.progress

    async def put(self, records: Sequence[Received]) -> None:
        if not records:
            return
        stamped = [self._house.stamp(self._name, record) for record in records]
        work = asyncio.ensure_future(self._keep(stamped))
        last_put = self._patience.last_put
        try:
            await asyncio.wait([work], timeout=last_put if _being_cancelled() else None)
        except asyncio.CancelledError:
            # What was handed over is seen through, so that a collector never puts it again.
            await asyncio.wait([work], timeout=last_put)
            self._see_through(work, stamped)
            raise
        if self._see_through(work, stamped):
            work.result()

    def positions(self) -> Mapping[str, str]:
        return self._house.positions(self._name)

    def listening(self, where: str) -> None:
        self._progress.listening = where

    def dropped(self, amount: int, why: str) -> None:
        self._progress.dropped += amount
        self._house.meter.count("records_dropped", amount, input=self._name, why=why)

    async def _keep(self, stamped: Sequence[Record]) -> None:
        """Put, waiting as long as the disk reserve is reached."""
        wait = 0.0
        while True:
            try:
                await self._house.put(stamped)
                break
            except JournalFull as full:
                wait = self._patience.after(wait)
                self._wait_for_room(full)
                await self._patience.sleep(wait)
        self._progress.state = InputState.RUNNING
        self._progress.records += len(stamped)
        self._progress.last_record = stamped[-1].at
        self._house.meter.count("records", len(stamped), input=self._name)
        cut = sum(record.truncated for record in stamped)
        if cut:
            self._house.meter.count("records_truncated", cut, input=self._name)

    def _see_through(self, work: asyncio.Future[None], stamped: Sequence[Record]) -> bool:
        """Whether `work` has ended by itself; when the records are not kept, count and log that."""
        ended = work.done()
        work.cancel()
        error = work.exception() if ended and not work.cancelled() else None
        if not ended or error is not None:
            # Records with a position are read again; the others are gone.
            gone = sum(record.position is None for record in stamped)
            if gone:
                self.dropped(gone, "could not be kept")
            _log.error("records not kept", input=self._name, records=len(stamped), exc_info=error)
        return ended

    def _wait_for_room(self, full: JournalFull) -> None:
        self._house.meter.count("journal_full_waits", input=self._name)
        if self._progress.state is not InputState.WAITING:
            _log.error("no room in the journal", input=self._name, error=str(full))
        self._progress.state = InputState.WAITING
        self._progress.last_error = str(full)


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _first(group: BaseExceptionGroup[PortTaken]) -> PortTaken:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if isinstance(found, PortTaken):
        return found
    raise found


def _sentence(error: BaseException) -> str:
    """An error as people read it; of a group, its members."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_sentence(member) for member in error.exceptions)
    text = str(error)
    kind = type(error).__name__
    if isinstance(error, PortTaken) or not text:
        return text or kind
    return f"{kind}: {text}"
