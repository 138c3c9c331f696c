"""A warning's number: written, read, and of the right year."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.warn.number import WarningNumber, parse, text, year


def test_a_number_is_written_as_people_cite_it():
    assert text("CB", 2026, 123) == "CB-2026-000123"


def test_a_number_beyond_a_million_grows_a_digit():
    assert text("CB", 2026, 1_000_000) == "CB-2026-1000000"


@given(
    st.from_regex(r"\A[A-Z0-9]{1,12}\Z"),
    st.integers(1000, 9999),
    st.integers(1, 10**12 - 1),
)
def test_what_is_written_is_read_back(series, of_year, count):
    expected = WarningNumber(series=series, year=of_year, count=count)

    assert parse(text(series, of_year, count)) == expected
    assert str(expected) == text(series, of_year, count)


def test_a_number_is_read_as_a_person_types_it():
    """Spaces and lower case do not matter."""
    assert parse(" cb-2026-000123\n") == WarningNumber(series="CB", year=2026, count=123)


@pytest.mark.parametrize(
    "wrong", ["", "CB-2026", "CB-2026-123", "CB-26-000123", "CB-2026-000000", "CB 2026 000123"]
)
def test_what_is_no_number_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match="it looks like CB-2026-000123"):
        parse(wrong)


@pytest.mark.parametrize("series", ["", "cb", "CẢNH", "CB-1", "C B", "A" * 13, "CB\r\n"])
def test_a_series_that_could_not_stand_in_a_message_id_is_refused(series):
    with pytest.raises(ValueError, match="1-12 of A-Z and 0-9"):
        text(series, 2026, 1)


def test_numbers_begin_at_one():
    with pytest.raises(ValueError, match="1 and above"):
        text("CB", 2026, 0)


def test_the_year_is_that_of_the_issuers_calendar():
    """In Ha Noi the new year begins seven hours before UTC's."""
    new_year = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    assert year(new_year, "Asia/Ho_Chi_Minh") == 2027
    assert year(new_year, "UTC") == 2026
