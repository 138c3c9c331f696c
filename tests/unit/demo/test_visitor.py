"""The visitor gets in at once, each time with a new password."""

import pytest

from sentinel import wiring
from sentinel.demo import visitor
from sentinel.errors import NotAllowed
from sentinel.model.person import PersonRole
from sentinel.settings import Settings
from tests.samples import CountingTokens


@pytest.fixture
def accounts(tmp_path):
    with wiring.open_accounts(Settings(data=tmp_path / "data", inputs=())) as accounts:
        yield accounts


def test_the_visitor_is_an_admin_who_need_not_change_the_password(accounts):
    """And nobody else is there, nor any session."""
    password = visitor.let_in(accounts, CountingTokens())

    _, person = accounts.log_in("demo", password)
    assert [one.name for one in accounts.people()] == ["demo"]
    assert (person.role, person.must_change, person.active) == (PersonRole.ADMIN, False, True)


def test_a_demo_that_goes_on_gives_a_new_password(accounts):
    """The old one, perhaps forgotten, opens nothing; habits stay."""
    tokens = CountingTokens()
    old = visitor.let_in(accounts, tokens)

    new = visitor.let_in(accounts, tokens)

    assert accounts.log_in("demo", new)[1].name == "demo"
    with pytest.raises(NotAllowed):
        accounts.log_in("demo", old)


def test_a_visitor_who_was_locked_out_is_let_in_again(accounts):
    """Somebody tried what an admin can do."""
    visitor.let_in(accounts, CountingTokens())
    other, _ = accounts.add("other", PersonRole.ADMIN, by="demo")
    accounts.set_active("demo", False, by=other.name)
    accounts.set_role("demo", PersonRole.ANALYST, by=other.name)

    password = visitor.let_in(accounts, CountingTokens())

    assert accounts.log_in("demo", password)[1].role is PersonRole.ADMIN
