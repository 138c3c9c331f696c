"""What "fits" means: the reference that every store's answer is held against."""

import pytest

from sentinel.model.ids import AgencyId
from sentinel.ports import EventQuery
from sentinel.store.events_memory import MemoryEvents, fits, newest, value_texts
from tests.samples import an_event


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("Admin", ["admin"]),
        (True, ["true"]),
        (None, [""]),
        (1.0, ["1.0"]),
        (1, ["1"]),
        (["A", None, False, 2], ["a", "", "false", "2"]),
        ([], []),
    ],
)
def test_a_value_as_text(value, texts):
    """Folded, one text an element."""
    assert value_texts(value) == texts


def test_an_event_fits_its_agency_alone():
    """None asks for events of nobody, not for everybody's."""
    query = EventQuery(agency=None)

    assert not fits(an_event(), query)
    assert fits(an_event(agency=None), query)
    assert not fits(an_event(agency=AgencyId("")), query)


def test_newest_takes_no_negative_number():
    """A limit below nothing is nothing."""
    assert newest([an_event()], -1) == []


def test_closing_seals():
    """As a store on disk does."""
    store = MemoryEvents()
    store.append([an_event(3)])

    store.close()

    assert store.sealed_through() == 3
