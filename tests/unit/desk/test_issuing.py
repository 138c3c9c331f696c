"""Letting a warning go takes one number, and writes what went."""

import pytest

from sentinel.desk.issuing import Issuing
from sentinel.errors import NotAllowed
from sentinel.store.state_memory import MemoryState
from sentinel.warn import release
from tests.policies import an_issuer, the_policy
from tests.samples import NOON, CountingTokens, an_agency, an_alert


def test_a_release_numbers_writes_and_fails_whole():
    """What is refused takes no number with it when the transaction ends."""
    state = MemoryState()
    issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=CountingTokens())
    draft = release.draft(an_alert(), an_agency(), NOON)

    def let_go(agency):
        with state.transaction() as writer:
            return issuing.release(writer, draft, an_alert(), agency, who="lan", at=NOON)

    with pytest.raises(NotAllowed):
        let_go(an_agency(contacts=()))
    released = let_go(an_agency())

    assert released.number == "CB-2026-000001"
    with state.reading() as reader:
        assert reader.warning(draft.id) == released
