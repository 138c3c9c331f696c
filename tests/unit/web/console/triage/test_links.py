"""Where triage leads."""

import pytest

from sentinel.web.console.triage.links import alert_path, back_to, job_path, queue_path


def test_a_path_holds_filter_and_page():
    """As a colleague can open it."""
    assert queue_path('status:open "a b"') == "/?q=status%3Aopen+%22a+b%22"
    assert queue_path("x", 3) == "/?q=x&page=3"


def test_an_id_is_one_part_of_a_path():
    """Whatever it is made of."""
    assert alert_path("../x?y\ud800") == "/alerts/..%2Fx%3Fy%3F"
    assert job_path("j-1") == "/jobs/j-1"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/?q=who%3Ame&page=2", "/?q=who%3Ame&page=2&job=j-1"),
        ("/?q=x&job=j-0", "/?q=x&job=j-1"),
        ("/alerts/a1?hidden=s-0", "/alerts/a1?job=j-1"),
        ("/jobs", "/jobs?job=j-1"),
        ("", "/?job=j-1"),
        ("/people", "/?job=j-1"),
        ("/alerts/a1/suppress", "/?job=j-1"),
        ("//evil.example/", "/?job=j-1"),
        ("https://evil.example/?q=x", "/?job=j-1"),
        ("/\\evil.example", "/?job=j-1"),
        ("/?q=a\r\nSet-Cookie: x=y", "/?job=j-1"),
    ],
)
def test_a_form_leads_back_to_triage_and_nowhere_else(asked, expected):
    """With what was done, once; a page of another part of the console is not ours to lead to."""
    assert expected == back_to(asked, job="j-1", hidden="")
