"""What is said of a warning in one line, and of each of its copies."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from sentinel.model.ids import AgencyId, AlertId
from sentinel.model.text import Language
from sentinel.model.warning import DeliveryState, WarningState
from sentinel.web.console.overview.warning_rows import (
    Which,
    agency_name,
    alert_title,
    copy_rows,
    warning_row,
)
from tests.samples import NOON, a_card, an_agency, an_alert
from tests.unit.web.console.overview.site import Site

VI, EN = Language.VI, Language.EN
MINUTE = timedelta(minutes=1)


def a_reader(now=NOON, language=EN):
    return SimpleNamespace(now=now, language=language)


def test_together_the_filters_name_every_state():
    """Drafts have a list of their own; nothing else is left out."""
    assert frozenset(WarningState) == Which.ANY.states | Which.DRAFT.states
    assert {WarningState.APPROVED, WarningState.SENT} == Which.OPEN.states
    for state in WarningState:
        assert {state} == Which(state.value).states


def test_a_line_counts_receipts_and_failures():
    """Of how many recipients, how many have it, and how many never will."""
    site = Site()
    states = [DeliveryState.ACKNOWLEDGED, DeliveryState.ACCEPTED, DeliveryState.FAILED]
    warning = site.released("w-1", *states)

    row = warning_row(warning, site.desk, {site.agency.id: site.agency}, a_reader())

    assert (row.received, row.recipients, row.failed) == (1, 3, 1)
    assert (row.agency, row.what) == ("Department A", "SSH password guessing")


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (WarningState.APPROVED, True),
        (WarningState.SENT, True),
        (WarningState.ACKNOWLEDGED, False),
        (WarningState.CANCELLED, False),
    ],
)
def test_only_what_is_under_way_can_be_late(state, late):
    """One minute past the deadline; at the deadline itself nothing is."""
    site = Site()
    warning = site.released("w-1", state=state, acknowledge_by=NOON)

    def row(now):
        return warning_row(warning, site.desk, {}, a_reader(now))

    assert (False, late) == (row(NOON).is_late, row(NOON + MINUTE).is_late)


def test_an_agency_that_has_left_is_known_by_its_id():
    """Its warnings stay."""
    agency = an_agency()

    assert agency_name(AgencyId("gone"), {agency.id: agency}, VI) == "gone"
    assert agency_name(agency.id, {agency.id: agency}, VI) == "Sở A"


def test_a_title_is_the_advice_s_or_the_rule_s():
    """In the reader's language where there is one; "" where there is no alert."""
    site = Site()
    site.put(an_alert(), an_alert(id=AlertId("b"), cause="b", card=a_card(advice=None)))

    titles = [
        alert_title(site.desk, AlertId(alert), VI) for alert in ("a1b2c3d4e5f60718", "b", "c")
    ]

    assert titles == ["Dò mật khẩu SSH", "SSH password guessing", ""]


def test_a_copy_says_who_it_is_and_where_to_ring():
    """As far as the registry still knows the contact."""
    site = Site()
    warning = site.released("w-1", *[DeliveryState.ACCEPTED] * 3)

    rows = copy_rows(warning, site.agency, EN)

    assert [(row.role, row.phone) for row in rows] == [
        ("contact point", ""),
        ("operator", "+84 24 0000 0001"),
        ("", ""),
    ]
    assert [(row.role, row.phone) for row in copy_rows(warning, None, EN)] == [("", "")] * 3
