"""History only ever grows."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.alert import AlertEntry
from sentinel.store.history import missing_entries
from tests.samples import NOON

# Few distinct ones, so that equal entries are common.
entries = st.lists(
    st.builds(
        AlertEntry,
        at=st.integers(0, 2).map(lambda minutes: NOON + timedelta(minutes=minutes)),
        who=st.sampled_from(["", "Lan"]),
        action=st.just("seen"),
    ),
    max_size=6,
)


@given(entries, entries)
def test_a_history_put_again_with_more_at_its_end_gives_what_is_more(stored, more):
    """Also where two entries say the same: both happened."""
    assert more == missing_entries(stored, stored + more)


@given(entries, entries)
def test_putting_twice_adds_nothing_the_second_time(stored, given_entries):
    """What was added is there."""
    once = [*stored, *missing_entries(stored, given_entries)]
    assert missing_entries(once, given_entries) == []


@given(entries)
def test_a_new_entry_is_added_without_the_history_before_it(stored):
    """The alert came from a list: its history is empty but for what somebody did to it."""
    new = AlertEntry(at=NOON, who="Minh", action="closed")
    assert [new] == missing_entries(stored, [new])
