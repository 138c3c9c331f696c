"""What is special to the state in memory: values are shared, tables are not."""

from sentinel.store.state_memory import MemoryState
from tests.samples import an_agency, an_alert


def test_what_a_look_gave_out_does_not_change_afterwards():
    """A mapping that was read is the reader's own."""
    state = MemoryState()
    with state.transaction() as change:
        change.put_windows({"a": b"1"})
        change.put_agencies([an_agency()])
    with state.reading() as look:
        windows, registry = look.windows(), look.registry()
    with state.transaction() as change:
        change.put_windows({"a": None})
        change.put_agencies([an_agency(id="so-b", sources=())])
    assert (windows, list(registry.agencies)) == ({"a": b"1"}, ["so-a"])


def test_closing_forgets_nothing_that_is_still_looked_at():
    """A test may close it and look again: there is no file to let go of."""
    state = MemoryState()
    with state.transaction() as change:
        change.put_alert(an_alert())
    state.close()
    with state.reading() as look:
        assert an_alert() == look.alert(an_alert().id)
