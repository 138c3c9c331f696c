"""One running service: its parts, how it is, how it starts and how it ends."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib.metadata import version

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from sentinel import assembly, wiring
from sentinel.collect.registry import collectors
from sentinel.collect.runner import House as Surroundings
from sentinel.collect.runner import Runner
from sentinel.errors import MISTAKES, SentinelError
from sentinel.health import source_statuses
from sentinel.journal.group import GroupCommit
from sentinel.model.profile import DetectionProfile, Resting
from sentinel.model.record import Record
from sentinel.ports import Measures, ServiceStatus, SourceStatus
from sentinel.service.listeners import listeners
from sentinel.service.log import configure_logging
from sentinel.service.measures import measure
from sentinel.service.reload import Reloader
from sentinel.service.worker import Worker
from sentinel.settings import Settings

log = structlog.get_logger()

Greet = Callable[["Service"], None]
Build = Callable[[Settings], assembly.House]

# How long the computing worker may keep a listener waiting for its turn (Python's default is 5 ms).
TURN = timedelta(milliseconds=1)
LAST_MAIL = timedelta(seconds=30)  # a mail server may be slow when the service wants to stop
COURIER_LOOK = timedelta(seconds=2)
JOURNAL_LOOK = timedelta(minutes=1)
ROLL_LOOK = timedelta(seconds=2)
PROBLEM_LOOK = timedelta(seconds=2)
WORK_LOOK = timedelta(seconds=1)
BETWEEN_CHUNKS = timedelta(milliseconds=50)  # the pipeline wants to write, too


class Service:
    """One running service: its parts, and how it is."""

    def __init__(self, house: assembly.House) -> None:
        self._house = house
        self.settings = house.settings
        self._started = house.clock.now()
        self._ready = False
        self._stop = asyncio.Event()
        self._due = asyncio.Event()
        self._delivered = asyncio.Event()
        self._mail_problem = ""
        self._job_problem = ""
        self._told: frozenset[str] = frozenset()
        self._worker = Worker(house, self._due)
        self._group = GroupCommit(house.journal)
        self._reloader = Reloader(house)
        self.runner = Runner(
            assembly.inputs(house.settings),
            Surroundings(
                put=self._put,
                positions=house.journal.positions,
                stamp=house.roll.stamp,
                clock=house.clock,
                meter=house.meter,
            ),
        )
        self.listeners = listeners(house, self)
        self.first_token = wiring.first_token(house.state)
        self.first_admin = house.accounts.first_admin()

    def stop(self) -> None:
        """Begin to drain; asked again, leave what is not done yet to the next start."""
        if self._stop.is_set():
            self._worker.leave()
            return
        self._stop.set()
        lag = self._house.pipeline.lag()
        if lag:
            log.warning("draining", records=lag, again="leaves them to the next start")

    def reload(self) -> None:
        """Read the rules again, at once; the events of the meantime meet the old ones."""
        log.info("rules_asked_for")
        self._reloader.ask()

    async def _put(self, records: Sequence[Record]) -> None:
        await self._group.put(records)
        self._worker.wake()

    async def run(self, greet: Greet) -> None:
        """Serve until `stop`, then drain. `greet` is called when everything is up."""
        try:
            for listener in self.listeners:
                listener.bind()
            await self._run(greet)
        finally:
            for listener in self.listeners:
                listener.release()

    async def _run(self, greet: Greet) -> None:
        """Serve on addresses that are ours."""
        await asyncio.to_thread(self._house.courier.take_up)
        scheduler = self._schedule()
        self._reloader.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                serving = [tasks.create_task(listener.serve()) for listener in self.listeners]
                commit = tasks.create_task(self._group.run())
                collect = tasks.create_task(self.runner.run())
                work = tasks.create_task(asyncio.to_thread(self._worker.run))
                courier = tasks.create_task(self._deliver())
                greeting = tasks.create_task(self._greet(greet))
                await self._stop.wait()
                await _ended(greeting)
                self._ready = False
                await _ended(collect)
                await _ended(commit)
                self._worker.drain()
                await work
                self._delivered.set()
                self._due.set()
                await asyncio.wait([courier], timeout=LAST_MAIL.total_seconds())
                await _ended(courier)
                for listener in self.listeners:
                    listener.stop()
                await asyncio.gather(*serving)
        finally:
            self._reloader.close()
            self._worker.drain()
            scheduler.shutdown(wait=False)

    async def _greet(self, greet: Greet) -> None:
        """Say hello once every input listens or has said why it cannot."""
        while not all(  # noqa: ASYNC110 - the status is there to be looked at, not subscribed to
            one.listening or one.last_error for one in self.runner.status()
        ):
            await asyncio.sleep(0.05)
        self._ready = True
        greet(self)
        await self._tell()

    async def _deliver(self) -> None:
        """Deliver whatever comes due, until told to stop and nothing that can go is left."""
        last = False
        while not last:
            await self._due.wait()
            self._due.clear()
            # Asked before the look: what the pipeline's last step made is looked for after it.
            last = self._delivered.is_set()
            try:
                while await self._house.courier.deliver_due():
                    pass
            except (SentinelError, OSError) as error:
                # The rows stay as they are; the next look finds them again.
                self._mail_problem = f"mail waits: {error}"
                log.warning("delivery_failed", error=str(error))
            else:
                self._mail_problem = ""

    async def _look(self) -> None:
        """Wake the courier; a coroutine, so that it runs on the loop that owns the flag."""
        self._due.set()

    async def _tell(self) -> None:
        """Log each problem when it comes and when it goes: nobody watches the status all day."""
        status = self.status()
        now = frozenset([*status.problems, *status.rules_refused])
        for problem in sorted(now - self._told):
            log.warning("problem", what=problem)
        for problem in sorted(self._told - now):
            log.info("problem_over", what=problem)
        self._told = now

    def _work(self) -> None:
        """Carry out what people ordered, a chunk at a time; in a thread of the scheduler's."""
        try:
            while not self._stop.is_set() and self._house.desk.work():
                time.sleep(BETWEEN_CHUNKS.total_seconds())
        except (SentinelError, *MISTAKES) as error:
            # The job stays as it is; the next look goes on with it.
            self._job_problem = f"orders on alerts wait: {error}"
        else:
            self._job_problem = ""

    def _schedule(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC",
            # A look that was missed is made once, late: what is due stands in the database.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        house = self._house
        looks = [
            (self._look, COURIER_LOOK),
            (house.pipeline.clear_journal, JOURNAL_LOOK),
            (house.roll.refresh, ROLL_LOOK),
            (self._tell, PROBLEM_LOOK),
            (self._work, WORK_LOOK),
            (self._worker.ask_seal, timedelta(seconds=house.settings.store.seal_seconds)),
        ]
        for look, every in looks:
            scheduler.add_job(look, "interval", seconds=every.total_seconds())
        scheduler.start()
        return scheduler

    def status(self) -> ServiceStatus:
        """The service at a glance."""
        house = self._house
        problems = [*house.journal.damaged(), *house.store.damaged()]
        problems += [str(fault) for fault in collectors().faults]
        engine = house.pipeline.engine
        problems += [*engine.rested.values(), *engine.dropped_windows.values()]
        problems += [each for each in (self._mail_problem, self._job_problem) if each]
        problems += [listener.problem for listener in self.listeners if listener.problem]
        problems += [house.pipeline.problem] if house.pipeline.problem else []
        problems += [each for each in (self._worker.problem, self._reloader.problem) if each]
        if self._group.full:
            problems.append("the disk reserve is reached: nothing is taken until there is room")
        return ServiceStatus(
            ready=self._ready and not self._group.full and not self._worker.problem,
            started=self._started,
            version=version("sentinel-watch"),
            lag=house.pipeline.lag(),
            inputs=self.runner.status(),
            counters=house.meter.read(),
            problems=problems,
            rules=len(self._reloader.rules.cards),
            rules_refused=[str(fault) for fault in self._reloader.rules.refused],
            sources=self._sources(),
        )

    def resting(self) -> Sequence[Resting]:
        """The rules that what arrives now is not held against."""
        return self._house.pipeline.resting()

    def profile(self) -> DetectionProfile:
        """What detection costs, the way of an event before and behind it included."""
        return self._house.pipeline.profile()

    def measures(self) -> Measures:
        """Counters and sizes, looked up now."""
        return measure(self._house)

    def _sources(self) -> Sequence[SourceStatus]:
        with self._house.state.reading() as state:
            marks, registry = state.source_marks(), state.registry()
        return source_statuses(registry, marks, self._house.sources)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it has put its things away."""
    task.cancel()
    await asyncio.wait([task])


def run(settings: Settings, greet: Greet, build: Build = assembly.build) -> int:
    """Run the service until it is told to stop; returns the exit code.

    Raises:
        SentinelError: it could not start, or a part of it failed for good.
    """
    configure_logging(settings)
    # Until the rules that are read now are at work, there is nothing to read again.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.setswitchinterval(TURN.total_seconds())
    _take_descriptors()
    house = build(settings)
    try:
        asyncio.run(serve(house, greet))
    except BaseExceptionGroup as failed:
        ours, other = failed.split(SentinelError)
        if ours is None or other is not None:
            raise
        raise _first(ours) from failed
    finally:
        house.close()
    return 0


async def serve(house: assembly.House, greet: Greet) -> None:
    """Run a built house until SIGINT or SIGTERM; SIGHUP reads the rules again."""
    service = Service(house)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, service.stop)
    loop.add_signal_handler(signal.SIGHUP, service.reload)
    await service.run(greet)


def _take_descriptors() -> None:
    """Open as many files as the machine lets us: a silent client holds one until it is sent away.

    The usual 1,024 are meant for programs that use select(), which this one does not.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _first(group: BaseExceptionGroup[SentinelError]) -> SentinelError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error  # type: ignore[return-value]  # a group of SentinelErrors holds nothing else
