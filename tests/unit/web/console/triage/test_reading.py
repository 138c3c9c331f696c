"""What is offered, and what is a link."""

import pytest

from sentinel.model.alert import AlertState
from sentinel.web.console.triage.reading import (
    Choices,
    Hindrance,
    Reference,
    choices,
    is_web,
    references,
)
from tests.samples import a_card, a_warning, an_alert

NONE, CLOSED, SEEN = Hindrance.NONE, Hindrance.CLOSED, Hindrance.SEEN


@pytest.mark.parametrize(
    ("changes", "acknowledge", "take", "close"),
    [
        ({}, NONE, NONE, NONE),
        ({"state": AlertState.ACKNOWLEDGED}, SEEN, NONE, NONE),
        ({"state": AlertState.IN_PROGRESS, "assignee": "minh"}, SEEN, NONE, NONE),
        ({"state": AlertState.IN_PROGRESS, "assignee": "lan"}, SEEN, Hindrance.YOURS, NONE),
        ({"state": AlertState.CLOSED}, CLOSED, CLOSED, CLOSED),
    ],
)
def test_what_the_state_forbids_is_not_offered(changes, acknowledge, take, close):
    """And it says why."""
    expected = Choices(acknowledge=acknowledge, take=take, warn=NONE, close=close)

    assert expected == choices(an_alert(**changes), [], "lan")


def test_one_warning_is_enough_and_nobody_cannot_be_warned():
    """An alert of no agency has nobody to tell."""
    assert choices(an_alert(), [a_warning()], "lan").warn is Hindrance.WARNED
    assert choices(an_alert(agency=None), [], "lan").warn is Hindrance.NOBODY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://attack.example/techniques/T1110/001/?x=1#y", True),
        ("http://[2001:db8::1]:8080/", True),
        ("HTTPS://ATTACK.EXAMPLE", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://", False),
        ("//attack.example/", False),
        ("https://example.com@evil.example/", False),
        ("https://example.com\\@evil.example/", False),
        ("https://exa mple.example/", False),
        ("https://éxample.example/", False),
        ("http://[::1", False),
        ("ftp://attack.example/", False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_become_links(text, expected):
    """The rest is text."""
    assert expected == is_web(text)


def test_references_keep_their_order():
    """Links and texts as the author wrote them."""
    alert = an_alert(card=a_card(references=("https://a.example/", "a book")))

    assert references(alert) == (
        Reference(text="https://a.example/", link=True),
        Reference(text="a book", link=False),
    )
