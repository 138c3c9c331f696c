"""The doctor's page: what was found, why it matters, what to do.

A look takes seconds, so it is never made while a page is waited for: the page shows the last one
and when that was, and a button makes another. Two people who press it share one look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from threading import Lock

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from sentinel.model.checkup import Check, CheckStatus
from sentinel.ports import Checkup, Clock
from sentinel.web.console.overview import words
from sentinel.web.console.parts import ConsoleParts
from sentinel.web.console.view import View
from sentinel.web.console.visit import Acting, Here

WORST_FIRST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.UNKNOWN, CheckStatus.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the doctor found and when the look was finished; the worst first."""

    at: datetime
    checks: Sequence[Check]

    @property
    def in_order(self) -> Sequence[Check]:
        """What nobody needs to read; the page folds it away."""
        return [check for check in self.checks if check.status is CheckStatus.OK]

    @property
    def others(self) -> Sequence[Check]:
        """What somebody should read, the worst first."""
        return [check for check in self.checks if check.status is not CheckStatus.OK]

    def count(self, status: CheckStatus) -> int:
        """How many checks ended so."""
        return sum(check.status is status for check in self.checks)


class Looks:
    """Keeps the newest look. One is made at a time; whoever asks meanwhile gets that one."""

    def __init__(self, checkup: Checkup, clock: Clock) -> None:
        self._checkup = checkup
        self._clock = clock
        self._lock = Lock()
        self._under_way: Future[Look] | None = None
        self.newest: Look | None = None

    async def again(self) -> Look:
        """Look now, which takes seconds; of all who wait for it one holds a thread."""
        mine: Future[Look] = Future()
        mine.set_running_or_notify_cancel()  # who leaves takes it from nobody
        with self._lock:
            shared = self._under_way
            if shared is None:
                self._under_way = mine
        if shared is not None:
            return await asyncio.wrap_future(shared)
        return await run_in_threadpool(self._make, mine)

    def _make(self, mine: Future[Look]) -> Look:
        try:
            look = self._look()
        except BaseException as error:
            self._end()
            mine.set_exception(error)
            raise
        self._end()
        mine.set_result(look)
        return look

    def _end(self) -> None:
        with self._lock:
            self._under_way = None

    def _look(self) -> Look:
        checks = sorted(self._checkup.examine(), key=lambda check: WORST_FIRST.index(check.status))
        self.newest = Look(at=self._clock.now(), checks=checks)
        return self.newest


def doctor_routes(parts: ConsoleParts, view: View) -> APIRouter:
    """The page and its button."""
    router = APIRouter()
    looks = Looks(parts.checkup, parts.clock)

    @router.get("/doctor")
    def doctor(visit: Here) -> HTMLResponse:
        look = looks.newest
        language = visit.language
        return view.page(
            "doctor.html",
            visit,
            look=look,
            words=words,
            counts=[
                (one, words.check_word(one, language), 0 if look is None else look.count(one))
                for one in WORST_FIRST
            ],
        )

    @router.post("/doctor")
    async def look_again(visit: Acting) -> RedirectResponse:
        del visit
        await looks.again()
        return RedirectResponse("/doctor", HTTPStatus.SEE_OTHER)

    return router
