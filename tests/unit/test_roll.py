"""The registry as the service uses it."""

from dataclasses import replace
from datetime import timedelta

from sentinel.model.ids import InputName
from sentinel.model.record import Received
from tests.samples import NOON, an_agency
from tests.unit.pipeline_house import House


def test_a_record_is_stamped_with_its_source_at_the_door():
    """The collector cannot name a source; the registry does, and a change is seen."""
    house = House()
    received = Received(raw=b"x", at=NOON, peer="192.0.2.10", origin="udp")
    stamped = house.roll.stamp(InputName("syslog-udp"), received)
    assert (stamped.source, stamped.agency) == ("so-a-syslog", "so-a")
    stranger = house.roll.stamp(InputName("other"), received)
    assert (stranger.source, stranger.agency) == (None, None)

    with house.state.transaction() as state:
        agency = an_agency()
        state.put_agencies(
            [replace(agency, sources=(replace(agency.sources[0], input=InputName("other")),))]
        )
    house.clock.move(timedelta(seconds=5))
    house.roll.refresh()

    assert house.roll.stamp(InputName("other"), received).source == "so-a-syslog"
