"""What a record means."""

from tests.samples import an_event


def test_a_missing_field_reads_as_an_empty_text():
    """Absence, null and numbers are all text to a person."""
    event = an_event(fields={"source.port": 22, "user.name": None})

    assert (event.text("source.port"), event.text("user.name"), event.text("no.such")) == (
        "22", "", "",
    )  # fmt: skip
