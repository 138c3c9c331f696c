"""What people do: each action one transaction that says what it changed."""

from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_network

import pytest

from sentinel.desk import Issuing, SocDesk, StoredEvents
from sentinel.errors import NotAllowed, NotFound, RegistryError
from sentinel.model.agency import Others, Source
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.ids import AgencyId, AlertId, InputName, SourceId, WarningId
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.ports import AlertQuery, WarningQuery
from sentinel.store.events_memory import MemoryEvents
from sentinel.store.state_memory import MemoryState
from sentinel.warn import release
from tests.policies import an_issuer, the_policy
from tests.samples import NOON, CountingTokens, FixedClock, an_agency, an_alert, an_event


@pytest.fixture
def state():
    state = MemoryState()
    with state.transaction() as writer:
        writer.put_agencies([an_agency()])
        writer.put_alert(an_alert())
        writer.put_warning(release.draft(an_alert(), an_agency(), NOON))
    return state


@pytest.fixture
def desk(state):
    issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens())
    return SocDesk(state, issuing, FixedClock())


def _draft(desk):
    return desk.warnings(WarningQuery())[0]


def test_the_life_of_an_alert_is_written_down(desk):
    """Acknowledge, take, close: who, when and why stand in the history."""
    alert = desk.alerts(AlertQuery())[0].id
    desk.acknowledge(alert, "lan")
    desk.take(alert, "lan", "xem nhật ký")
    desk.close(alert, "minh", Disposition.BENIGN, "kiểm thử của đơn vị")

    after = desk.alert(alert)
    assert (after.state, after.disposition) == (AlertState.CLOSED, Disposition.BENIGN)
    assert [(entry.who, entry.reason) for entry in after.history[-3:]] == [
        ("lan", ""),
        ("lan", "xem nhật ký"),
        ("minh", "benign: kiểm thử của đơn vị"),
    ]


def test_a_refused_action_changes_nothing(desk):
    """Closing twice is refused in a sentence, and what is unknown is not found."""
    alert = desk.alerts(AlertQuery())[0].id
    closed = desk.close(alert, "lan", Disposition.BENIGN, "đã rõ")

    with pytest.raises(NotAllowed):
        desk.close(alert, "minh", Disposition.FALSE_POSITIVE, "nữa")
    with pytest.raises(NotFound):
        desk.acknowledge(AlertId("0" * 16), "lan")
    assert desk.alert(alert) == closed


def test_approval_numbers_and_fills_the_outbox_once(desk):
    """A second approval is refused and takes no number."""
    approved = desk.approve(_draft(desk).id, "lan")

    assert (approved.number, approved.approved_by) == ("CB-2026-000001", "lan")
    assert [copy.state for copy in approved.deliveries] == [DeliveryState.QUEUED]
    with pytest.raises(NotAllowed, match="CB-2026-000001"):
        desk.approve(approved.id, "minh")
    assert desk.warning(WarningId("CB-2026-000001")) == desk.warning(approved.id)


def test_a_failed_approval_leaves_no_gap_in_the_numbers(desk, state):
    """An agency without contacts: refused, and the next approval gets the first number."""
    with state.transaction() as writer:
        writer.put_agencies([an_agency(contacts=())])
    with pytest.raises(NotAllowed):
        desk.approve(_draft(desk).id, "lan")
    with state.transaction() as writer:
        writer.put_agencies([an_agency()])

    assert desk.approve(_draft(desk).id, "lan").number == "CB-2026-000001"


def test_only_the_token_of_a_letter_acknowledges_it_and_once(desk):
    """Looking changes nothing; the first name stays."""
    desk.approve(_draft(desk).id, "lan")
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


def test_an_import_says_what_changed_and_is_whole_or_nothing(desk):
    """The same file again changes nothing; a clash with another agency refuses all of it."""
    renamed = an_agency(code="G01.23")
    other = an_agency(id=AgencyId("so-b"), sources=())

    assert desk.import_agencies([renamed, other], "lan") == ["so-a", "so-b"]
    assert desk.import_agencies([renamed, other], "lan") == []

    thief = replace(other, sources=an_agency().sources)
    newcomer = an_agency(id=AgencyId("so-c"), sources=(), parent=AgencyId("nobody"))
    with pytest.raises(RegistryError) as refused:
        desk.import_agencies([thief, newcomer], "lan")
    assert len(refused.value.faults) == 3
    assert [agency.id for agency in desk.agencies()] == ["so-a", "so-b"]


def test_sources_that_share_an_input_by_address_do_not_clash(desk):
    """Two agencies behind one listener, each by its own addresses."""
    sources = [
        Source(id=SourceId(f"s{n}"), input=InputName("in"), addresses=(ip_network(f"192.0.2.{n}"),))
        for n in (1, 2)
    ]
    agencies = [
        an_agency(id=AgencyId(f"so-{n}"), sources=(source,)) for n, source in enumerate(sources)
    ]

    assert len(desk.import_agencies(agencies, "lan")) == 2


def test_the_events_of_an_alert_are_found_in_the_agencys_own_store():
    """Evidence by id, and what the same subject did around it; another agency's stays hidden."""
    store = MemoryEvents()
    store.append(
        [
            an_event(1),
            an_event(2, fields={"source.ip": "198.51.100.9"}),
            an_event(3, agency=AgencyId("so-b")),
        ]
    )
    finder = StoredEvents(store)
    alert = an_alert(subject={"source.ip": "203.0.113.45"})

    assert [event.offset for event in finder.events_of(alert, 10)] == [1]
    assert [event.offset for event in finder.events_around(alert, 5, 10)] == [1]
    gone = an_alert(agency=AgencyId("so-b"))
    assert finder.events_of(gone, 10) == []


def test_an_import_may_be_the_whole_registry(desk):
    """What the file does not name goes: the shipped example makes room for real agencies."""
    real = an_agency(id=AgencyId("so-thong-tin"))
    with pytest.raises(RegistryError):
        desk.import_agencies([real], "lan")
    desk.approve(_draft(desk).id, "lan")

    assert desk.import_agencies([real], "lan", Others.REMOVE) == ["so-thong-tin", "so-a"]

    assert [agency.id for agency in desk.agencies()] == ["so-thong-tin"]
    assert desk.acknowledge_warning("token-1", "Trần Thị Bình").agency.id == "so-a"
