"""The table of fields is the truth: nothing else is written, and with the types it says."""

import re

import pytest

from sentinel.model.ids import EventId, Offset
from sentinel.normalise.fields import FIELDS, field_of
from sentinel.normalise.read import read
from tests.samples import a_record
from tests.unit.normalise.lines import corpus_lines, wrong_fields


@pytest.mark.parametrize("raw", corpus_lines())
def test_every_field_of_the_corpus_is_in_the_table(raw):
    """Its name is known and its values have the type that stands there."""
    event = read(a_record(raw), EventId("0a1b2c3d-000000000001"), Offset(1))

    assert wrong_fields(event.fields) == {}


def test_every_field_of_the_table_is_written_somewhere():
    """A name that no line of the corpus leads to would be a wish."""
    origins = ("udp 127.0.0.1:5514", "/var/log/syslog")
    written = {
        name
        for raw in corpus_lines()
        for origin in origins
        for name in read(a_record(raw, origin=origin), EventId("x-1"), Offset(1)).fields
    }

    unwritten = [
        name
        for name in FIELDS
        if name not in written
        and not any(re.fullmatch(name.replace(".*", r"\..+"), other) for other in written)
    ]

    assert not unwritten


def test_each_field_says_where_it_comes_from():
    """A person can read the table."""
    assert all(field.origin for field in FIELDS.values())
    assert field_of("log.syslog.structured_data.x@1.y") is not None
    assert field_of("log.syslog.something") is None
