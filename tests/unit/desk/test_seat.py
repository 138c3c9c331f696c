"""The parts of the desk sit at one table."""

from sentinel.desk.alerts import AlertDesk
from sentinel.desk.issuing import Issuing
from sentinel.desk.registry import RegistryDesk
from sentinel.desk.warnings import WarningDesk
from sentinel.store.state_memory import MemoryState
from tests.policies import an_issuer, the_policy
from tests.samples import CountingTokens, FixedClock, an_agency, an_alert
from tests.unit.desk.rooms import put


def test_what_one_part_writes_another_reads():
    """Each needs the state, what lets a warning go, and the time: nothing of its own."""
    state, tokens = MemoryState(), CountingTokens()
    issuing = Issuing(policy=the_policy(), issuer=an_issuer(), tokens=tokens)
    registry, alerts, warnings = (
        part(state, issuing, FixedClock()) for part in (RegistryDesk, AlertDesk, WarningDesk)
    )

    registry.import_agencies([an_agency()], "lan")
    put(state, an_alert())

    assert alerts.alert(an_alert().id).id == warnings.draft(an_alert().id, "lan").alert
