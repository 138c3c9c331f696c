"""How long an analyst waits for a page while the database holds a busy month: 100,000 alerts.

A real service over a filled data folder; some people who never stop to think ask for one kind of
page after the other, over TLS, each over a connection of their own that is kept alive. What an
answer holds is looked at, so that nothing quick and empty is measured.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

import httpx

from sentinel import wiring
from sentinel.model.alert import AlertState
from sentinel.ports import AlertQuery, State
from sentinel.web.console.visit import COOKIE, csrf_of
from tests.bench import many_alerts, measured
from tests.bench.report import Table, percentile
from tests.browser import chromium
from tests.system import lab, running

ALERTS = 100_000
SEED = 20261122
PEOPLE = (1, 4)  # who ask at the same time
SEEN = 60  # times a page, in the browser
LOADED = "performance.getEntriesByType('navigation')[0].loadEventStart"  # ms since the request
ASKED = 200  # times a page, by all of them together
WARM = 10  # questions before the clock runs
NEWEST = 2000  # alerts out of which those that are opened come
PASSWORD = "long enough and nobody guesses 2026"
GOALS = {"first page of the queue": 300, "an alert": 200}  # ms, p95
_FIRST = re.compile(r"(?:console as|bằng tên) admin[^:]*:\s+(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A kind of page: the address of the nth look at it, and what must stand in the answer.

    Without `holds` an empty answer (204) is right as well.
    """

    name: str
    address: Callable[[int], str]
    holds: str = ""


def measure(folder: Path, alerts: int = ALERTS) -> Table:
    """Fill a data folder and look at each page."""
    settings = measured.settings(folder / "console", "127.0.0.1", "127.0.0.1")
    known, size = _fill(settings, alerts)
    rows = []
    with running.service(settings) as service:
        service.wait_ready()
        cookie = _log_in(service)
        for page in _pages(known):
            for people in PEOPLE:
                with _clients(service, cookie, people) as clients:
                    rows.append(_row(page.name, f"{people}", _ask(clients, page)))
        rows += _seen(service, cookie, [page for page in _pages(known) if page.name in GOALS])
        peak = measured.memory(service.process.pid)
        measured.ended(service)
    return Table(
        title=f"Pages of the console over {alerts:,} alerts",
        head=("ms", "people", "median", "p95", "p99", "max", "n", "goal, p95"),
        rows=rows,
        inside=(
            f"A data folder of {size / 2**20:,.0f} MiB: the alerts of a month, four in ten still"
            " open, one in forty with a warning. The people ask again as soon as they have an"
            " answer, on the machine that serves them. Inside: TLS, the session, the database, the"
            " page. In Chromium: from the request to the page that is read, styled and scripted"
            f" (load). The service had {peak:,.0f} MiB of memory resident at most."
        ),
    )


