"""People and their sessions in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from sentinel.errors import NotFound
from sentinel.model.ids import PersonName
from sentinel.model.person import LoginSession, Person
from sentinel.store.codec import text_of, value_of
from sentinel.store.rows import session_of, session_row
from sentinel.store.schema import people, sessions
from sentinel.store.sql_put import put


class PeopleReader:
    """The part of `ports.StateReader` that tells of people."""

    _connection: Connection

    def people(self) -> Sequence[Person]:
        """See `ports.StateReader.people`."""
        texts = self._connection.execute(select(people.c.rest).order_by(people.c.name)).scalars()
        return [value_of(Person, text) for text in texts]

    def person(self, name: PersonName) -> Person:
        """See `ports.StateReader.person`."""
        text = self._connection.execute(select(people.c.rest).where(people.c.name == name)).scalar()
        if text is None:
            raise NotFound(f"there is nobody of the name {name!r}")
        return value_of(Person, text)

    def session(self, token_sha256: str) -> LoginSession | None:
        """See `ports.StateReader.session`."""
        row = (
            self._connection.execute(select(sessions).where(sessions.c.token == token_sha256))
            .mappings()
            .first()
        )
        return None if row is None else session_of(row)


class PeopleWriter(PeopleReader):
    """The part of `ports.StateTransaction` that changes people."""

    def put_person(self, person: Person) -> None:
        """See `ports.StateTransaction.put_person`."""
        put(self._connection, people, {"name": person.name, "rest": text_of(person)}, "name")

    def put_session(self, session: LoginSession) -> None:
        """See `ports.StateTransaction.put_session`."""
        put(self._connection, sessions, session_row(session), "token")

    def remove_sessions(
        self,
        *,
        token_sha256: str | None = None,
        person: PersonName | None = None,
        seen_before: datetime | None = None,
        started_before: datetime | None = None,
    ) -> int:
        """See `ports.StateTransaction.remove_sessions`. Nothing given: none."""
        fitting: list[ColumnElement[bool]] = []
        if token_sha256 is not None:
            fitting.append(sessions.c.token == token_sha256)
        if person is not None:
            fitting.append(sessions.c.person == person)
        if seen_before is not None:
            fitting.append(sessions.c.seen < seen_before)
        if started_before is not None:
            fitting.append(sessions.c.started < started_before)
        if not fitting:
            return 0
        return self._connection.execute(delete(sessions).where(or_(*fitting))).rowcount
