"""The agency comes from the source or from nowhere: tests that try to make it guess."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from sentinel.model.agency import Asset, Registry, SecurityLevel, Source
from sentinel.model.attribution import Attribution, clashes
from sentinel.model.ids import AgencyId, AssetId, InputName, SourceId
from sentinel.model.text import LocalText
from tests.samples import an_agency

INPUT = InputName("in")
TEN = ip_network("10.0.0.0/8")


def _agency(name, *addresses, source=None):
    networks = tuple(ip_network(address) for address in addresses)
    bound = Source(id=SourceId(source or f"{name}-log"), input=INPUT, addresses=networks)
    return replace(an_agency(), id=AgencyId(name), sources=(bound,))


def _attribution(*agencies):
    return Attribution(Registry({agency.id: agency for agency in agencies}))


def _sender(attribution, peer):
    owner = attribution.sender(INPUT, peer)
    return None if owner is None else owner.agency.id


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("192.0.2.7", "narrow"),
        ("192.0.2.200", "wide"),
        ("198.51.100.1", None),
        ("", None),
        ("no address", None),
        ("::ffff:192.0.2.7", "narrow"),
        ("2001:db8::1", "six"),
    ],
)
def test_the_most_specific_address_names_the_sender(peer, expected):
    """An IPv4 sender on a dual-stack socket is the same sender; a stranger is nobody."""
    attribution = _attribution(
        _agency("wide", "192.0.2.0/24"),
        _agency("narrow", "192.0.2.0/28"),
        _agency("six", "2001:db8::/32"),
    )

    assert _sender(attribution, peer) == expected


def test_two_owners_are_no_owner():
    """Two agencies behind one NAT address: unassigned, not the first of them."""
    attribution = _attribution(_agency("one", "192.0.2.1"), _agency("two", "192.0.2.1"))

    assert _sender(attribution, "192.0.2.1") is None


def test_an_input_bound_whole_takes_what_no_address_claims():
    """Its own address is a better claim than the whole input."""
    attribution = _attribution(_agency("rest"), _agency("one", "192.0.2.1"))

    assert _sender(attribution, "192.0.2.1") == "one"
    assert _sender(attribution, "192.0.2.2") == "rest"
    assert attribution.sender(InputName("other"), "192.0.2.1") is None


def test_a_host_is_looked_up_inside_the_agency_alone():
    """Two agencies use 10.0.0.0/8: each event concerns its own agency's system."""
    systems = {
        name: Asset(id=AssetId(f"{name}-system"), name=LocalText(vi=name, en=name), networks=(TEN,))
        for name in ("one", "two")
    }
    agencies = [
        replace(_agency(name, f"192.0.2.{n}"), assets=(systems[name],))
        for n, name in enumerate(systems, start=1)
    ]

    found = [Attribution.asset(agency, {"host.ip": "10.1.2.3"}) for agency in agencies]

    assert [asset.id for asset in found if asset] == ["one-system", "two-system"]


def test_a_host_name_decides_before_an_address_and_two_systems_are_none():
    """The narrowest network wins; a tie is unclear, and unclear is no system."""
    name = LocalText(vi="x", en="x")
    wide = Asset(id=AssetId("wide"), name=name, networks=(TEN,))
    narrow = Asset(id=AssetId("narrow"), name=name, networks=(ip_network("10.1.0.0/16"),))
    rival = Asset(id=AssetId("rival"), name=name, networks=(ip_network("10.1.0.0/16"),))
    named = Asset(id=AssetId("named"), name=name, hosts=frozenset({"web01"}))
    agency = replace(an_agency(), assets=(wide, narrow, named))

    def asset(agency, **fields):
        found = Attribution.asset(agency, {k.replace("_", "."): v for k, v in fields.items()})
        return found and found.id

    assert asset(agency, host_hostname="WEB01", host_ip="10.1.0.1") == "named"
    assert asset(agency, host_hostname="other", host_ip=["10.1.0.1"]) == "narrow"
    assert asset(replace(agency, assets=(narrow, rival)), host_ip="10.1.0.1") is None
    assert asset(agency, host_ip="nonsense") is None


def test_the_level_is_that_of_the_agencys_own_system():
    """No agency, no system: no level, which is not the same as an unknown one."""
    attribution = _attribution(an_agency())

    assert attribution.level(AgencyId("so-a"), AssetId("dvc")) is SecurityLevel.THREE
    assert attribution.level(AgencyId("so-a"), None) is None
    assert attribution.level(None, AssetId("dvc")) is None


def test_clashes_name_both_claimants():
    """The same address of the same input, or the same source name, in two agencies."""
    found = clashes(
        [_agency("one", "192.0.2.1", source="s"), _agency("two", "192.0.2.1", source="s")]
    )

    assert len(found) == 2
    assert all("one" in sentence and "two" in sentence for sentence in found)
    assert clashes([_agency("one", "192.0.2.1"), _agency("two", "192.0.2.2")]) == []
