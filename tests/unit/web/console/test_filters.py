"""Times and numbers as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from sentinel.model.agency import Role, SecurityLevel
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.person import PersonRole
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.web.console import filters
from tests.samples import NOON

VI, EN = Language.VI, Language.EN
SECOND = timedelta(seconds=1)


def write(filter_name, value, language=EN, zone="Asia/Ho_Chi_Minh", now=NOON):
    environment = Environment(
        loader=DictLoader({"x": f"{{{{ value|{filter_name} }}}}"}), autoescape=True
    )
    environment.filters[filter_name] = getattr(filters, filter_name)
    return environment.get_template("x").render(value=value, language=language, zone=zone, now=now)


def text(html):
    return Markup(html).striptags()


@pytest.mark.parametrize(
    ("span", "english", "vietnamese"),
    [
        (0 * SECOND, "just now", "vừa xong"),
        (59 * SECOND, "just now", "vừa xong"),
        (60 * SECOND, "1 min ago", "1 phút trước"),
        (3599 * SECOND, "59 min ago", "59 phút trước"),
        (timedelta(hours=1), "1 h ago", "1 giờ trước"),
        (timedelta(hours=47, minutes=59), "47 h ago", "47 giờ trước"),
        (timedelta(hours=48), "2 d ago", "2 ngày trước"),
        (timedelta(days=400), "400 d ago", "400 ngày trước"),
        (-30 * SECOND, "just now", "vừa xong"),
        (-timedelta(minutes=5), "in 5 min", "5 phút nữa"),
        (-timedelta(hours=7), "in 7 h", "7 giờ nữa"),
    ],
)
def test_how_long_ago(span, english, vietnamese):
    """In one unit, rounded down; a clock that is ahead is said, not hidden."""
    at = NOON - span

    assert [english, vietnamese] == [text(write("ago", at, language)) for language in (EN, VI)]


@pytest.mark.parametrize(
    ("span", "english", "vietnamese", "kind"),
    [
        (30 * SECOND, "less than a minute left", "còn chưa đầy 1 phút", "left"),
        (timedelta(minutes=12), "12 min left", "còn 12 phút", "left"),
        (timedelta(hours=5), "5 h left", "còn 5 giờ", "left"),
        (timedelta(days=3), "3 d left", "còn 3 ngày", "left"),
        (0 * SECOND, "overdue", "quá hạn", "late"),
        (-timedelta(minutes=5), "5 min overdue", "quá hạn 5 phút", "late"),
        (-timedelta(days=3), "3 d overdue", "quá hạn 3 ngày", "late"),
    ],
)
def test_how_long_is_left(span, english, vietnamese, kind):
    """And, past the deadline, how late it is, in a class of its own."""
    html = [write("left", NOON + span, language) for language in (EN, VI)]

    assert [english, vietnamese] == [text(each) for each in html]
    assert all(f'class="{kind}" data-span="{kind}"' in each for each in html)


def test_a_relative_time_says_the_exact_one():
    """For people on hover, for machines in the attribute."""
    html = write("ago", NOON - timedelta(minutes=3))

    expected = (
        '<time class="ago" data-span="ago" datetime="2026-11-22T04:57:00Z"'
        ' title="11:57 22/11/2026">3 min ago</time>'
    )
    assert expected == html


def test_an_exact_time_is_of_the_one_zone():
    """Whatever zone it came in."""
    at = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert write("when", at) == '<time datetime="2026-11-22T08:30:00Z">15:30 22/11/2026</time>'
    assert text(write("when", at, zone="UTC")) == "08:30 22/11/2026"


@pytest.mark.parametrize("name", ["when", "ago", "left"])
def test_no_time_is_nothing(name):
    """A source that was never seen has no time."""
    assert write(name, None) == ""


def test_numbers_have_the_separators_of_the_language():
    """A hundred thousand alerts can be read."""
    assert [write("number", 1234567, each) for each in (EN, VI)] == ["1,234,567", "1.234.567"]


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        (Severity.CRITICAL, "critical", "nghiêm trọng"),
        (Confidence.HIGH, "high", "cao"),
        (SecurityLevel.THREE, "level 3", "cấp độ 3"),
        (AlertState.NEW, "new", "mới"),
        (Disposition.FALSE_POSITIVE, "false positive", "cảnh báo sai"),
        (WarningState.DRAFT, "draft", "bản nháp"),
        (DeliveryState.FAILED, "could not be sent", "không gửi được"),
        (Role.LEADER, "leader", "lãnh đạo"),
        (PersonRole.ADMIN, "admin", "quản trị viên"),
        (PersonRole.ANALYST, "analyst", "phân tích viên"),
    ],
)
def test_values_of_the_model_have_words(value, english, vietnamese):
    """The same ones as everywhere in the house."""
    assert [english, vietnamese] == [write("word", value, each) for each in (EN, VI)]


def test_a_value_without_words_is_a_mistake_of_ours():
    """A page never shows a value's inside."""
    with pytest.raises(TypeError, match="no words for 'high'"):
        write("word", "high")


def test_a_sentence_takes_html_and_escapes_text():
    """What is in the sentence, or in its values, is text unless it is HTML of ours."""
    filled = filters.fill("<{who}> {what}", who=Markup("<bdi>lan</bdi>"), what="<b>")

    assert filled == "&lt;<bdi>lan</bdi>&gt; &lt;b&gt;"


def test_the_script_gets_every_word_it_needs():
    """For each kind and unit, the place of the number included."""
    for language in Language:
        words = filters.time_words(language)
        assert {"ago-now", "left-now", "late-now"} == {w for w in words if w.endswith("now")}
        assert all(("{n}" in word) is not key.endswith("now") for key, word in words.items())


def test_what_was_refused_is_said_in_the_readers_language():
    """By the catalogue of refusals."""
    sentence = "The name or the password is wrong."

    assert sentence == write("told", sentence, EN)
    assert write("told", sentence, VI) == "Tên đăng nhập hoặc mật khẩu không đúng."


def test_now_is_an_argument():
    """Of the page's making."""
    later = NOON + timedelta(hours=2)

    assert text(write("ago", NOON, now=later.astimezone(UTC))) == "2 h ago"
