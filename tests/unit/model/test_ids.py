"""Names that never change."""

from sentinel.model.ids import JournalId, Offset, event_id


def test_an_event_is_named_by_its_place_in_the_journal():
    """The same place gives the same name, and names sort as places do."""
    journal = JournalId("0a1b2c3d")

    assert event_id(journal, Offset(7)) == "0a1b2c3d-000000000007"
    assert event_id(journal, Offset(7)) < event_id(journal, Offset(1000))
