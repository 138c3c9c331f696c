"""All pages of the overview are there, and for people who are logged in alone."""

import pytest

from tests.unit.web.console.overview.site import Site

GET = (
    "/warnings",
    "/warnings/w-a-1",
    "/suppressions",
    "/suppressions/s-1",
    "/sources",
    "/detection",
    "/doctor",
)
LOOKING = ("/sources/now", "/detection/now", "/warnings/w-a-1/letters/so-a-duty")
POST = (
    "/warnings/w-a-1/approve",
    "/suppressions/s-1/lift",
    "/suppressions/s-1/prolong",
    "/doctor",
)


@pytest.mark.parametrize("path", GET)
def test_a_page_without_a_session_leads_to_the_log_in(path):
    """And from there to the page."""
    stranger = Site(whole_console=True).browser()
    stranger._headers["Cookie"] = "__Host-sentinel=nobody"

    answer = stranger.get(path)

    assert (303, f"/login?next={path}") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize("path", LOOKING)
def test_what_a_page_asks_by_itself_is_answered_401_without_a_session(path):
    """A log-in form in the middle of a page helps nobody."""
    stranger = Site(whole_console=True).browser()
    stranger._headers["Cookie"] = "__Host-sentinel=nobody"

    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize("path", POST)
def test_a_form_without_a_session_changes_nothing(path):
    """It leads to the log-in."""
    site = Site(whole_console=True)
    site.drafted()
    stranger = site.browser()
    stranger._headers["Cookie"] = "__Host-sentinel=nobody"

    answer = stranger.post(path, {"reason": "x"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert site.desk.warning("w-a-1").approved_at is None


@pytest.mark.parametrize("path", POST)
def test_a_link_to_a_form_s_address_does_nothing(path):
    """Only a form sent with its button acts; /doctor is a page as well."""
    expected = 200 if path == "/doctor" else 405

    assert Site().browser().get(path).status_code == expected
