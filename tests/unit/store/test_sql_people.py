"""What is special to people in SQL: sessions that are over are found without reading the others."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from sentinel.errors import NotFound
from sentinel.model.person import LoginSession, Person, PersonRole
from sentinel.store.schema import metadata
from sentinel.store.sql_people import PeopleWriter
from tests.samples import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def writer():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        people = PeopleWriter()
        people._connection = connection
        yield people
    engine.dispose()


def test_a_person_is_one_row(writer):
    """However often it is put; names sort as they are written."""
    for name in ("minh", "Lan", "lan", "đỗ", "lan"):
        writer.put_person(Person(name=name, role=PersonRole.ANALYST, password="hash", created=NOON))
    assert [person.name for person in writer.people()] == ["Lan", "lan", "minh", "đỗ"]


def test_somebody_unknown_is_named_in_the_refusal(writer):
    """A name is never guessed."""
    with pytest.raises(NotFound, match="nobody of the name 'Lan'"):
        writer.person("Lan")


def test_conditions_on_sessions_add_up(writer):
    """Each takes away what fits it: one alone is enough."""
    for place, token in enumerate("abcd"):
        at = NOON + place * MINUTE
        writer.put_session(LoginSession(token=token, person=f"p-{token}", started=at, seen=at))
    removed = writer.remove_sessions(token_sha256="d", person="p-c", seen_before=NOON + MINUTE)
    left = [token for token in "abcd" if writer.session(token)]
    assert (removed, left) == (3, ["b"])
