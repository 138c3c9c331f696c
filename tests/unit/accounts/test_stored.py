"""Who may log in, and who is logged in."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from argon2 import PasswordHasher
from structlog.testing import capture_logs

from sentinel.accounts import StoredAccounts
from sentinel.accounts.stored import LAST_ADMIN, OLD_WRONG, OVER, SAME, WRONG
from sentinel.errors import NotAllowed, NotFound
from sentinel.model.person import PersonRole, Preferences, Theme
from sentinel.store.state_memory import MemoryState
from tests.samples import NOON, CountingTokens, FixedClock

ADMIN, ANALYST = PersonRole.ADMIN, PersonRole.ANALYST
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
MINUTE = timedelta(minutes=1)
GOOD = "bốn con mèo và một con chó"
OTHER = "ba con vịt và hai con gà"


class CheapHasher(PasswordHasher):
    """argon2id in a millisecond; counts what it is asked, and may be in the middle of something."""

    def __init__(self, time_cost=1):
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.verified = []
        self.meanwhile = lambda: None

    def verify(self, hash, password):  # noqa: A002 - argon2-cffi's own name
        self.verified.append(hash)
        try:
            return super().verify(hash, password)
        finally:
            self.meanwhile()


class CountedState(MemoryState):
    """Counts what is written."""

    def __init__(self):
        super().__init__()
        self.written = 0

    @contextmanager
    def transaction(self):
        self.written += 1
        with super().transaction() as writer:
            yield writer


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def state():
    return CountedState()


@pytest.fixture
def hasher():
    return CheapHasher()


@pytest.fixture
def accounts(state, clock, hasher):
    return StoredAccounts(state, clock, CountingTokens(), hasher, idle=IDLE, longest=LONGEST)


@pytest.fixture
def lan(accounts):
    """An analyst with a password of her own, beside an admin."""
    accounts.add("chief", ADMIN, "root")
    _, first = accounts.add("lan", ANALYST, "root")
    token, _ = accounts.log_in("lan", first)
    accounts.log_out(accounts.change_password(token, first, GOOD))
    return accounts.people()[1]


def sessions(state):
    with state.reading() as reader:
        return [token for token in map("token-{}".format, range(99)) if reader.session(_sha(token))]


def _sha(token):
    return sha256(token.encode()).hexdigest()


# -- the first person -------------------------------------------------------------------------


def test_a_new_state_gets_an_admin_once(accounts):
    """Name and first password are told this once; the password is to be changed."""
    made = accounts.first_admin()

    assert made is not None
    name, password = made
    _, person = accounts.log_in(name, password)
    assert (
        person.name,
        person.role,
        person.active,
        person.must_change,
    ) == ("admin", ADMIN, True, True)
    assert accounts.first_admin() is None


def test_a_state_that_has_had_a_person_gets_no_admin(accounts):
    """Whoever made the first person by a command decides who is admin."""
    accounts.add("lan", ANALYST, "root")

    assert accounts.first_admin() is None


# -- log in, log out --------------------------------------------------------------------------


def test_a_right_password_begins_a_session(accounts, lan):
    """The cookie says who it is."""
    token, person = accounts.log_in("lan", GOOD)

    assert lan == person == accounts.who(token)


@pytest.mark.parametrize("name", ["Lan", " LAN ", "lan"])
def test_a_name_may_be_typed_as_one_likes(accounts, lan, name):
    """Case and spaces at the ends do not matter."""
    assert lan == accounts.log_in(name, GOOD)[1]


def test_a_password_may_be_composed_in_another_way(accounts, lan):
    """Keyboards differ (NFC)."""
    decomposed = GOOD.replace("ố", "o\u0302\u0301").replace("ộ", "o\u0323\u0302")

    assert decomposed != GOOD
    assert lan == accounts.log_in("lan", decomposed)[1]


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lan", "wrong"),
        ("lan", ""),
        ("lan", GOOD + " "),
        ("lan", "x" * 100_000),
        ("lan", "\ud800"),
        ("nobody", GOOD),
        ("", ""),
        ("system", GOOD),
        ("\ud800", GOOD),
        ("lan" + "x" * 10_000, GOOD),
    ],
)
def test_whatever_is_wrong_the_words_and_the_work_are_the_same(
    accounts, lan, state, name, password
):
    """One hash is verified; nothing is written; nobody learns which names there are."""
    accounts._hasher.verified.clear()
    state.written = 0

    with pytest.raises(NotAllowed) as refused:
        accounts.log_in(name, password)

    assert (str(refused.value), len(accounts._hasher.verified), state.written) == (WRONG, 1, 0)


def test_who_was_switched_off_is_refused_in_the_same_words(accounts, lan, hasher):
    """With the right password."""
    accounts.set_active(lan.name, False, "chief")
    hasher.verified.clear()

    with pytest.raises(NotAllowed, match=WRONG):
        accounts.log_in("lan", GOOD)

    assert [lan.password] == hasher.verified


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_active("lan", False, "chief"),
        lambda accounts: accounts.reset_password("lan", "chief"),
    ],
)
def test_a_log_in_does_not_win_against_what_an_admin_does_meanwhile(
    accounts, lan, hasher, state, change
):
    """Switched off, or given another password, while the hash was computed."""

    def once():
        hasher.meanwhile = lambda: None
        change(accounts)

    hasher.meanwhile = once

    with pytest.raises(NotAllowed, match=WRONG):
        accounts.log_in("lan", GOOD)

    assert sessions(state) == []


def test_each_log_in_has_a_cookie_of_its_own(accounts, lan):
    """One value is never given twice, and several machines may be logged in."""
    first, second = accounts.log_in("lan", GOOD)[0], accounts.log_in("lan", GOOD)[0]

    assert first != second
    assert accounts.who(first) == accounts.who(second) == lan


def test_a_stolen_cookie_is_dead_after_log_out(accounts, lan, state):
    """The session is gone, not only the browser's copy; other sessions go on."""
    stolen, other = accounts.log_in("lan", GOOD)[0], accounts.log_in("lan", GOOD)[0]

    accounts.log_out(stolen)
    accounts.log_out(stolen)

    assert accounts.who(stolen) is None
    assert accounts.who(other) == lan
    assert [other] == sessions(state)


