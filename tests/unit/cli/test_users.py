"""`sentinel users`, over accounts in memory."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from structlog.testing import capture_logs

from sentinel import wiring
from sentinel.accounts import StoredAccounts
from sentinel.model.person import PersonRole
from sentinel.store.state_memory import MemoryState
from tests.samples import CountingTokens, FixedClock


@pytest.fixture(autouse=True)
def accounts(desk, monkeypatch, settings):
    known = StoredAccounts(
        MemoryState(),
        FixedClock(),
        CountingTokens(),
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        idle=timedelta(hours=2),
        longest=timedelta(hours=12),
    )

    @contextmanager
    def open_accounts(given):
        assert given is settings
        yield known

    monkeypatch.setattr(wiring, "open_accounts", open_accounts)
    with capture_logs():  # where the log of a command goes is wiring's to say
        known.add("chief", PersonRole.ADMIN, "root")
        yield known


def test_the_password_alone_is_the_answer(run, accounts):
    """It opens the door; the explanation is beside it."""
    done = run("users", "add", " Lan ", "--role", "analyst", "--as", "root")

    password = done.out.rstrip("\n")
    assert done.code == 0
    assert accounts.log_in("lan", password)[1].must_change
    assert "lan has to change it" in done.err
    assert password not in done.err


def test_a_person_is_added_for_machines(run, accounts):
    """Name as it is kept, and password."""
    made = run("users", "add", "Lan", "--role", "admin", "--json").json

    assert {"name", "password"} == set(made)
    assert accounts.log_in("lan", made["password"])[1].role is PersonRole.ADMIN


def test_the_people_are_listed(run):
    """Role, whether they may log in, whose password it is, since when."""
    done = run("users", "list")

    assert (done.out.splitlines()[1].split()) == [
        "chief",
        "admin",
        "yes",
        "to",
        "be",
        "changed",
        "12:00",
        "22/11/2026",
    ]


def test_the_people_are_listed_for_machines_without_any_hash(run):
    """Nothing that a password could be guessed from."""
    done = run("users", "list", "--json")

    assert done.json == [
        {
            "name": "chief",
            "role": "admin",
            "active": True,
            "must_change": True,
            "created": "2026-11-22T05:00:00+00:00",
        }
    ]
    assert "argon2" not in done.out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["role", "lan", "admin"], "lan has a new role: admin"),
        (["disable", "LAN"], "lan can no longer log in; every session has ended."),
        (["enable", "lan"], "lan can log in again."),
    ],
)
def test_a_change_says_what_it_changed(run, accounts, command, said):
    """In a sentence."""
    accounts.add("lan", PersonRole.ANALYST, "root")

    done = run("users", *command)

    assert (0, said) == (done.code, done.out.rstrip("\n"))


@pytest.mark.parametrize(
    ("command", "changed"),
    [
        (["role", "lan", "admin"], {"role": "admin"}),
        (["disable", "lan"], {"active": False}),
        (["enable", "lan"], {"active": True}),
    ],
)
def test_a_change_is_told_to_machines(run, accounts, command, changed):
    """The person as they are now."""
    accounts.add("lan", PersonRole.ANALYST, "root")

    done = run("users", *command, "--json")

    shape = {
        "name": "lan",
        "role": "analyst",
        "active": True,
        "must_change": True,
        "created": "2026-11-22T05:00:00+00:00",
    }
    assert shape | changed == done.json


def test_a_password_is_reset(run, accounts):
    """Where nobody can log in any more, the machine's owner can help."""
    token, _ = accounts.log_in("chief", accounts.reset_password("chief", "root"))

    done = run("users", "reset-password", "Chief")

    assert accounts.who(token) is None
    assert accounts.log_in("chief", done.out.rstrip("\n"))[1].name == "chief"
    assert "chief has to change it" in done.err


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["add", "chief", "--role", "analyst"], "There is somebody called chief"),
        (["add", "x y", "--role", "analyst"], "A name has 2 to 64 characters"),
        (["role", "chief", "analyst"], "the last admin"),
        (["disable", "chief"], "the last admin"),
        (["reset-password", "nobody"], "nobody"),
    ],
)
def test_what_is_refused_is_a_sentence(run, command, why):
    """And an exit code."""
    done = run("users", *command)

    assert done.code == 1
    assert why in done.err
    assert "Traceback" not in done.err


def test_a_role_that_is_none_is_wrong_use(run):
    """The roles are named."""
    done = run("users", "add", "lan", "--role", "boss")

    assert done.code == 2
    assert "analyst" in done.err
