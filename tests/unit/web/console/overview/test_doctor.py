"""The doctor's page: the worst first, looked at when asked, once for everybody who asks."""

import asyncio
import threading
from datetime import timedelta

import pytest
from fastapi.concurrency import run_in_threadpool

from sentinel.model.checkup import Check, CheckStatus
from sentinel.model.text import LocalText
from sentinel.web.console.overview import doctor
from tests.samples import NOON, FixedClock
from tests.unit.web.console.house import FakeCheckup, Outline
from tests.unit.web.console.overview.site import Site


def a_check(name, status, remedy="Renew it."):
    def both(text):
        return LocalText(vi=f"{text} (vi)", en=text)

    return Check(
        id=name,
        status=status,
        found=both(f"found {name}"),
        why=both(f"why {name}"),
        remedy=both(remedy) if remedy else None,
    )


CHECKS = [
    a_check("disk", CheckStatus.OK, remedy=""),
    a_check("clock", CheckStatus.UNKNOWN),
    a_check("mail", CheckStatus.FAIL),
    a_check("tls", CheckStatus.WARN),
]


class Counting:
    """A checkup that counts, and can be held."""

    def __init__(self):
        self.looks = 0
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def examine(self):
        self.looks += 1
        self.begun.set()
        self.go_on.wait(10)
        return CHECKS


def test_a_page_that_nobody_has_looked_for_says_so_and_does_not_look():
    """It takes seconds, and a page is not made to wait for it."""
    checkup = Counting()
    site = Site(checkup=checkup)

    page = site.browser().get("/doctor")

    outline = Outline(page.text)
    assert (page.status_code, checkup.looks) == (200, 0)
    assert "Nobody has looked since the service started." in outline.text
    assert "takes some seconds" in outline.text
    assert [form["hx-trigger"] for form in outline.all("form") if "hx-trigger" in form] == [
        "load, submit"
    ]


def test_the_button_looks_and_the_page_shows_it_worst_first():
    """What was found, why it matters, what to do, counted, and when."""
    site = Site(checkup=FakeCheckup(CHECKS))
    browser = site.browser()

    answer = browser.post("/doctor")
    text = " ".join(Outline(browser.get("/doctor").text).text.split())

    assert (answer.status_code, answer.headers["location"]) == (303, "/doctor")
    places = [text.index(f"found {name}") for name in ("mail", "tls", "clock", "disk")]
    assert sorted(places) == places
    assert "1 wrong ▲ 1 attention ? 1 could not be seen ● 1 in order" in text
    assert "why mail To do: Renew it." in text
    assert "Looked at 12:00 22/11/2026." in text


def test_what_is_in_order_is_folded_away():
    """What is wrong is seen first; the rest is a count that opens."""
    browser = Site(checkup=FakeCheckup(CHECKS)).browser()
    browser.post("/doctor")

    before, _, folded = browser.get("/doctor").text.partition("<details id=")

    assert all(f"found {name}" in before for name in ("mail", "tls", "clock"))
    assert "found disk" not in before
    assert "found disk" in folded
    assert "1 check is in order" in folded


def test_a_house_in_order_says_so():
    """An empty list would be no answer."""
    browser = Site(checkup=FakeCheckup(CHECKS[:1])).browser()
    browser.post("/doctor")

    assert "Nothing is wrong." in browser.get("/doctor").text


def test_the_doctor_speaks_the_reader_s_language():
    """All of what it says."""
    site = Site(checkup=FakeCheckup(CHECKS))
    browser = site.browser("vi")
    browser.post("/doctor")

    text = Outline(browser.get("/doctor").text).text

    assert all(f"{word} mail (vi)" in text for word in ("found", "why"))


def test_a_form_from_elsewhere_makes_no_work():
    """Looking costs something."""
    checkup = Counting()

    answer = Site(checkup=checkup).browser().post("/doctor", {"csrf": "no"})

    assert (answer.status_code, checkup.looks) == (403, 0)


def test_whoever_asks_during_a_look_gets_that_one():
    """Ten impatient people make one look."""
    checkup = Counting()
    looks = doctor.Looks(checkup, FixedClock())
    checkup.go_on.clear()

    async def ten():
        asked = [asyncio.create_task(looks.again()) for _ in range(10)]
        await asyncio.to_thread(checkup.begun.wait, 10)
        checkup.go_on.set()
        return await asyncio.gather(*asked)

    found = asyncio.run(ten())

    assert [looks.newest] * 10 == found
    assert checkup.looks == 1


def test_whoever_waits_for_a_look_takes_no_thread_from_the_pages():
    """A mail server that never answers must not hold up the console."""
    checkup = Counting()
    looks = doctor.Looks(checkup, FixedClock())
    checkup.go_on.clear()

    async def many_and_a_page():
        asked = [asyncio.create_task(looks.again()) for _ in range(100)]
        await asyncio.to_thread(checkup.begun.wait, 10)
        page = await asyncio.wait_for(run_in_threadpool(str, "page"), 10)
        checkup.go_on.set()
        await asyncio.gather(*asked)
        return page

    assert asyncio.run(many_and_a_page()) == "page"


def test_whoever_leaves_takes_the_look_from_nobody():
    """Its result is somebody else's too."""
    checkup = Counting()
    looks = doctor.Looks(checkup, FixedClock())
    checkup.go_on.clear()

    async def three():
        first, leaving, staying = [asyncio.create_task(looks.again()) for _ in range(3)]
        await asyncio.to_thread(checkup.begun.wait, 10)
        leaving.cancel()
        await asyncio.wait([leaving])
        checkup.go_on.set()
        return await first is await staying

    assert asyncio.run(three())


def test_a_look_that_fails_is_nobody_s_last_one():
    """The next one is made afresh."""

    class Failing(Counting):
        def examine(self):
            if super().examine() and self.looks == 1:
                raise OSError("no disk")
            return CHECKS

    looks = doctor.Looks(Failing(), FixedClock())

    with pytest.raises(OSError, match="no disk"):
        asyncio.run(looks.again())
    assert looks.newest is None
    assert asyncio.run(looks.again()).checks[0].id == "mail"


def test_a_look_afterwards_is_a_new_one():
    """And says when."""
    checkup, clock = Counting(), FixedClock()
    looks = doctor.Looks(checkup, clock)
    asyncio.run(looks.again())
    clock.move(timedelta(minutes=3))

    assert asyncio.run(looks.again()).at == NOON + timedelta(minutes=3)
    assert checkup.looks == 2