@pytest.mark.parametrize("token", ["", "nothing", "\ud800"])
def test_a_cookie_that_nobody_was_given_is_nobody_s(accounts, lan, token):
    """And may be logged out of."""
    accounts.log_out(token)

    assert accounts.who(token) is None


def test_the_database_holds_no_cookie_and_no_password(accounts, lan, state):
    """Who reads a backup can log in as nobody."""
    token, _ = accounts.log_in("lan", GOOD)

    with state.reading() as reader:
        kept = repr(reader.people()) + repr(reader.session(_sha(token)))

    assert token not in kept
    assert GOOD not in kept
    assert "$argon2id$" in lan.password


def test_an_old_hash_is_made_anew_at_the_next_log_in(accounts, lan, state, clock):
    """When what a hash costs is raised, nobody has to do anything."""
    dearer = CheapHasher(time_cost=2)
    newer = StoredAccounts(state, clock, CountingTokens(), dearer, idle=IDLE, longest=LONGEST)

    _, person = newer.log_in("lan", GOOD)

    assert person.password != lan.password
    assert not dearer.check_needs_rehash(person.password)
    assert newer.log_in("lan", GOOD)[1] == person


def test_a_hash_that_is_none_opens_nothing(accounts, lan, state):
    """A database that somebody wrote into is no way in."""
    with state.transaction() as writer:
        writer.put_person(replace(lan, password="plain"))

    with pytest.raises(NotAllowed, match=WRONG):
        accounts.log_in("lan", "plain")


# -- how long ---------------------------------------------------------------------------------


def test_a_session_ends_without_acting(accounts, lan, clock):
    """After `idle`, to the second."""
    token, _ = accounts.log_in("lan", GOOD)

    clock.move(IDLE - timedelta(seconds=1))
    assert accounts.who(token, acting=False) == lan
    clock.move(timedelta(seconds=1))
    assert accounts.who(token) is None


def test_acting_keeps_a_session_alive_and_looking_does_not(accounts, lan, clock):
    """A page that asks by itself in an empty room is not somebody at work."""
    acting, _ = accounts.log_in("lan", GOOD)
    looking, _ = accounts.log_in("lan", GOOD)

    for _ in range(5):
        clock.move(timedelta(minutes=30))
        accounts.who(acting)
        accounts.who(looking, acting=False)

    assert accounts.who(acting) == lan
    assert accounts.who(looking) is None


def test_a_session_ends_whatever_is_done(accounts, lan, clock):
    """After `longest`: a shift and its hand-over."""
    token, _ = accounts.log_in("lan", GOOD)

    for _ in range(11):
        clock.move(timedelta(hours=1))
        assert accounts.who(token) == lan
    clock.move(timedelta(hours=1))
    assert accounts.who(token) is None


