"""What is hidden, by which suppression, and when it is over."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.alert.suppress import LONGEST, Working, begun, lifted, prolonged
from sentinel.errors import NotAllowed
from sentinel.model.ids import AgencyId, RuleId, SuppressionId
from sentinel.model.suppression import Scope
from tests.samples import NOON

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
GUESSING = RuleId("guessing")
SO_A = AgencyId("so-a")
SUBJECT = {"source.ip": "203.0.113.45", "host.hostname": "web01"}


def a_suppression(name="s-1", *, until=NOON + DAY, **scope):
    scope = Scope(**{"rule": GUESSING, "agency": SO_A} | scope)
    return begun(SuppressionId(name), scope, "Guessing", "lan", "quét", NOON, until)


def hiding(suppressions, at=NOON, rule=GUESSING, agency=SO_A, subject=SUBJECT):
    found = Working(suppressions, at).hiding(rule, agency, subject)
    return found and found.id


@pytest.mark.parametrize(
    ("scope", "hides"),
    [
        ({}, True),
        ({"subject": {"host.hostname": "WEB01"}}, True),
        ({"subject": {"host.hostname": "web02"}}, False),
        ({"subject": {"user.name": "root"}}, False),
        ({"rule": RuleId("other")}, False),
        ({"agency": AgencyId("so-b")}, False),
        ({"agency": None}, False),
        ({"agency": None, "everywhere": True}, True),
    ],
)
def test_a_detection_is_hidden_where_the_scope_fits(scope, hides):
    """By its rule, its agency and the values of its cause."""
    assert (hiding([a_suppression(**scope)]) == "s-1") is hides


def test_what_nobody_owns_is_hidden_by_its_own_scope():
    """Unassigned is an owner like others, and not everybody."""
    assert hiding([a_suppression(agency=None)], agency=None) == "s-1"
    assert hiding([a_suppression()], agency=None) is None


@pytest.mark.parametrize(
    ("at", "hides"),
    [(NOON - MOMENT, False), (NOON, True), (NOON + DAY - MOMENT, True), (NOON + DAY, False)],
)
def test_it_hides_from_its_beginning_to_its_end(at, hides):
    """To the moment; at its end the next detection is shown."""
    assert (hiding([a_suppression()], at) == "s-1") is hides


def test_a_lifted_one_hides_nothing_any_more():
    """Though its end is still to come."""
    assert hiding([lifted(a_suppression(), "minh", "xong", NOON + MOMENT)], NOON + MOMENT) is None


def test_a_prolonged_one_goes_on_without_a_gap():
    """From its first beginning to its new end."""
    longer = prolonged(a_suppression(), "minh", "chưa xong", NOON + MOMENT, NOON + 2 * DAY)

    assert hiding([longer], NOON) == "s-1"
    assert hiding([longer], NOON + DAY) == "s-1"
    assert hiding([longer], NOON + 2 * DAY) is None


def test_of_several_that_fit_the_first_is_named():
    """Each detection counts for one suppression: the sums stay true."""
    assert hiding([a_suppression("s-2"), a_suppression("s-1")]) == "s-2"


@given(
    st.lists(
        st.builds(
            a_suppression,
            name=st.text("sx", min_size=1),
            until=st.timedeltas(MOMENT, LONGEST).map(lambda ahead: NOON + ahead),
            rule=st.sampled_from([GUESSING, RuleId("other")]),
            agency=st.sampled_from([SO_A, AgencyId("so-b"), None]),
            everywhere=st.booleans(),
            subject=st.dictionaries(st.sampled_from(["source.ip"]), st.sampled_from("ab")),
        )
    ),
    st.timedeltas(timedelta(0), LONGEST).map(lambda ahead: NOON + ahead),
    st.sampled_from([SO_A, None]),
    st.dictionaries(st.sampled_from(["source.ip", "user.name"]), st.sampled_from("aAb")),
)
def test_the_index_finds_what_a_look_at_each_would_find(suppressions, at, agency, subject):
    """Quick and plain agree."""
    plain = [
        one.id
        for one in suppressions
        if one.works(at) and one.scope.fits(GUESSING, agency, subject)
    ]

    assert hiding(suppressions, at, agency=agency, subject=subject) == next(iter(plain), None)


def test_the_same_scope_is_found_however_it_is_written():
    """Case of values and the agency of an `everywhere` make no difference; a wider scope does."""
    narrow = a_suppression(subject={"host.hostname": "web01"}, everywhere=True)
    working = Working([narrow], NOON)

    same = Scope(rule=GUESSING, everywhere=True, subject={"host.hostname": "WEB01"})
    assert working.same(same) == narrow
    assert working.same(Scope(rule=GUESSING, everywhere=True)) is None


@pytest.mark.parametrize("until", [NOON + MOMENT, NOON + LONGEST])
def test_an_end_may_be_near_or_a_quarter_of_a_year_off(until):
    """Both bounds are allowed."""
    assert a_suppression(until=until).expires == until


@pytest.mark.parametrize(
    ("until", "says"),
    [
        (NOON, "is past"),
        (NOON + LONGEST + MOMENT, "at most 90 days"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "is past"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), "at most 90 days"),
    ],
)
def test_an_end_that_is_past_or_too_far_off_is_refused(until, says):
    """When it begins, and counted anew from the day on which it is prolonged."""
    with pytest.raises(NotAllowed, match=says):
        a_suppression(until=until)
    with pytest.raises(NotAllowed, match=says):
        prolonged(a_suppression(), "lan", "quét", NOON, until)


def test_what_has_ended_stays_ended():
    """The sentence says how it ended, and what to do instead."""
    expired = a_suppression()
    ended = lifted(a_suppression(), "minh", "xong", NOON)

    for change in (
        lambda one: lifted(one, "lan", "x", NOON + DAY),
        lambda one: prolonged(one, "lan", "x", NOON + DAY, NOON + 2 * DAY),
    ):
        with pytest.raises(NotAllowed, match=r"ended at 12:00 23/11/2026 .* begin a new one"):
            change(expired)
        with pytest.raises(NotAllowed, match="lifted by minh at 12:00 22/11/2026"):
            change(ended)


@pytest.mark.parametrize(("who", "reason", "says"), [(" ", "x", "name"), ("lan", "\t", "reason")])
def test_every_change_has_a_person_and_a_reason(who, reason, says):
    """Lifting and prolonging as well as beginning."""
    one = a_suppression()
    for change in (
        lambda: begun(one.id, one.scope, one.title, who, reason, NOON, NOON + DAY),
        lambda: prolonged(one, who, reason, NOON, NOON + DAY),
        lambda: lifted(one, who, reason, NOON),
    ):
        with pytest.raises(NotAllowed, match=f"{says} is empty"):
            change()
