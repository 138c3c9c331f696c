"""Every value has its word in both languages."""

from datetime import timedelta

import pytest

from sentinel.model.checkup import CheckStatus
from sentinel.model.text import Language
from sentinel.web.console.overview import words
from sentinel.web.console.overview.standing import Standing
from sentinel.web.console.overview.warning_rows import Which

VI, EN = Language.VI, Language.EN


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        (words.standing_word, Standing),
        (words.check_word, CheckStatus),
        (words.which_word, Which),
    ],
)
def test_every_value_has_a_word_of_its_own_in_both_languages(say, kind):
    """No two values share a word, and none is left in English."""
    english = [say(each, EN) for each in kind]
    vietnamese = [say(each, VI) for each in kind]

    assert len(kind) == len(set(english)) == len(set(vietnamese))
    assert not set(english) & set(vietnamese)


@pytest.mark.parametrize(
    ("say", "known", "expected"),
    [
        (words.input_word, "waiting", "đang chờ chạy lại"),
        (words.entry_word, "drafted", "soạn"),
        (words.entry_word, "failed", "không gửi được"),
        (words.step_word, "store", "lưu trữ"),
        (words.step_word, "look", "xét kỹ các luật đó"),
        (words.memory_word, "ways", "đường đi qua các luật"),
    ],
)
def test_a_state_of_another_version_stands_as_it_is(say, known, expected):
    """A page must not fail for want of a word."""
    assert (expected, "sleeping") == (say(known, VI), say("sleeping", VI))


@pytest.mark.parametrize(
    ("length", "english", "vietnamese"),
    [
        (timedelta(seconds=1), "1 second", "1 giây"),
        (timedelta(minutes=15), "15 minutes", "15 phút"),
        (timedelta(hours=-7), "7 hours", "7 giờ"),
        (timedelta(days=3), "3 days", "3 ngày"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(length, english, vietnamese):
    """Without a sign: which way it goes is the sentence's to say."""
    assert (english, vietnamese) == (words.span(length, EN), words.span(length, VI))


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "0 %"),
        (0.0001, "<1 %"),
        (0.104, "10 %"),
        (0.999, "99 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share, expected):
    """One unread line in a million is not none."""
    assert expected == words.percent(share)


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        (0, "0.00", "0,00"),
        (0.456, "0.46", "0,46"),
        (12.34, "12.3", "12,3"),
        (1234.5, "1,234", "1.234"),
    ],
)
def test_a_measured_number_has_three_digits_that_count(value, english, vietnamese):
    """More would be made up."""
    assert (english, vietnamese) == (words.figure(value, EN), words.figure(value, VI))
