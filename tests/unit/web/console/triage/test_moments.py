"""Times in lists."""

from datetime import timedelta

import pytest

from sentinel.i18n import DEFAULT_ZONE
from sentinel.web.console.triage.moments import span_words, to_the_second
from tests.samples import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_log_lines_time_has_seconds():
    """In the one zone."""
    assert to_the_second(NOON + timedelta(seconds=7), DEFAULT_ZONE) == "12:00:07 22/11/2026"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (-17 * MINUTE, 0 * MINUTE, "11:43\u201312:00"),
        (timedelta(seconds=1), timedelta(seconds=59), "12:00"),
        (-13 * HOUR, 0 * HOUR, "23:00 21/11\u201312:00"),
        (-1 * DAY - HOUR, -1 * DAY, "11:00\u201312:00 21/11"),
        (-2 * DAY, -1 * DAY, "12:00 20/11\u201312:00 21/11"),
        (-400 * DAY, -399 * DAY, "12:00 18/10/2025\u201312:00 19/10/2025"),
    ],
)
def test_a_span_is_as_short_as_it_is_clear(first, last, expected):
    """What is of today needs no date, what is of this year no year."""
    assert expected == span_words(NOON + first, NOON + last, NOON, DEFAULT_ZONE)
