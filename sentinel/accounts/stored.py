"""Who may log in, and who is logged in: `ports.Accounts` over the state database.

Passwords are argon2id hashes (RFC 9106). A cookie's value is kept nowhere, only its SHA-256: who
reads the database, or a backup of it, can log in as nobody. Every log-in, refusal, log-out and
change is a line of the service's log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import BoundedSemaphore

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sentinel.accounts import names, passwords
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.ids import PersonName
from sentinel.model.person import LoginSession, Person, PersonRole, Preferences, person_name
from sentinel.ports import Clock, State, StateReader, StateTransaction, Tokens

FIRST_ADMIN = PersonName("admin")
WRONG = "The name or the password is wrong."
OLD_WRONG = "The old password is wrong."
SAME = "The new password is the old one: choose another one."
OVER = "This session is over: log in again."
LAST_ADMIN = "This is the last admin who can log in: make another admin first."

SEEN_EACH = timedelta(minutes=1)
# A hash takes 64 MiB for its tenth of a second: however many log in at once, memory stays.
_AT_ONCE = 2

_log = structlog.get_logger("sentinel.accounts")


class StoredAccounts:
    """Names, passwords and sessions in the state database; threads may share it.

    A session ends after `idle` without doing anything (give or take the minute that `seen` is
    rounded to), and after `longest` whatever is done. `hasher` sets what a hash costs.
    """

    def __init__(
        self,
        state: State,
        clock: Clock,
        tokens: Tokens,
        hasher: PasswordHasher,
        *,
        idle: timedelta,
        longest: timedelta,
    ) -> None:
        self._state = state
        self._clock = clock
        self._tokens = tokens
        self._hasher = hasher
        self._idle = idle
        self._longest = longest
        self._turns = BoundedSemaphore(_AT_ONCE)
        # What a name that nobody has is held against: the answer must take as long.
        self._nobodys = self._hash(passwords.as_bytes(tokens.token()))

    def first_admin(self) -> tuple[str, str] | None:
        """Name and first password of the admin of a state that has never had a person.

        None ever after: people are never removed.
        """
        with self._state.reading() as state:
            if state.people():
                return None
        password = passwords.readable(self._tokens.token())
        person = self._new(FIRST_ADMIN, PersonRole.ADMIN, password)
        with self._state.transaction() as writer:
            if writer.people():
                return None
            writer.put_person(person)
        _log.info("person_added", person=person.name, role=person.role.value, by="")
        return person.name, password

    # -- sessions --------------------------------------------------------------------------------

    def log_in(self, name: str, password: str) -> tuple[str, Person]:
        """Begin a session: the cookie's value and the person.

        Raises:
            NotAllowed: in the same words and after the same work whatever was wrong.
        """
        known = self._known(person_name(name))
        data = passwords.as_bytes(password)
        fits = self._verify(self._nobodys if known is None else known.password, data)
        if known is None or not fits or not known.active:
            # A name that nobody has may be a password in the wrong field: it is not logged.
            _log.warning("log_in_refused", person="" if known is None else known.name)
            raise NotAllowed(WRONG)
        stale = self._hasher.check_needs_rehash(known.password)
        fresh = self._hash(data) if stale else known.password
        with self._state.transaction() as state:
            person = state.person(known.name)
            if not person.active or person.password != known.password:
                _log.warning("log_in_refused", person=person.name)
                raise NotAllowed(WRONG)  # switched off, or given another one, meanwhile
            if stale:
                person = replace(person, password=fresh)
                state.put_person(person)
            self._clear_ended(state)
            token = self._begin(state, person.name)
        _log.info("logged_in", person=person.name)
        return token, person

    def log_out(self, token: str) -> None:
        """End this session for ever."""
        hashed = _hashed(token)
        with self._state.transaction() as state:
            session = state.session(hashed)
            state.remove_sessions(token_sha256=hashed)
        if session is not None:
            _log.info("logged_out", person=session.person)

    def who(self, token: str, *, acting: bool = True) -> Person | None:
        """Whose cookie this is, None where the session is over or the person inactive."""
        now = self._clock.now()
        with self._state.reading() as state:
            session = self._session(state, token, now)
            person = None if session is None else state.person(session.person)
        if session is None or person is None or not person.active:
            return None
        if acting and now - session.seen >= SEEN_EACH:
            self._see(session, now)
        return person

    def _see(self, session: LoginSession, now: datetime) -> None:
        with self._state.transaction() as state:
            # It may have ended since it was looked at, and must not come back.
            if state.session(session.token) is not None:
                state.put_session(replace(session, seen=now))

    def _session(self, state: StateReader, token: str, now: datetime) -> LoginSession | None:
        """The session of this cookie, if it is not over."""
        session = state.session(_hashed(token))
        if session is None:
            return None
        over = now - session.seen >= self._idle or now - session.started >= self._longest
        return None if over else session

    def _begin(self, state: StateTransaction, name: PersonName) -> str:
        token, now = self._tokens.token(), self._clock.now()
        state.put_session(LoginSession(token=_hashed(token), person=name, started=now, seen=now))
        return token

    def _clear_ended(self, state: StateTransaction) -> None:
        now = self._clock.now()
        state.remove_sessions(seen_before=now - self._idle, started_before=now - self._longest)

    # -- people ----------------------------------------------------------------------------------

    def people(self) -> Sequence[Person]:
        """Everybody, by name."""
        with self._state.reading() as state:
            return state.people()

    def add(self, name: str, role: PersonRole, by: str) -> tuple[Person, str]:
        """Add somebody; returns the first password, to be changed.

        Raises:
            NotAllowed: no name that somebody may have, or somebody has or had it.
        """
        password = passwords.readable(self._tokens.token())
        person = self._new(names.checked(name), role, password)
        with self._state.transaction() as state:
            if any(known.name == person.name for known in state.people()):
                raise NotAllowed(
                    f"There is somebody called {person.name}; a name is never given twice."
                )
            state.put_person(person)
        _log.info("person_added", person=person.name, role=role.value, by=by)
        return person, password

    def set_role(self, name: PersonName, role: PersonRole, by: str) -> Person:
        """Change what somebody may do. Raises NotFound, NotAllowed: the last active admin."""
        person = self._change(name, lambda now: replace(now, role=role))
        _log.info("role_set", person=person.name, role=role.value, by=by)
        return person

    def set_active(self, name: PersonName, active: bool, by: str) -> Person:  # noqa: FBT001 - the port's signature
        """Let somebody in or not; who is not loses every session. Raises NotFound, NotAllowed."""
        person = self._change(name, lambda now: replace(now, active=active))
        _log.info("person_enabled" if active else "person_disabled", person=person.name, by=by)
        return person

    def reset_password(self, name: PersonName, by: str) -> str:
        """A new first password; every session of the person ends. Raises NotFound."""
        password = passwords.readable(self._tokens.token())
        hashed = self._hash(passwords.as_bytes(password))
        with self._state.transaction() as state:
            person = replace(state.person(person_name(name)), password=hashed, must_change=True)
            state.put_person(person)
            state.remove_sessions(person=person.name)
        _log.info("password_reset", person=person.name, by=by)
        return password

    def change_password(self, token: str, old: str, new: str) -> str:
        """Change one's own; every session ends but a new one, whose cookie value is returned.

        Raises:
            NotAllowed: the session is over, the old password is wrong, the new one is the old one,
                too short, too long or too well known.
        """
        person = self.who(token)
        if person is None:
            raise NotAllowed(OVER)
        if not self._verify(person.password, passwords.as_bytes(old)):
            _log.warning("password_change_refused", person=person.name)
            raise NotAllowed(OLD_WRONG)
        data = passwords.checked(new, person.name)
        if data == passwords.as_bytes(old):
            raise NotAllowed(SAME)
        hashed = self._hash(data)
        with self._state.transaction() as state:
            now = state.person(person.name)
            if self._session(state, token, self._clock.now()) is None or not now.active:
                raise NotAllowed(OVER)  # somebody ended it while this was computed
            state.put_person(replace(now, password=hashed, must_change=False))
            state.remove_sessions(person=person.name)
            fresh = self._begin(state, person.name)
        _log.info("password_changed", person=person.name)
        return fresh

    def prefer(self, name: PersonName, preferences: Preferences) -> Person:
        """Keep somebody's habits. Raises NotFound."""
        with self._state.transaction() as state:
            person = replace(state.person(person_name(name)), preferences=preferences)
            state.put_person(person)
        return person

    def _change(self, name: PersonName, change: Callable[[Person], Person]) -> Person:
        """Change a person, as long as an admin is left who can log in."""
        with self._state.transaction() as state:
            before = state.person(person_name(name))
            person = change(before)
            state.put_person(person)
            if _is_in_charge(before) and not any(map(_is_in_charge, state.people())):
                raise NotAllowed(LAST_ADMIN)
            if not person.active:
                state.remove_sessions(person=person.name)
        return person

    def _known(self, name: PersonName) -> Person | None:
        with self._state.reading() as state:
            try:
                return state.person(name)
            except NotFound:
                return None

    def _new(self, name: PersonName, role: PersonRole, password: str) -> Person:
        return Person(
            name=name,
            role=role,
            password=self._hash(passwords.as_bytes(password)),
            created=self._clock.now(),
            must_change=True,
        )

    def _hash(self, password: bytes) -> str:
        with self._turns:
            return self._hasher.hash(password)

    def _verify(self, hashed: str, password: bytes) -> bool:
        try:
            with self._turns:
                return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _is_in_charge(person: Person) -> bool:
    return person.active and person.role is PersonRole.ADMIN


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
