"""Warnings at the desk: begun by a person, seen before they leave, let go once."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from sentinel.errors import NotAllowed, NotFound
from sentinel.model.alert import Disposition
from sentinel.model.ids import AgencyId, AlertId, WarningId
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.ports import WarningQuery
from tests.samples import NOON, an_agency, an_alert

ALERT = an_alert().id


@pytest.fixture
def draft(room):
    room.put(an_alert())
    return room.desk.draft(ALERT, "lan")


def test_a_person_begins_a_warning_and_stands_in_its_history(desk, draft):
    """A draft: no number, no letters; the warning says who wanted it."""
    assert desk.warning(draft.id) == draft
    assert (draft.state, draft.number, draft.deliveries) == (WarningState.DRAFT, "", ())
    assert draft.history == (WarningEntry(at=NOON, who="lan", action="drafted"),)


def test_a_closed_alert_can_still_be_warned_about(desk, room):
    """Closed as a true positive, and then somebody thinks of the agency."""
    room.put(an_alert())
    desk.close(ALERT, "lan", Disposition.TRUE_POSITIVE, "đã xác minh")

    assert desk.draft(ALERT, "lan").alert == ALERT


def test_an_alert_has_one_warning(desk, draft):
    """A second draft is refused, whether or not the first has left; it is named."""
    with pytest.raises(NotAllowed, match=f"{draft.id}, draft"):
        desk.draft(ALERT, "minh")
    desk.approve(draft.id, "lan")
    with pytest.raises(NotAllowed, match="CB-2026-000001, approved"):
        desk.draft(ALERT, "minh")


@pytest.mark.parametrize(
    ("agency", "says"), [(None, "is unassigned"), (AgencyId("so-x"), "so-x .* is not registered")]
)
def test_where_nobody_can_be_warned_no_draft_begins(desk, room, agency, says):
    """Each refusal names what is missing."""
    room.put(an_alert(agency=agency))

    with pytest.raises(NotAllowed, match=says):
        desk.draft(ALERT, "lan")
    assert desk.warnings(WarningQuery()) == []


def test_a_draft_needs_an_alert_and_a_name(desk, room):
    """What is unknown is not found; nobody begins nothing."""
    with pytest.raises(NotFound):
        desk.draft(AlertId("a-x"), "lan")
    room.put(an_alert())
    with pytest.raises(NotAllowed, match="name is empty"):
        desk.draft(ALERT, " ")


def _without_links(warning):
    """A warning's letters, with the one thing cut out that differs from copy to copy."""
    texts = [copy.letter.text + copy.letter.html for copy in warning.deliveries]
    return [text.replace("/w/preview", "/w/").replace("/w/token-1", "/w/") for text in texts]


def test_a_preview_is_what_approval_sends(desk, draft):
    """Number, deadlines, recipients and every word of the letters, apart from the links."""
    preview = desk.preview(draft.id)

    approved = desk.approve(draft.id, "")
    assert (preview.number, preview.state) == (approved.number, approved.state)
    assert preview.acknowledge_by == approved.acknowledge_by
    assert preview.report_by == approved.report_by
    assert [copy.letter.subject for copy in preview.deliveries] == [
        copy.letter.subject for copy in approved.deliveries
    ]
    assert _without_links(preview) == _without_links(approved)


def test_a_preview_writes_nothing(desk, draft, room):
    """No number is taken, nothing is in the outbox, the warning stays a draft."""
    previews = [desk.preview(draft.id) for _ in range(3)]

    assert {preview.number for preview in previews} == {"CB-2026-000001"}
    assert desk.warning(draft.id) == draft
    with room.state.reading() as state:
        assert state.due_deliveries(datetime.max.replace(tzinfo=UTC), 10) == []
    assert room.tokens.given == 0
    assert desk.approve(draft.id, "lan").number == "CB-2026-000001"


def test_the_links_of_a_preview_open_nothing(desk, draft):
    """Neither before nor after the approval, and each letter has such a link."""
    preview = desk.preview(draft.id)
    assert all("https://canhbao.example/w/preview" in c.letter.text for c in preview.deliveries)

    for _ in range(2):
        with pytest.raises(NotFound):
            desk.notice("preview")
        if desk.warning(draft.id).state is WarningState.DRAFT:
            desk.approve(draft.id, "lan")


def test_a_preview_of_what_has_left_is_what_has_left(desk, draft):
    """An officer asks about a letter: the desk sees the very letter."""
    approved = desk.approve(draft.id, "lan")

    assert desk.preview(draft.id) == approved


def test_a_preview_without_recipients_is_refused_in_the_same_words(desk, draft, room):
    """Whoever looks learns it before approving."""
    desk.import_agencies([an_agency(contacts=())], "lan")

    with pytest.raises(NotAllowed) as previewed:
        desk.preview(draft.id)
    with pytest.raises(NotAllowed) as approved:
        desk.approve(draft.id, "lan")
    assert str(previewed.value) == str(approved.value)


def test_approval_numbers_and_fills_the_outbox_once(desk, draft):
    """A second approval is refused and takes no number."""
    approved = desk.approve(draft.id, "lan")

    assert (approved.number, approved.approved_by) == ("CB-2026-000001", "lan")
    assert [copy.state for copy in approved.deliveries] == [DeliveryState.QUEUED]
    with pytest.raises(NotAllowed, match="CB-2026-000001"):
        desk.approve(approved.id, "minh")
    assert desk.warning(WarningId("CB-2026-000001")) == desk.warning(approved.id)


def test_a_failed_approval_leaves_no_gap_in_the_numbers(desk, draft):
    """An agency without contacts: refused, and the next approval gets the first number."""
    desk.import_agencies([an_agency(contacts=())], "lan")
    with pytest.raises(NotAllowed):
        desk.approve(draft.id, "lan")
    desk.import_agencies([an_agency()], "lan")

    assert desk.approve(draft.id, "lan").number == "CB-2026-000001"


def test_only_the_token_of_a_letter_acknowledges_it_and_once(desk, draft):
    """Looking changes nothing; the first name stays."""
    desk.approve(draft.id, "lan")
    assert desk.notice("token-1").warning.state is WarningState.APPROVED

    first = desk.acknowledge_warning("token-1", "Trần Thị Bình")
    again = desk.acknowledge_warning("token-1", "Người khác")

    assert first.warning.acknowledged_by == "Trần Thị Bình"
    assert again == first
    assert desk.notice("token-1").delivery.state is DeliveryState.ACKNOWLEDGED
    for wrong in ("token-2", "", sha256(b"token-1").hexdigest()):
        with pytest.raises(NotFound):
            desk.notice(wrong)
        with pytest.raises(NotFound):
            desk.acknowledge_warning(wrong, "ai đó")
