"""The service: start, keep going, drain, stop.

    collectors --put--> group commit --> journal --wake--> worker thread: pipeline.step()
                                                  courier: what is due --> mail
    listeners: soc (API), public (acknowledge links)

Everything but the pipeline's work runs on one event loop. SIGINT and SIGTERM stop the collectors
first, then the pipeline and the courier finish what has been taken. APScheduler only wakes the
looks for what is due; what is due stands in the state database.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from threading import Event as Flag
from urllib.parse import urlsplit

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from sentinel import assembly, wiring
from sentinel.collect.registry import collectors
from sentinel.collect.runner import House as Surroundings
from sentinel.collect.runner import Runner
from sentinel.errors import MISTAKES, SentinelError
from sentinel.journal.group import GroupCommit
from sentinel.model.record import Record
from sentinel.ports import Health, ServiceStatus
from sentinel.settings import LogFormat, PublicSettings, Settings, SocSettings
from sentinel.web.api.app import build_api
from sentinel.web.public.app import build_public
from sentinel.web.server import Listener
from sentinel.web.tls import CertificateFiles, ReloadingContext, self_made

log = structlog.get_logger()

Greet = Callable[["Service"], None]
Build = Callable[[Settings], assembly.House]

IDLE = timedelta(milliseconds=500)
RETRY = timedelta(seconds=5)
# How long the computing worker may keep a listener waiting for its turn (Python's default is 5 ms).
TURN = timedelta(milliseconds=1)
LAST_MAIL = timedelta(seconds=30)  # a mail server may be slow when the service wants to stop
COURIER_LOOK = timedelta(seconds=2)
JOURNAL_LOOK = timedelta(minutes=1)
ROLL_LOOK = timedelta(seconds=2)
PROBLEM_LOOK = timedelta(seconds=2)


class Worker:
    """Drives the pipeline in a thread of its own: steps while there is work, sleeps otherwise."""

    def __init__(self, house: assembly.House, committed: asyncio.Event) -> None:
        self._house = house
        self._committed = committed
        self._loop = asyncio.get_running_loop()
        self._work = Flag()
        self._draining = Flag()
        self._leaving = Flag()
        self._seal = Flag()
        self.problem = ""

    def wake(self) -> None:
        """Something was journalled."""
        self._work.set()

    def ask_seal(self) -> None:
        """Put the store's tail on disk at the next chance."""
        self._seal.set()
        self._work.set()

    def drain(self) -> None:
        """Finish what the journal has, then return."""
        self._draining.set()
        self._work.set()

    def leave(self) -> None:
        """Return after the step under way; the journal keeps the rest for the next start."""
        self._leaving.set()
        self.drain()

    def run(self) -> None:
        """Step until drained. A step that fails is told and begun again after a while."""
        while not self._leaving.is_set():
            self._work.clear()
            took = self._step()
            if took:
                self._loop.call_soon_threadsafe(self._committed.set)
            elif self._draining.is_set():
                return
            else:
                self._work.wait(IDLE.total_seconds())

    def _step(self) -> int:
        try:
            took = self._house.pipeline.step()
            if self._seal.is_set():
                self._seal.clear()
                self._house.store.seal()
        except (SentinelError, OSError, *MISTAKES) as error:
            if self._draining.is_set():
                raise SentinelError(
                    f"the pipeline could not finish: {error}; what was taken is in the journal,"
                    " and the next start goes on with it"
                ) from error
            self.problem = f"the pipeline waits: {error}"
            ours = isinstance(error, SentinelError | OSError)
            log.warning("step_failed", error=str(error), exc_info=None if ours else error)
            self._draining.wait(RETRY.total_seconds())
            return 0
        self.problem = ""
        return took


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
        self._told: frozenset[str] = frozenset()
        self._worker = Worker(house, self._due)
        self._group = GroupCommit(house.journal)
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
        self.listeners = _listeners(house, self)
        self.first_token = wiring.first_token(house.state)

    def stop(self) -> None:
        """Begin to drain; asked again, leave what is not done yet to the next start."""
        if self._stop.is_set():
            self._worker.leave()
            return
        self._stop.set()
        lag = self._house.pipeline.lag()
        if lag:
            log.warning("draining", records=lag, again="leaves them to the next start")

    async def _put(self, records: Sequence[Record]) -> None:
        await self._group.put(records)
        self._worker.wake()

    async def run(self, greet: Greet) -> None:
        """Serve until `stop`, then drain. `greet` is called when everything is up."""
        for listener in self.listeners:
            listener.bind()
        await asyncio.to_thread(self._house.courier.take_up)
        scheduler = self._schedule()
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
        problems += [self._mail_problem] if self._mail_problem else []
        problems += [listener.problem for listener in self.listeners if listener.problem]
        problems += [house.pipeline.problem] if house.pipeline.problem else []
        if self._worker.problem:
            problems.append(self._worker.problem)
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
            rules=len(house.rules.cards),
            rules_refused=[str(fault) for fault in house.rules.refused],
        )


def _listeners(house: assembly.House, health: Health) -> list[Listener]:
    """The two HTTP listeners, not yet bound."""
    web, state = house.settings.web, house.state
    soc = build_api(house.desk, house.finder, health, partial(wiring.check_token, state))
    return [
        Listener("soc", soc, web.soc.address, web.soc.port, _tls(house, web.soc)),
        Listener(
            "public",
            build_public(house.desk, house.issuer),
            web.public.address,
            web.public.port,
            _tls(house, web.public),
        ),
    ]


def _tls(house: assembly.House, web: SocSettings | PublicSettings) -> ReloadingContext:
    """The listener's certificate from the settings, or a self-made one for a first run."""
    if web.certificate is not None and web.key is not None:
        return ReloadingContext(CertificateFiles(certificate=web.certificate, key=web.key))
    settings = house.settings
    names = [settings.web.soc.address, settings.web.public.address]
    host = urlsplit(settings.web.public.link_base).hostname
    names += [] if host is None else [host]
    return ReloadingContext(self_made(settings.data / "tls", names, house.clock.now()))


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
    sys.setswitchinterval(TURN.total_seconds())
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
    """Run a built house until SIGINT or SIGTERM."""
    service = Service(house)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, service.stop)
    await service.run(greet)


def _first(group: BaseExceptionGroup[SentinelError]) -> SentinelError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error  # type: ignore[return-value]  # a group of SentinelErrors holds nothing else


def configure_logging(settings: Settings) -> None:
    """Send the service's own log to standard error, for people or for programs."""
    level = getattr(logging, settings.log.level.value.upper())
    # Plain tracebacks: the usual ones show the values of variables, and those are agencies' logs.
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.log.format is LogFormat.JSON
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
