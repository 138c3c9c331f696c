"""From draft to outbox."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from sentinel.errors import NotAllowed
from sentinel.model.agency import Role, Tlp, WarnPolicy
from sentinel.model.alert import Score
from sentinel.model.ids import AgencyId, AlertId, ContactId
from sentinel.model.severity import Severity
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.warn import release
from tests.samples import NOON, a_contact, an_agency, an_alert
from tests.unit.warn.letters import APPROVED, NUMBER, a_draft, a_released


def _contacts(*roles):
    return tuple(a_contact(id=ContactId(f"c-{role.value}"), role=role) for role in roles)


def test_a_draft_is_named_after_its_alert():
    """A replay makes the same draft, not a second one."""
    draft = release.draft(an_alert(), an_agency(policy=WarnPolicy(tlp=Tlp.RED)), NOON)

    assert draft.id == f"w-{an_alert().id}"
    assert (draft.state, draft.number) == (WarningState.DRAFT, "")
    assert (draft.severity, draft.tlp) == (Severity.HIGH, Tlp.RED)
    assert draft.history == (WarningEntry(at=NOON, who="", action="drafted"),)
    assert draft == release.draft(an_alert(), an_agency(policy=WarnPolicy(tlp=Tlp.RED)), NOON)


def test_a_draft_that_a_person_began_says_who():
    """Of the system's own the history names nobody."""
    draft = release.draft(an_alert(), an_agency(), NOON, who="lan")

    assert [entry.who for entry in draft.history] == ["lan"]


def test_release_numbers_dates_and_notes_who():
    warning = a_released()

    assert (warning.number, warning.state) == (NUMBER, WarningState.APPROVED)
    assert (warning.approved_at, warning.approved_by) == (APPROVED, "Trần B")
    assert warning.acknowledge_by == APPROVED + timedelta(hours=4)
    assert warning.report_by == NOON + timedelta(days=5)
    assert warning.history[-1] == WarningEntry(
        at=APPROVED, who="Trần B", action="approved", reason=NUMBER
    )


def test_each_acting_contact_gets_a_copy_with_a_token_of_its_own():
    """Owner and leader get no copy of their own while somebody acts."""
    contacts = _contacts(*Role)

    warning = a_released(agency=an_agency(contacts=contacts))

    assert [copy.contact for copy in warning.deliveries] == [
        "c-operator",
        "c-response-unit",
        "c-contact-point",
    ]
    assert len({copy.message_id for copy in warning.deliveries}) == 3
    for number, copy in enumerate(warning.deliveries, start=1):
        token = f"token-{number}"
        assert copy.token == sha256(token.encode()).hexdigest()
        assert f"https://canhbao.example/w/{token}\n" in copy.letter.text
        assert (copy.state, copy.due, copy.attempts) == (DeliveryState.QUEUED, APPROVED, 0)


def test_the_token_itself_is_in_the_letter_alone():
    (copy,) = a_released().deliveries

    assert "token-1" not in repr(replace(copy, letter=None))
    assert copy.letter.html.count("token-1") == 2
    assert copy.letter.text.count("token-1") == 1


def test_where_nobody_acts_everybody_is_told():
    """A letter to the leader alone is better than silence."""
    contacts = _contacts(Role.LEADER, Role.OWNER)

    warning = a_released(agency=an_agency(contacts=contacts))

    assert [copy.contact for copy in warning.deliveries] == ["c-leader", "c-owner"]


def test_an_agency_without_contacts_cannot_be_warned_and_the_error_says_what_to_do():
    with pytest.raises(NotAllowed, match="so-a has no contact to warn: add a contact point"):
        a_released(agency=an_agency(contacts=()))


def test_a_message_id_is_stable_unique_and_fit_for_mail():
    """Contact ids may hold anything; two that look alike still differ."""
    ids = [ContactId("trực-1"), ContactId("trực 1"), ContactId("x" * 80), ContactId("...")]
    agency = an_agency(contacts=tuple(a_contact(id=contact) for contact in ids))

    first = [copy.message_id for copy in a_released(agency=agency).deliveries]
    again = [copy.message_id for copy in a_released(agency=agency).deliveries]

    assert first == again
    assert len(set(first)) == 4
    for message_id in first:
        assert message_id.startswith(f"<{NUMBER}.")
        assert message_id.endswith("@canhbao.example>")
        assert message_id.isascii()
        assert " " not in message_id
        assert ".." not in message_id


def test_a_released_warning_is_not_released_again():
    """The error says its number and who approved it."""
    with pytest.raises(NotAllowed, match=f"{NUMBER} was released already, approved by Trần B"):
        a_released(warning=a_released())


def test_an_approval_by_the_system_is_called_that():
    with pytest.raises(NotAllowed, match="approved by the system"):
        a_released(warning=a_released(who=""))


def test_a_cancelled_warning_is_not_released():
    with pytest.raises(NotAllowed, match="was cancelled"):
        a_released(warning=a_draft(state=WarningState.CANCELLED))


def test_the_alert_may_have_grown_since_the_draft():
    grown = an_alert(score=Score(95, ()))

    warning = a_released(warning=a_draft(), alert=grown)

    assert warning.severity is Severity.CRITICAL
    assert warning.acknowledge_by == APPROVED + timedelta(hours=1)


def test_no_agency_is_warned_about_anothers_alert():
    """Text of one agency in another's mail is the failure that must never happen."""
    foreign = an_alert(agency=AgencyId("so-b"))
    nobodys = an_alert(agency=None)

    for alert in (foreign, nobodys):
        with pytest.raises(NotAllowed, match="so-a must not be warned about it"):
            release.draft(alert, an_agency(), NOON)
        with pytest.raises(NotAllowed, match="so-a must not be warned about it"):
            a_released(warning=a_draft(), alert=alert)
    with pytest.raises(NotAllowed, match="is about alert"):
        a_released(warning=a_draft(), alert=an_alert(id=AlertId("another")))
    with pytest.raises(NotAllowed, match="is about alert"):
        a_released(warning=a_draft(agency=AgencyId("so-b")))