def _fill(settings: running.Settings, alerts: int) -> tuple[list[str], int]:
    """Fill the state; the ids of open alerts of all over the queue, and the size in bytes."""
    loaded = wiring.load(settings.write())
    state = wiring.open_state(loaded)
    try:
        many_alerts.fill(state, alerts, SEED, until=datetime.now(UTC))
        _hold_letters(state)
        opened = frozenset(AlertState) - {AlertState.CLOSED}
        with state.reading() as look:
            known = look.alert_ids(AlertQuery(states=opened))
    finally:
        state.close()
    step = max(1, len(known) // NEWEST)
    return list(known[::step]), sum(each.stat().st_size for each in settings.data.rglob("*.db*"))


def _hold_letters(state: State) -> None:
    """What waits to be sent waits until tomorrow: only pages are measured."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with state.transaction() as change:
        for copy in change.due_deliveries(tomorrow, ALERTS):
            change.put_delivery(replace(copy, due=tomorrow))


def _pages(known: list[str]) -> Iterator[Page]:
    since = quote((datetime.now(UTC) - timedelta(minutes=10)).isoformat())
    yield Page(name="first page of the queue", address=lambda _: "/", holds='href="/alerts/')
    yield Page(
        name="a later page of the queue",
        address=lambda n: f"/?q=status%3Aany&page={n % 20 + 2}",
        holds='href="/alerts/',
    )
    yield Page(
        name="search for an address",
        address=lambda n: f"/?q=status%3Aany+address%3A203.0.113.{n % 200 + 1}",
        holds='data-person="admin"',
    )
    yield Page(
        name="search for a word",
        address=lambda n: f"/?q=status%3Aany+score%3A%3E%3D40+web{n % 200:03}",
        holds='data-person="admin"',
    )
    yield Page(name="an alert", address=lambda n: f"/alerts/{known[n % len(known)]}", holds="<h1")
    yield Page(name="what is new (/live)", address=lambda _: f"/live?q=status%3Aopen&since={since}")
    yield Page(name="the bar's numbers (/glance)", address=lambda _: "/glance", holds="nav-queue")
    yield Page(name="warnings", address=lambda _: "/warnings", holds='href="/warnings/')
    yield Page(name="sources", address=lambda _: "/sources", holds="<h1")


def _log_in(service: running.Running) -> str:
    """Settle in as the first admin; the cookie's value."""
    found = lab.wait_until("the first password", lambda: _FIRST.search(service.said()))
    with service.client() as client:
        base = str(client.base_url).rstrip("/")
        client.headers.update({"Origin": base, "Sec-Fetch-Site": "same-origin"})
        _sent(client.post("/login", data={"name": "admin", "password": found[1]}))
        change = {"old": found[1], "new": PASSWORD, "again": PASSWORD}
        csrf = csrf_of(client.cookies[COOKIE])
        _sent(client.post("/me/password", data={"csrf": csrf, **change}))
        return client.cookies[COOKIE]


def _sent(answer: httpx.Response) -> None:
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise AssertionError(f"{answer.request.url}: {answer.status_code}: {answer.text[:2000]}")


@contextmanager
def _clients(service: running.Running, cookie: str, people: int) -> Iterator[list[httpx.Client]]:
    clients = [service.client() for _ in range(people)]
    for client in clients:
        client.headers["Cookie"] = f"{COOKIE}={cookie}"
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def _ask(clients: list[httpx.Client], page: Page) -> list[float]:
    """Look at it so often, all clients at once; milliseconds each."""
    share = ASKED // len(clients)

    def look(client: httpx.Client, first: int) -> list[float]:
        for n in range(WARM):
            _timed(client, page, first + n)
        return [_timed(client, page, first + n) for n in range(share)]

    with ThreadPoolExecutor(len(clients)) as people:
        looks = [people.submit(look, client, place * share) for place, client in enumerate(clients)]
        return [took for each in looks for took in each.result()]


def _timed(client: httpx.Client, page: Page, n: int) -> float:
    address = page.address(n)
    began = time.perf_counter()
    answer = client.get(address)
    took = (time.perf_counter() - began) * 1000
    right = (httpx.codes.OK,) if page.holds else (httpx.codes.OK, httpx.codes.NO_CONTENT)
    if answer.status_code not in right or page.holds not in answer.text:
        raise AssertionError(f"{address}: {answer.status_code}: {answer.text[:2000]}")
    return took


def _seen(
    service: running.Running, cookie: str, pages: Sequence[Page]
) -> Iterator[tuple[str, ...]]:
    """The same pages as somebody sees them: until the browser has loaded all of them."""
    if chromium.program() is None:
        return
    with service.client() as client:
        base = str(client.base_url).rstrip("/")
    own = {"name": COOKIE, "value": cookie, "url": base, "secure": True, "httpOnly": True}
    with chromium.started() as browser, chromium.visitor(browser, base) as person:
        person.add_cookies([own])
        tab = person.new_page()
        for page in pages:
            took = []
            for n in range(WARM + SEEN):
                tab.goto(page.address(n))
                took.append(tab.evaluate(LOADED))
            yield _row(page.name, "Chromium", took[WARM:])


def _row(name: str, people: str, values: list[float]) -> tuple[str, ...]:
    figures = (median(values), percentile(values, 95), percentile(values, 99), max(values))
    goal = f"{GOALS[name]}" if name in GOALS else ""
    return (name, people, *(f"{one:.1f}" for one in figures), f"{len(values):,}", goal)