def test_acting_is_written_once_a_minute(accounts, lan, clock, state):
    """A busy analyst does not make the pipeline wait for its turn."""
    token, _ = accounts.log_in("lan", GOOD)
    state.written = 0

    for _ in range(60):
        accounts.who(token)
        clock.move(timedelta(seconds=10))

    assert state.written == 9


def test_sessions_that_are_over_are_cleared_away(accounts, lan, clock, state):
    """At the next log-in of anybody."""
    accounts.log_in("lan", GOOD)
    clock.move(IDLE + MINUTE)

    token, _ = accounts.log_in("lan", GOOD)

    assert [token] == sessions(state)


def test_a_session_that_ended_while_it_was_looked_at_stays_ended(accounts, lan, clock, state):
    """To note that somebody acted brings nothing back."""
    token, _ = accounts.log_in("lan", GOOD)
    with state.reading() as reader:
        session = reader.session(_sha(token))
    accounts.log_out(token)

    accounts._see(session, clock.now())

    assert sessions(state) == []


# -- people -----------------------------------------------------------------------------------


def test_somebody_is_added_with_a_password_to_be_changed(accounts):
    """Told once, to whoever added them."""
    person, password = accounts.add(" Minh.T ", ANALYST, "chief")

    assert (
        person.name,
        person.role,
        person.created,
        person.active,
        person.must_change,
    ) == ("minh.t", ANALYST, NOON, True, True)
    assert accounts.log_in("minh.t", password)[1] == person
    assert [person] == list(accounts.people())


@pytest.mark.parametrize("name", ["lan", "LAN", " Lan"])
def test_a_name_is_never_given_twice(accounts, lan, name):
    """Not even that of somebody who left: it stands in histories."""
    accounts.set_active(lan.name, False, "chief")

    with pytest.raises(NotAllowed, match="There is somebody called lan"):
        accounts.add(name, ANALYST, "chief")

    assert [person.name for person in accounts.people()] == ["chief", "lan"]


@pytest.mark.parametrize("name", ["", "system", "x", "lan nguyen"])
def test_a_name_that_is_none_is_refused(accounts, name):
    """Before anything is made."""
    with pytest.raises(NotAllowed):
        accounts.add(name, ANALYST, "chief")

    assert list(accounts.people()) == []


def test_a_role_counts_at_once(accounts, lan):
    """In sessions that are open, too."""
    token, _ = accounts.log_in("lan", GOOD)

    changed = accounts.set_role(lan.name, ADMIN, "chief")

    assert accounts.who(token) == changed == replace(lan, role=ADMIN)


def test_who_is_switched_off_is_out_everywhere_and_stays_out(accounts, lan, state):
    """Switched on again, they log in anew."""
    tokens = [accounts.log_in("lan", GOOD)[0] for _ in range(2)]

    accounts.set_active(lan.name, False, "chief")
    assert [accounts.who(token) for token in tokens] == [None, None]
    accounts.set_active(lan.name, True, "chief")
    assert [accounts.who(token) for token in tokens] == [None, None]

    assert sessions(state) == []
    assert accounts.log_in("lan", GOOD)[1] == lan


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_role("chief", ANALYST, "chief"),
        lambda accounts: accounts.set_active("chief", False, "chief"),
    ],
)
def test_the_last_admin_stays(accounts, lan, change):
    """One who is switched off does not count; with a second one, the first may go."""
    accounts.add("second", ADMIN, "chief")
    accounts.set_active("second", False, "chief")

    with pytest.raises(NotAllowed, match=LAST_ADMIN):
        change(accounts)
    assert (accounts.people()[0].role, accounts.people()[0].active) == (ADMIN, True)

    accounts.set_active("second", True, "chief")
    change(accounts)
    assert (accounts.people()[0].role, accounts.people()[0].active) != (ADMIN, True)


def test_where_there_is_no_admin_an_analyst_may_still_be_switched_off(accounts):
    """Commands can make analysts before there is an admin."""
    accounts.add("lan", ANALYST, "root")

    assert not accounts.set_active("lan", False, "root").active


def test_a_password_is_reset(accounts, lan):
    """The old one opens nothing, every session ends, the new one is to be changed."""
    token, _ = accounts.log_in("lan", GOOD)

    password = accounts.reset_password(lan.name, "chief")

    assert accounts.who(token) is None
    with pytest.raises(NotAllowed, match=WRONG):
        accounts.log_in("lan", GOOD)
    assert accounts.log_in("lan", password)[1].must_change


