"""The registry changes whole or not at all."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from sentinel.errors import RegistryError
from sentinel.model.agency import Others, Source
from sentinel.model.ids import AgencyId, InputName, SourceId
from tests.samples import an_agency, an_alert


def test_an_import_says_what_changed_and_is_whole_or_nothing(desk):
    """The same file again changes nothing; a clash with another agency refuses all of it."""
    renamed = an_agency(code="G01.23")
    other = an_agency(id=AgencyId("so-b"), sources=())

    assert desk.import_agencies([renamed, other], "lan") == ["so-a", "so-b"]
    assert desk.import_agencies([renamed, other], "lan") == []

    thief = replace(other, sources=an_agency().sources)
    newcomer = an_agency(id=AgencyId("so-c"), sources=(), parent=AgencyId("nobody"))
    with pytest.raises(RegistryError) as refused:
        desk.import_agencies([thief, newcomer], "lan")
    assert len(refused.value.faults) == 3
    assert [agency.id for agency in desk.agencies()] == ["so-a", "so-b"]


def test_sources_that_share_an_input_by_address_do_not_clash(desk):
    """Two agencies behind one listener, each by its own addresses."""
    sources = [
        Source(id=SourceId(f"s{n}"), input=InputName("in"), addresses=(ip_network(f"192.0.2.{n}"),))
        for n in (1, 2)
    ]
    agencies = [
        an_agency(id=AgencyId(f"so-{n}"), sources=(source,)) for n, source in enumerate(sources)
    ]

    assert len(desk.import_agencies(agencies, "lan")) == 2


def test_an_import_may_be_the_whole_registry(desk, room):
    """What the file does not name goes: the shipped example makes room for real agencies."""
    room.put(an_alert())
    real = an_agency(id=AgencyId("so-thong-tin"))
    with pytest.raises(RegistryError):
        desk.import_agencies([real], "lan")
    desk.approve(desk.draft(an_alert().id, "lan").id, "lan")

    assert desk.import_agencies([real], "lan", Others.REMOVE) == ["so-thong-tin", "so-a"]

    assert [agency.id for agency in desk.agencies()] == ["so-thong-tin"]
    assert desk.acknowledge_warning("token-1", "Trần Thị Bình").agency.id == "so-a"
