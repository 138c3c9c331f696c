"""The queue as a file."""

import csv
import io

import pytest

from sentinel.model.alert import AlertState, Disposition
from sentinel.model.text import Language
from sentinel.ports import AlertQuery
from sentinel.web.console.triage.export import COLUMNS, all_of, cell, lines, table
from tests.samples import an_agency, an_alert
from tests.unit.web.console.triage.floor import Floor, some_alerts


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))


def test_the_file_holds_all_that_fit_the_filter():
    """More than a page, more than a portion, worst first."""
    floor = Floor(*some_alerts(512), an_alert(state=AlertState.CLOSED))
    answer = floor.browser.get("/alerts.csv?q=status:open")

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="sentinel-alerts-20261122T050300Z.csv"'
    )
    assert len({row["alert.id"] for row in rows_of(answer)}) == 512


def test_a_row_says_what_the_queue_says_with_times_for_machines():
    """The names in the reader's language, the rest the same for everybody."""
    alert = an_alert(state=AlertState.CLOSED, disposition=Disposition.BENIGN, assignee="lan")
    [row] = rows_of(Floor(alert, language="vi").browser.get("/alerts.csv?q=status:any"))

    assert row == {
        "alert.id": "a1b2c3d4e5f60718",
        "score": "72",
        "severity": "high",
        "state": "closed",
        "disposition": "benign",
        "assignee": "lan",
        "agency.id": "so-a",
        "agency.name": "Sở A",
        "system.id": "dvc",
        "system.name": "Cổng dịch vụ công",
        "title": "Dò mật khẩu SSH",
        "rule.id": "4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10",
        "rule.title": "SSH password guessing",
        "subject": "source.ip=203.0.113.45; host.hostname=web01",
        "events": "12",
        "detections": "1",
        "opened": "2026-11-22T05:00:00Z",
        "first_seen": "2026-11-22T04:43:00Z",
        "last_seen": "2026-11-22T05:00:00Z",
    }


def test_without_a_filter_it_is_the_persons_own():
    """As the queue's."""
    floor = Floor(an_alert(), an_alert(id="x", cause="x", state=AlertState.CLOSED))

    assert len(rows_of(floor.browser.get("/alerts.csv"))) == 1


def test_a_filter_with_faults_is_a_page_and_no_file():
    """An empty file would look like an empty queue."""
    answer = Floor().browser.get("/alerts.csv?q=colour:red")

    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1+1", "' =1+1"),
        ("  @x", "'  @x"),
        ("－1", "'－1"),  # noqa: RUF001 - a wide minus is the case
        ("-5", "'-5"),
        ("a=1", "a=1"),
        ("a\r\nb", "a⟨U+000D⟩↵b"),
        (72, "72"),
        ("", ""),
    ],
)
def test_a_cell_is_one_line_of_text(value, expected):
    """Never a formula."""
    assert expected == cell(value)


def test_an_alert_that_moves_while_it_is_read_is_written_once():
    """The queue goes on while a file is made."""

    class Moving:
        asked = 0

        def alerts(self, query):
            self.asked += 1
            return [[an_alert(), an_alert(id="b")], [an_alert(id="b")], []][self.asked - 1]

    assert [alert.id for alert in all_of(Moving(), AlertQuery())] == ["a1b2c3d4e5f60718", "b"]


def test_no_alert_is_a_file_with_its_columns():
    """A script can read it all the same."""
    text = "".join(lines(table([], {"so-a": an_agency()}, Language.EN)))

    assert text == "\ufeff" + ",".join(COLUMNS) + "\r\n"
