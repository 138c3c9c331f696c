"""The sentences both parts of a letter share."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.i18n import DEFAULT_ZONE
from sentinel.model.agency import SecurityLevel, Tlp
from sentinel.model.text import Language, LocalText
from sentinel.warn import sentences
from tests.samples import NOON, a_card, an_agency, an_alert
from tests.unit.warn.letters import a_released

DEADLINE = "16:30 22/11/2026"


def _subject(title, system, language=Language.VI, warning=None):
    return sentences.subject(warning or a_released(), title, system, DEADLINE, language)


def test_the_subject_says_what_where_how_bad_and_by_when():
    assert _subject("Dò mật khẩu SSH", "Cổng dịch vụ công") == (
        "[TLP:AMBER] Cảnh báo số CB-2026-000123: Dò mật khẩu SSH tại Cổng dịch vụ công, mức cao,"
        " xác nhận trước 16:30 22/11/2026"
    )
    assert _subject("SSH password guessing", "Public service portal", Language.EN) == (
        "[TLP:AMBER] Warning CB-2026-000123: SSH password guessing at Public service portal,"
        " high severity, acknowledge by 16:30 22/11/2026"
    )


def test_a_long_title_gives_way_before_the_system_does():
    subject = _subject("Dò mật khẩu " * 30, "Cổng dịch vụ công")

    assert len(subject) <= 200
    assert "[…] tại Cổng dịch vụ công, mức cao, xác nhận trước 16:30 22/11/2026" in subject
    assert subject.startswith("[TLP:AMBER] Cảnh báo số CB-2026-000123: Dò mật khẩu Dò")


@given(
    st.text("aĐ漢 ", min_size=1, max_size=300),
    st.text("bỹ ", min_size=1, max_size=160),
    st.sampled_from(Language),
    st.sampled_from(Tlp),
)
def test_a_subject_is_bounded_and_never_loses_label_number_and_deadline(
    title, system, language, tlp
):
    warning = replace(a_released(), tlp=tlp)

    subject = _subject(title, system, language, warning)

    assert len(subject) <= 200
    assert subject.startswith(f"[{tlp.value}] ")
    assert "CB-2026-000123: " in subject
    assert subject.endswith(DEADLINE)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (timedelta(0), "At 12:00 on 22/11/2026 (Viet Nam time, UTC+7), monitoring recorded: "),
        (
            timedelta(minutes=17),
            "From 11:43 to 12:00 on 22/11/2026 (Viet Nam time, UTC+7), monitoring recorded: ",
        ),
        (
            timedelta(hours=13),
            (
                "From 23:00 on 21/11/2026 to 12:00 on 22/11/2026 (Viet Nam time, UTC+7),"
                " monitoring recorded: "
            ),
        ),
    ],
)
def test_the_time_is_local_and_its_zone_is_named_once(first, expected):
    said = sentences.seen(an_alert(first_seen=NOON - first), Language.EN, DEFAULT_ZONE)

    assert said == expected + "12 failed SSH log-ins to web01 from 203.0.113[.]45."


def test_a_rule_without_advice_is_named_with_its_count_and_values():
    alert = an_alert(card=a_card(advice=None), events=1200)

    said = sentences.seen(alert, Language.VI, DEFAULT_ZONE)

    assert said.endswith(
        'ghi nhận: 1.200 bản ghi nhật ký khớp với luật phát hiện "SSH password guessing"'
        " (source.ip 203.0.113[.]45; host.hostname web01)."
    )
    assert "()" not in sentences.seen(replace(alert, subject={}), Language.VI, DEFAULT_ZONE)


def test_the_system_is_named_with_its_official_level():
    assert sentences.system(an_alert(), an_agency(), Language.VI) == (
        "Hệ thống thông tin: Cổng dịch vụ công, cấp độ 3."
    )


def test_a_system_of_unknown_level_says_so():
    """Few agencies have classified theirs: unknown is a level too."""
    (asset,) = an_agency().assets
    agency = an_agency(assets=(replace(asset, level=SecurityLevel.UNKNOWN),))

    assert sentences.system(an_alert(), agency, Language.VI) == (
        "Hệ thống thông tin: Cổng dịch vụ công, chưa xác định cấp độ."
    )


def test_without_a_known_system_the_agency_stands_for_it():
    alert = an_alert(asset=None)

    assert sentences.system_name(alert, an_agency(), Language.VI) == "Sở A"
    assert sentences.system(alert, an_agency(), Language.EN) == (
        "Information system: not identified among those the agency has registered."
    )


def test_the_rules_own_advice_comes_first_else_what_is_right_for_any_alert():
    own = sentences.actions(an_alert(), Language.VI, DEFAULT_ZONE)
    general = sentences.actions(an_alert(card=a_card(advice=None)), Language.VI, DEFAULT_ZONE)

    assert own == ("Chặn địa chỉ 203.0.113[.]45 tại tường lửa biên.",)
    assert len(general) == 3
    assert general[2].startswith("Giữ nguyên nhật ký")


def test_a_title_is_never_empty():
    advice = replace(a_card().advice, title=LocalText(vi="", en=""))

    assert sentences.title(an_alert(), Language.VI) == "Dò mật khẩu SSH"
    assert sentences.title(an_alert(card=a_card(advice=advice)), Language.VI) == (
        "SSH password guessing"
    )
    assert sentences.title(an_alert(card=a_card(advice=None, title="")), Language.VI) == a_card().id
