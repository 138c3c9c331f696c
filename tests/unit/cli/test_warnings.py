"""Warnings on a terminal."""

from hashlib import sha256

from sentinel.model.warning import Letter, WarningEntry, WarningState
from sentinel.ports import WarningQuery
from tests.samples import NOON, a_delivery, a_warning

TOKEN = "a-token-nobody-can-guess-0123456789"
SENT = a_warning(
    number="CB-2026-000123",
    state=WarningState.SENT,
    approved_at=NOON,
    approved_by="An",
    acknowledge_by=NOON,
    report_by=NOON,
    acknowledged_at=NOON,
    acknowledged_by="Bình",
    deliveries=(
        a_delivery(
            token=sha256(TOKEN.encode()).hexdigest(),
            letter=Letter(
                subject="[TLP:AMBER] Cảnh báo số CB-2026-000123",
                text=f"Kính gửi\n\nhttps://warn.example/w/{TOKEN}\n\x1b[2J",
                html="",
            ),
        ),
    ),
    history=(WarningEntry(at=NOON, who="An", action="approved", reason="CB-2026-000123"),),
)


def test_the_list(run, desk):
    """A row a warning; a draft has no number yet."""
    desk.warnings_ = [a_warning(), SENT]

    done = run("warnings", "list")

    assert [WarningQuery()] == desk.asked
    draft, sent = done.out.splitlines()[1:]
    assert draft.split()[:5] == ["w-1", "-", "so-a", "draft", "high"]
    assert sent.split()[:5] == ["w-1", "CB-2026-000123", "so-a", "sent", "high"]


def test_the_list_can_be_narrowed(run, desk):
    """By state, agency, alert, number."""
    run("warnings", "list", "--state", "sent", "--agency", "so-b", "--alert", "a1", "--limit", "3")

    assert [
        WarningQuery(states=frozenset({WarningState.SENT}), agency="so-b", alert="a1", limit=3)
    ] == desk.asked


def test_one_warning_by_its_number(run, desk):
    """Deadlines, copies, the letter, the history."""
    desk.warnings_ = [SENT]

    shown = run("warnings", "show", "CB-2026-000123").out

    assert "CB-2026-000123 - TLP:AMBER - sent" in shown
    assert "Approved: 12:00 22/11/2026, An" in shown
    assert "To be acknowledged by: 12:00 22/11/2026" in shown
    assert "Acknowledged: 12:00 22/11/2026, Bình" in shown
    assert "<truc@so-a.example>: waiting to be sent" in shown
    assert "[TLP:AMBER] Cảnh báo số CB-2026-000123" in shown
    assert "12:00 22/11/2026  An  approved: CB-2026-000123" in shown
    assert "approve w-1" not in shown


def test_the_acknowledge_link_belongs_to_its_recipient(run, desk):
    """Neither page nor JSON shows the token or its hash; nothing of the letter acts."""
    desk.warnings_ = [SENT]

    for arguments in (["show", "w-1"], ["show", "w-1", "--json"], ["list", "--json"]):
        shown = run("warnings", *arguments).out

        assert TOKEN not in shown
        assert sha256(TOKEN.encode()).hexdigest() not in shown
        assert "\x1b" not in shown


def test_a_draft_says_how_it_is_approved(run, desk):
    """The command to go on with."""
    shown = run("warnings", "show", "w-1").out

    assert "sentinel warnings approve w-1" in shown


def test_approving(run, desk):
    """It says who, and shows the number it got."""
    done = run("warnings", "approve", "w-1", "--as", "An")

    assert desk.asked == [("approve", "w-1", "An")]
    assert done.out == "Warning CB-2026-000001 is approved; copies to send: 1\n"


def test_for_machines(run, desk):
    """The API's shapes."""
    assert [one["id"] for one in run("warnings", "list", "--json").json] == ["w-1"]
    assert run("warnings", "show", "w-1", "--json").json["state"] == "draft"
    approved = run("warnings", "approve", "w-1", "--as", "An", "--json").json
    assert approved["number"] == "CB-2026-000001"


def test_one_that_is_not_there(run, desk):
    """Refused with a sentence."""
    done = run("warnings", "show", "CB-2026-999999")

    assert (done.code, done.err) == (1, "there is no warning 'CB-2026-999999'\n")
