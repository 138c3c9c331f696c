"""The one who looks at the demo gets in with a password that need not be changed first."""

from __future__ import annotations

from sentinel.accounts import passwords
from sentinel.model.ids import PersonName
from sentinel.model.person import PersonRole
from sentinel.ports import Accounts, Tokens

NAME = PersonName("demo")


def let_in(accounts: Accounts, tokens: Tokens) -> str:
    """Make the visitor, an admin, or give the one of an earlier demo a new password; return it."""
    if any(person.name == NAME for person in accounts.people()):
        accounts.set_active(NAME, True, by=NAME)
        accounts.set_role(NAME, PersonRole.ADMIN, by=NAME)
        first = accounts.reset_password(NAME, by=NAME)
    else:
        _, first = accounts.add(NAME, PersonRole.ADMIN, by=NAME)
    # As a person would: who changes the first password need not change another one.
    token, _ = accounts.log_in(NAME, first)
    password = passwords.readable(tokens.token())
    accounts.log_out(accounts.change_password(token, first, password))
    return password
