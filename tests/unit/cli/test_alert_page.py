"""One alert on a terminal: the analyst's questions in order, and nothing that can act."""

import unicodedata
from dataclasses import replace

import pytest

from sentinel.cli.alert_page import alert_page
from sentinel.cli.screen import Screen
from sentinel.model.alert import AlertEntry, AlertState, Disposition, Evidence
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from tests.samples import NOON, a_card, a_delivery, a_warning, an_alert

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x9b5A[red]x[/red]\r\n[link=https://evil.example]y\u202e{source.ip}"
)


def page(capsys, alert, warnings=(), language=Language.EN) -> str:
    alert_page(Screen(language), alert, warnings)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        (
            Language.EN,
            [
                "Why it fired",
                "How bad, and why",
                "When",
                "Evidence",
                "Who was told",
                "What you can do",
            ],
        ),
        (
            Language.VI,
            [
                "Vì sao phát hiện",
                "Mức độ và lý do",
                "Thời gian",
                "Bằng chứng",
                "Đã báo cho ai",
                "Việc có thể làm",
            ],
        ),
    ],
)
def test_the_answers_come_in_the_order_of_the_questions(capsys, language, headings):
    """Why, how bad, when, evidence, who was told, what to do."""
    lines = page(capsys, an_alert(), language=language).splitlines()

    assert headings == [line for line in lines if line in headings]


def test_why_and_how_bad_are_in_words(capsys):
    """The rule, the values of the cause, and each reason with its points."""
    shown = page(capsys, an_alert())

    assert "12 failed SSH log-ins to web01 from" in shown
    assert "source.ip = 203.0.113.45" in shown
    assert "Rule: SSH password guessing (4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10)" in shown
    assert "Score 72 of 100: high" in shown
    assert "rule of high level: +60" in shown
    assert "information system of level 3: +12" in shown
    assert "From 11:43 22/11/2026 to 12:00 22/11/2026" in shown


def test_whose_rule_it_is_and_under_which_licence(capsys):
    """The Detection Rule License wants the author named with each alert."""
    card = a_card(author="Somebody Else", licence="DRL 1.1")

    shown = page(capsys, an_alert(card=card))

    assert "Author: Somebody Else" in shown
    assert "Licence: DRL 1.1" in shown


def test_who_was_told_and_whether_they_acknowledged(capsys):
    """Each copy with what is honestly known of it."""
    copy = a_delivery(
        state=DeliveryState.ACKNOWLEDGED,
        accepted_at=NOON,
        acknowledged_at=NOON,
        acknowledged_by="Nguyễn Văn An",
    )
    failed = a_delivery(
        state=DeliveryState.FAILED, address="van-hanh@so-a.example", last_error="550 no such user"
    )
    warning = a_warning(number="CB-2026-000123", state=WarningState.SENT, deliveries=(copy, failed))

    shown = page(capsys, an_alert(), [warning])

    assert "Warning CB-2026-000123: sent" in shown
    assert "Trực an toàn thông tin <truc@so-a.example>: acknowledged" in shown
    assert "Acknowledged: 12:00 22/11/2026, Nguyễn Văn An" in shown
    assert "<van-hanh@so-a.example>: could not be sent" in shown
    assert "Last error: 550 no such user" in shown


def test_nobody_was_told(capsys):
    """That is an answer, and it is given."""
    assert "Nobody: there is no warning of this alert." in page(capsys, an_alert())


def test_what_can_be_done_depends_on_the_state(capsys):
    """Advice of the rule first, then the commands that this state allows."""
    alert = an_alert()
    new = page(capsys, alert, [a_warning()])
    taken = page(capsys, replace(alert, state=AlertState.IN_PROGRESS, assignee="An"))
    closed = page(
        capsys, replace(alert, state=AlertState.CLOSED, disposition=Disposition.FALSE_POSITIVE)
    )

    assert "1. Block 203.0.113[.]45 at the border firewall." in new
    assert "sentinel warnings approve w-1" in new
    assert f"sentinel alerts ack {alert.id}" in new
    assert "alerts ack" not in taken
    assert "In the hands of: An" in taken
    assert f"sentinel alerts close {alert.id}" in taken
    assert "sentinel alerts" not in closed
    assert "Closed as: false positive" in closed


def test_the_history_says_who_did_what(capsys):
    """An entry of nobody is the system's."""
    history = (
        AlertEntry(at=NOON, who="", action="opened"),
        AlertEntry(at=NOON, who="An", action="taken", reason="mine"),
    )

    shown = page(capsys, an_alert(history=history, previous="before"), language=Language.VI)

    assert "12:00 22/11/2026  hệ thống  mở" in shown
    assert "12:00 22/11/2026  An  nhận xử lý: mine" in shown
    assert "Cảnh báo trước đó cùng nguyên nhân: before" in shown


def test_an_alert_may_say_little(capsys):
    """No advice, no description, no evidence, no agency: the page is still whole."""
    alert = an_alert(card=a_card(advice=None, tags=(), place=""), evidence=(), agency=None)

    shown = page(capsys, alert)

    assert "agency unassigned" in shown
    assert "Evidence\n  none" in shown


@pytest.mark.parametrize("language", list(Language))
def test_a_hostile_line_is_shown_whole_and_does_nothing(capsys, language):
    """Escapes, markup, line ends and reordering marks of a log line are letters on the page."""
    card = a_card(
        advice=None,
        title=HOSTILE,
        description=HOSTILE,
        tags=(HOSTILE,),
        false_positives=(HOSTILE,),
        place=HOSTILE,
    )
    alert = an_alert(
        card=card,
        agency=HOSTILE,
        subject={HOSTILE: HOSTILE},
        assignee=HOSTILE,
        evidence=(Evidence(event=HOSTILE, at=NOON, raw=HOSTILE, matched={HOSTILE: HOSTILE}),),
        history=(AlertEntry(at=NOON, who=HOSTILE, action=HOSTILE, reason=HOSTILE),),
    )
    copy = a_delivery(name=HOSTILE, address=HOSTILE, last_error=HOSTILE)
    warning = a_warning(number=HOSTILE, deliveries=(copy,))

    shown = page(capsys, alert, [warning], language)

    acting = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert acting.isdisjoint(unicodedata.category(each) for each in shown.replace("\n", ""))
    assert (
        r"    \x1b]0;owned\x07\x1b[2J\x9b5A[red]x[/red]\r\n[link=https://evil.example]y\u202e"
        in shown
    )