def test_one_changes_one_s_own_password(accounts, lan):
    """Every session ends but a new one; nothing is left to be changed."""
    here, elsewhere = accounts.log_in("lan", GOOD)[0], accounts.log_in("lan", GOOD)[0]

    fresh = accounts.change_password(here, GOOD, OTHER)

    assert [accounts.who(here), accounts.who(elsewhere)] == [None, None]
    person = accounts.who(fresh)
    assert person is not None
    assert not person.must_change
    assert accounts.log_in("lan", OTHER)[1] == person


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("wrong", OTHER, OLD_WRONG),
        (GOOD, GOOD, SAME),
        (GOOD, "too short", "at least 12 characters"),
        (GOOD, "password1234", "first that anybody tries"),
        (GOOD, "Lan-20261122", "name of its owner"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(accounts, lan, old, new, why):
    """The session goes on, the old password too."""
    token, _ = accounts.log_in("lan", GOOD)

    with pytest.raises(NotAllowed, match=why):
        accounts.change_password(token, old, new)

    assert accounts.who(token) == lan
    assert accounts.log_in("lan", GOOD)[1] == lan


def test_who_is_not_logged_in_changes_no_password(accounts, lan):
    """Even with the right one."""
    with pytest.raises(NotAllowed, match=OVER):
        accounts.change_password("nothing", GOOD, OTHER)


def test_a_change_of_password_does_not_win_against_an_admin_s_reset(accounts, lan, hasher):
    """Ended while the hash was computed."""
    token, _ = accounts.log_in("lan", GOOD)
    given = []

    def once():
        hasher.meanwhile = lambda: None
        given.append(accounts.reset_password("lan", "chief"))

    hasher.meanwhile = once

    with pytest.raises(NotAllowed, match=OVER):
        accounts.change_password(token, GOOD, OTHER)

    assert accounts.log_in("lan", given[0])[1].must_change


def test_habits_are_kept(accounts, lan):
    """And nothing else of the person changes."""
    habits = Preferences(theme=Theme.DARK, filter="score:>=40", views={"web": "host:web01"})

    assert replace(lan, preferences=habits) == accounts.prefer(lan.name, habits)
    assert accounts.log_in("lan", GOOD)[1].preferences == habits


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_role("nobody", ADMIN, "chief"),
        lambda accounts: accounts.set_active("nobody", False, "chief"),
        lambda accounts: accounts.reset_password("nobody", "chief"),
        lambda accounts: accounts.prefer("nobody", Preferences()),
    ],
)
def test_nobody_is_not_found(accounts, lan, change):
    """Whatever is done with them."""
    with pytest.raises(NotFound, match="nobody"):
        change(accounts)


# -- the log ----------------------------------------------------------------------------------


def test_what_happens_to_people_is_a_line_of_the_log_without_a_secret(accounts):
    """Who, by whom, and never a password or a cookie."""
    with capture_logs() as lines:
        accounts.first_admin()
        _, first = accounts.add("lan", ANALYST, "admin")
        token, _ = accounts.log_in("lan", first)
        fresh = accounts.change_password(token, first, GOOD)
        accounts.log_out(fresh)
        accounts.set_role("lan", ADMIN, "admin")
        accounts.set_active("lan", False, "admin")
        accounts.set_active("lan", True, "admin")
        second = accounts.reset_password("lan", "admin")
        accounts.prefer("lan", Preferences())

    assert [(line["event"], line["person"], line.get("by")) for line in lines] == [
        ("person_added", "admin", ""),
        ("person_added", "lan", "admin"),
        ("logged_in", "lan", None),
        ("password_changed", "lan", None),
        ("logged_out", "lan", None),
        ("role_set", "lan", "admin"),
        ("person_disabled", "lan", "admin"),
        ("person_enabled", "lan", "admin"),
        ("password_reset", "lan", "admin"),
    ]
    for secret in (first, second, GOOD, token, fresh):
        assert secret not in repr(lines)


def test_a_refusal_is_a_warning_that_repeats_no_unknown_name(accounts, lan):
    """What is no name may be a password that was typed into the wrong field."""
    with capture_logs() as lines:
        for name in ("LAN", GOOD):
            with pytest.raises(NotAllowed):
                accounts.log_in(name, "wrong")

    assert [(line["event"], line["person"], line["log_level"]) for line in lines] == [
        ("log_in_refused", "lan", "warning"),
        ("log_in_refused", "", "warning"),
    ]
