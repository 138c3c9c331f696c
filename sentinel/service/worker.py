"""The worker: one thread that takes what is journalled through the pipeline."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from threading import Event as Flag

import structlog

from sentinel import assembly
from sentinel.errors import MISTAKES, SentinelError

log = structlog.get_logger()

IDLE = timedelta(milliseconds=500)
RETRY = timedelta(seconds=5)


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
