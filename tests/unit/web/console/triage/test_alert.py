"""An alert's page, as a browser gets it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import StoreDamaged
from sentinel.model.alert import AlertEntry, AlertState, Disposition
from sentinel.model.ids import AgencyId, AlertId, CauseKey
from sentinel.model.warning import DeliveryState, WarningState
from tests.samples import NOON, a_card, a_delivery, a_warning, an_alert, an_event
from tests.unit.web.console.triage.floor import Floor, Outline, some_alerts

ID = "a1b2c3d4e5f60718"
HERE = f"/alerts/{ID}"


def words(page):
    return " ".join(page.text.split())


def buttons(page):
    return [each.get("value") for each in page.all("button") if each.get("name") == "action"]


class Broken:
    """An event store that does not answer."""

    def events_around(self, alert, minutes, limit):
        raise StoreDamaged("the segment 12 cannot be read")


def test_the_page_answers_in_the_order_one_asks():
    """What, why, how bad, when, what else, who was told, what happened so far."""
    other = an_alert(
        id=AlertId("b1"),
        cause=CauseKey("b1"),
        agency=AgencyId("so-b"),
        state=AlertState.CLOSED,
        disposition=Disposition.FALSE_POSITIVE,
    )
    alert = an_alert(
        card=a_card(
            description="Many failures.\nThen none.",
            references=("https://attack.example/T1110/", "javascript:alert(1)"),
            false_positives=("A forgotten password",),
            licence="Apache-2.0",
        ),
        previous=other.id,
        history=(AlertEntry(at=NOON, who="", action="opened"),),
    )
    page = Floor(alert, other).page(HERE)
    expected = [
        "72 high SSH password guessing",
        "Department A · Public service portal (level 3) · ◆ new",
        "12 failed SSH log-ins to web01 from 203.0.113.45.",
        "12:00:00 22/11/2026",
        "event.outcome failure",
        "1 of 12 log records are kept",
        "Many failures.Then none.",
        "Known false positives A forgotten password",
        "https://attack.example/T1110/",
        "Why 72 points rule of high level: +60",
        "Related",
        "1 other alert, 1 other agency",
        "■ closed: false positive",
        "Who was told Nobody: there is no warning of this alert.",
        "Block 203.0.113.45 at the border firewall.",
        "the system opened it",
    ]
    said = words(page)

    assert [each for each in expected if each not in said] == []
    assert sorted(expected, key=said.index) == expected
    assert [each["href"] for each in page.all("a") if "external" in each.get("rel", "")] == [
        "https://attack.example/T1110/"
    ]


def test_what_matched_is_marked_in_the_raw_line():
    """The value of a matched field, wherever the line has it."""
    line = "sshd[4711]: FAILED password for admin"
    evidence = replace(an_alert().evidence[0], raw=line, matched={"x": "failed"})
    answer = Floor(an_alert(evidence=(evidence,))).browser.get(HERE)

    assert "sshd[4711]: <mark>FAILED</mark> password for admin" in answer.text


def test_more_than_a_few_lines_are_folded():
    """The newest three stand open."""
    first = an_alert().evidence[0]
    lines = tuple(replace(first, at=NOON + timedelta(seconds=n), raw=f"line {n}") for n in range(5))
    page = words(Floor(an_alert(evidence=lines)).page(HERE))

    assert page.index("line 4") < page.index("line 2") < page.index("2 more kept lines")
    assert page.index("2 more kept lines") < page.index("line 0")


@pytest.mark.parametrize(
    ("changes", "offered", "said"),
    [
        ({}, ["acknowledge", "take", "close", "note"], "in nobody\u2019s hands"),
        (
            {"state": AlertState.ACKNOWLEDGED},
            ["take", "close", "note"],
            "Somebody has seen it already.",
        ),
        (
            {"state": AlertState.IN_PROGRESS, "assignee": "minh"},
            ["take", "close", "note"],
            "Take over",
        ),
        (
            {"state": AlertState.IN_PROGRESS, "assignee": "lan"},
            ["close", "note"],
            "You work on it.",
        ),
        ({"state": AlertState.CLOSED}, ["note"], "the next detection of its cause opens"),
        (
            {"agency": None},
            ["acknowledge", "take", "close", "note"],
            "Nobody can be warned: it belongs to no agency.",
        ),
    ],
)
def test_only_what_is_allowed_is_offered(changes, offered, said):
    """And the page says why the rest is not."""
    page = Floor(an_alert(**changes)).page(HERE)

    assert offered == buttons(page)
    assert said in words(page)


def test_an_action_leads_back_to_the_page_with_its_outcome():
    """1 of 1, and an undo."""
    floor = Floor(an_alert())
    form = {"action": "take", "ids": [ID], "back": HERE}
    answer = floor.browser.post("/alerts/act", form)
    page = floor.page(answer.headers["location"])

    assert answer.headers["location"].startswith(f"{HERE}?job=")
    assert "1 of 1 taken Undo u" in words(page)
    assert "lan took it" in words(page)


def test_a_warning_is_begun_once():
    """Then the page leads to it, and says who got it and what became of each copy."""
    floor = Floor(an_alert())
    begun = floor.browser.post(f"{HERE}/warn")
    again = floor.browser.post(f"{HERE}/warn")
    page = floor.page(HERE)

    assert begun.status_code == 303
    assert begun.headers["location"].startswith("/warnings/")
    assert again.status_code == 409
    assert begun.headers["location"] in [each["href"] for each in page.all("a")]
    assert f"{HERE}/warn" not in [each.get("action") for each in page.all("form")]


def test_each_recipients_copy_is_in_words():
    """Acknowledged by whom and when, on its way, or failed and why; and by when it is due."""
    copies = (
        a_delivery(
            state=DeliveryState.ACKNOWLEDGED, acknowledged_by="Nguyễn An", acknowledged_at=NOON
        ),
        a_delivery(
            contact="b", state=DeliveryState.ACCEPTED, accepted_at=NOON, token="b", message_id="b"
        ),
        a_delivery(
            contact="c",
            state=DeliveryState.FAILED,
            last_error="550 full",
            token="c",
            message_id="c",
        ),
        a_delivery(contact="d", state=DeliveryState.ATTEMPTING, token="d", message_id="d"),
    )
    floor = Floor(an_alert(), language="vi")
    with floor.room.state.transaction() as writer:
        writer.put_warning(
            a_warning(
                number="CB-2026-000123",
                state=WarningState.SENT,
                deliveries=copies,
                acknowledge_by=NOON + timedelta(hours=1),
            )
        )
    said = words(floor.page(HERE))

    for expected in (
        "CB-2026-000123 · đã gửi · hạn xác nhận 13:00 22/11/2026, còn 57 phút",
        "✓ Trực an toàn thông tin: đã xác nhận (Nguyễn An, 12:00 22/11/2026)",
        "→ Trực an toàn thông tin: hệ thống thư đã nhận (12:00 22/11/2026)",
        "✗ Trực an toàn thông tin: không gửi được 550 full",
        "… Trực an toàn thông tin: đang gửi, chưa rõ kết quả",
    ):
        assert expected in said


def test_every_action_of_a_history_has_its_words():
    """One that a later version knows is shown as it is."""
    actions = ["opened", "acknowledged", "taken", "closed", "noted", "undone", "transcended"]
    history = tuple(AlertEntry(at=NOON, who="lan", action=each) for each in actions)
    said = words(Floor(an_alert(history=history)).page(HERE))

    for expected in (
        "lan opened it",
        "lan acknowledged it",
        "lan took it",
        "lan closed it",
        "lan noted",
        "lan took the last action back",
        "lan transcended",
    ):
        assert expected in said


class TestEvents:
    """The events around an alert, on demand."""

    def floor(self, count):
        floor = Floor(an_alert())
        floor.events.append(
            [an_event(n + 1, at=NOON - timedelta(seconds=count - n)) for n in range(count)]
        )
        return floor

    def test_they_are_listed_newest_first_with_their_fields(self):
        """What is evidence says so."""
        page = self.floor(3).page(f"{HERE}/events?minutes=5")
        said = words(page)

        assert "3 events Newest first." in said
        assert said.index("11:59:59") < said.index("11:59:57")
        assert said.count("◆ evidence") == 1
        assert "event.category authentication" in said
        assert "selected" in next(each for each in page.all("option") if each["value"] == "5")

    def test_a_script_gets_the_list_alone(self):
        """To be put into the page."""
        answer = self.floor(1).browser.get(f"{HERE}/events", headers={"HX-Request": "true"})

        assert "<html" not in answer.text
        assert "1 event Newest first." in words(Outline(answer.text))

    def test_more_than_fit_is_said(self):
        """The newest 200."""
        page = self.floor(201).page(f"{HERE}/events?minutes=5")

        assert "The newest 200 are shown; there are more" in words(page)

    def test_none_is_said(self):
        """As is a time that nobody offers."""
        floor = Floor(an_alert())

        assert "No event of the same subject in this time." in words(floor.page(f"{HERE}/events"))
        assert floor.browser.get(f"{HERE}/events?minutes=9999").status_code == 422

    def test_a_store_that_does_not_answer_is_a_sentence(self):
        """The page itself does not need it."""
        floor = Floor(an_alert(), finder=Broken())
        floor.page(HERE)

        for path in ("events", "timeline"):
            said = words(floor.page(f"{HERE}/{path}"))
            assert "The event store does not answer" in said
            assert "the segment 12 cannot be read" in said


class TestTimeline:
    """The picture of when it happened."""

    def test_it_is_drawn_with_words_beside_it(self):
        """The text says what the shape does."""
        floor = Floor(an_alert())
        floor.events.append(
            [an_event(n + 1, at=NOON - timedelta(seconds=60 - n)) for n in range(60)]
        )
        page = floor.page(f"{HERE}/timeline")
        [picture] = page.all("svg")

        assert picture["aria-labelledby"] in [each.get("id") for each in page.all("figcaption")]
        assert page.all("rect")
        assert "11:43 22/11/2026 \u2013 12:00 22/11/2026; at most" in words(page)

    def test_without_events_it_says_so(self):
        """They may be older than what is kept."""
        answer = Floor(an_alert()).browser.get(f"{HERE}/timeline", headers={"HX-Request": "true"})

        assert "holds no event of this alert any more" in answer.text
        assert "<html" not in answer.text


def test_an_alert_that_is_not_there_is_no_page():
    """Nor are its events."""
    floor = Floor(*some_alerts(1))

    for path in ("", "/events", "/timeline", "/suppress"):
        assert floor.browser.get(f"/alerts/gone{path}").status_code == 404


def test_the_history_says_what_it_was_in_the_readers_words():
    """Not the code that it is kept as."""
    closed = AlertEntry(
        at=NOON,
        who="lan",
        action="closed",
        reason="máy quét",
        disposition=Disposition.FALSE_POSITIVE,
    )
    said = words(Floor(an_alert(history=(closed,)), language="vi").page(HERE))

    assert "lan đóng (cảnh báo sai): máy quét" in said
    assert "false-positive" not in said


def test_times_within_a_minute_are_told_apart():
    """ "12:00 - 12:00" says nothing."""
    floor = Floor(an_alert(first_seen=NOON, last_seen=NOON + timedelta(seconds=9)))
    said = words(floor.page(HERE))

    assert "12:00:00 22/11/2026 – 12:00:09 22/11/2026" in said  # noqa: RUF001 - an en dash
