"""The lines behind an alert are the agency's own, or none."""

from sentinel.desk import StoredEvents
from sentinel.model.ids import AgencyId
from sentinel.store.events_memory import MemoryEvents
from tests.samples import an_alert, an_event


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
