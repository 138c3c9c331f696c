"""What every state does with warnings and their copies: one suite over all of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import NotFound
from sentinel.model.warning import DeliveryState, WarningEntry, WarningState
from sentinel.ports import WarningQuery
from tests.samples import NOON, a_delivery, a_warning

MINUTE = timedelta(minutes=1)


def put(state, warnings):
    with state.transaction() as change:
        for warning in warnings:
            change.put_warning(warning)


def ids(values):
    return [value.id for value in values]


def a_sent_warning(name="w-1", *contacts, **changes):
    copies = tuple(
        a_delivery(
            warning=name, contact=contact, token=f"{name} {contact}", message_id=f"{name} {contact}"
        )
        for contact in contacts or ("duty",)
    )
    defaults = {"id": name, "state": WarningState.APPROVED, "deliveries": copies}
    return a_warning(**defaults | changes)


def test_a_warning_comes_back_as_it_was_put(state):
    """With deliveries in their order and with its history, by id and by number."""
    history = (WarningEntry(at=NOON, who="Lan", action="approved"),)
    warning = a_sent_warning("w-1", "z", "a", number="CB-2026-000001", history=history)
    put(state, [warning, a_warning(id="w-2")])
    with state.reading() as look:
        found = look.warning("w-1"), look.warning("CB-2026-000001")
    assert (warning, warning) == found


@pytest.mark.parametrize("name", ["nothing", ""])
def test_a_warning_that_is_not_there_is_not_found(state, name):
    """The empty number of a draft is no name."""
    put(state, [a_warning()])
    with state.reading() as look, pytest.raises(NotFound, match="no warning"):
        look.warning(name)


def test_a_later_put_keeps_the_history_and_the_copies_of_a_warning(state):
    """What went out went out, even where the value that is put does not know of it."""
    drafted = WarningEntry(at=NOON, who="", action="drafted")
    cancelled = WarningEntry(at=NOON + MINUTE, who="Lan", action="cancelled", reason="mistake")
    warning = a_sent_warning(history=(drafted,))
    put(state, [warning])
    over = replace(warning, state=WarningState.CANCELLED)
    put(state, [replace(over, deliveries=(), history=(cancelled,))])
    with state.reading() as look:
        assert replace(over, history=(drafted, cancelled)) == look.warning("w-1")


def test_warnings_come_newest_first(state):
    """With deliveries, without history, narrowed and cut as asked."""
    entry = WarningEntry(at=NOON, who="", action="drafted")
    put(
        state,
        [
            a_sent_warning("old", history=(entry,)),
            a_warning(id="new", created=NOON + 2 * MINUTE, agency="so-b", alert="other"),
            a_warning(id="mid", created=NOON + MINUTE),
        ],
    )
    queries = [
        WarningQuery(),
        WarningQuery(limit=2),
        WarningQuery(skip=1, limit=1),
        WarningQuery(skip=3),
        WarningQuery(agency="so-a"),
        WarningQuery(alert="other"),
        WarningQuery(states=frozenset({WarningState.APPROVED, WarningState.CANCELLED})),
    ]
    with state.reading() as look:
        found = [ids(look.warnings(query)) for query in queries]
        last = look.warnings(WarningQuery())[-1]
    expected = [
        ["new", "mid", "old"],
        ["new", "mid"],
        ["mid"],
        [],
        ["mid", "old"],
        ["new"],
        ["old"],
    ]
    assert (expected, a_sent_warning("old")) == (found, last)


@pytest.mark.parametrize(
    "clash",
    [
        a_sent_warning("w-2", number="CB-2026-000001"),
        a_warning(id="w-2", deliveries=(a_delivery(warning="w-2", token="w-1 duty"),)),
        a_warning(id="w-2", deliveries=(a_delivery(warning="w-2", message_id="w-1 duty"),)),
    ],
    ids=["number", "token", "message id"],
)
def test_number_token_and_message_id_are_given_once(state, clash):
    """The second is refused, and nothing of it stays. Drafts share the empty number."""
    put(state, [a_sent_warning(number="CB-2026-000001"), a_warning(id="draft")])
    with pytest.raises(ValueError, match="w-2"):
        put(state, [clash])
    put(state, [a_warning(id="another draft")])
    with state.reading() as look:
        assert ids(look.warnings(WarningQuery())) == ["w-1", "draft", "another draft"]


def test_a_delivery_is_replaced_in_its_place(state):
    """One row a recipient: putting it again changes the row, not the order."""
    put(state, [a_sent_warning("w-1", "z", "a")])
    with state.transaction() as change:
        queued = change.delivery_by_token("w-1 z")
        accepted = replace(queued, state=DeliveryState.ACCEPTED, attempts=1, accepted_at=NOON)
        change.put_delivery(accepted)
    with state.reading() as look:
        found = look.warning("w-1").deliveries, look.delivery_by_token("w-1 z")
    assert ((accepted, a_sent_warning("w-1", "z", "a").deliveries[1]), accepted) == found


def test_a_token_nobody_has_leads_nowhere(state):
    """None, not an error: who asks is a stranger."""
    with state.reading() as look:
        assert None is look.delivery_by_token("guess")


def test_a_delivery_without_its_warning_is_refused(state):
    """There is nothing it could be a copy of."""
    with pytest.raises(ValueError, match="w-1"), state.transaction() as change:
        change.put_delivery(a_delivery())


def test_due_deliveries_are_those_whose_time_has_come(state):
    """Queued or found attempting, due now or before, oldest first, never of a cancelled warning."""
    copies = [
        (name, state_, due, a_sent_warning(name).deliveries[0])
        for name, state_, due in [
            ("later", DeliveryState.QUEUED, NOON + MINUTE),
            ("now", DeliveryState.QUEUED, NOON),
            ("crashed", DeliveryState.ATTEMPTING, NOON - 2 * MINUTE),
            ("taken", DeliveryState.ACCEPTED, NOON - MINUTE),
            ("failed", DeliveryState.FAILED, NOON - MINUTE),
            ("read", DeliveryState.ACKNOWLEDGED, NOON - MINUTE),
            ("before", DeliveryState.QUEUED, NOON - MINUTE),
        ]
    ]
    put(
        state,
        [
            a_sent_warning(name, deliveries=(replace(copy, state=state_, due=due),))
            for name, state_, due, copy in copies
        ]
        + [a_sent_warning("gone", state=WarningState.CANCELLED)],
    )
    with state.reading() as look:
        found = [[copy.warning for copy in look.due_deliveries(NOON, limit)] for limit in (10, 2)]
        pending = look.count_pending()
    assert found == [["crashed", "before", "now"], ["crashed", "before"]]
    assert pending == 4  # "later" has not left either
