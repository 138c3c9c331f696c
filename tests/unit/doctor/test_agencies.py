"""Is there somebody to watch and somebody to warn?"""

from contextlib import closing
from dataclasses import replace
from ipaddress import ip_network

import pytest

from sentinel.doctor.agencies import (
    claims,
    contacts,
    examine_agencies,
    example,
    inputs,
    registered,
    sources,
)
from sentinel.model.agency import Source
from sentinel.model.ids import AgencyId, InputName, SourceId
from sentinel.wiring import open_state
from tests.samples import a_contact, an_agency

OTHER = an_agency(
    id=AgencyId("so-b"), sources=(Source(id=SourceId("b"), input=InputName("files")),)
)


def test_a_registry_that_is_not_made_yet_is_the_one_it_will_begin_with(patient, standing):
    """The shipped example, which says so of itself."""
    assert standing(examine_agencies(patient)) == [
        ("agencies.registered", "ok"),
        ("agencies.contacts", "ok"),
        ("agencies.example", "warn"),
        ("agencies.sources", "ok"),
        ("agencies.claims", "ok"),
        ("agencies.inputs", "warn"),
    ]


def test_the_state_database_is_asked(patient):
    """Once it has a registry of its own."""
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_agencies([an_agency(contacts=()), OTHER])

    found = {check.id: check.found.en for check in examine_agencies(patient)}

    assert found["agencies.registered"] == "Agencies: 2."
    assert found["agencies.contacts"] == "Agencies without a contact: so-a"


def test_an_empty_registry_has_nothing_else_to_look_at(patient, standing):
    """Everything that arrives is nobody's."""
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_agencies([an_agency()])
        writer.remove_agencies([AgencyId("so-a")])

    assert standing(examine_agencies(patient)) == [("agencies.registered", "fail")]


@pytest.mark.parametrize(("agencies", "expected"), [([], "fail"), ([OTHER], "ok")])
def test_agencies(agencies, expected):
    """At least one."""
    assert registered(agencies).status.value == expected


@pytest.mark.parametrize(
    ("agency", "expected"), [(OTHER, "ok"), (replace(OTHER, contacts=()), "warn")]
)
def test_contacts(agency, expected):
    """Each agency has one."""
    assert contacts([agency]).status.value == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("truc@so-a.example", "warn"),
        ("truc@EXAMPLE.com", "warn"),
        ("truc@mail.example.org", "warn"),
        ("truc@so-a.test", "warn"),
        ("truc@so-a.invalid", "warn"),
        ("truc@an-example.com", "ok"),
        ("truc@example.com.vn", "ok"),
    ],
)
def test_domains_that_are_examples(address, expected):
    """RFC 2606 and RFC 6761; no others."""
    agency = an_agency(contacts=(a_contact(email=address),))

    assert example([agency]).status.value == expected


@pytest.mark.parametrize(
    ("agency", "expected"), [(OTHER, "ok"), (replace(OTHER, sources=()), "warn")]
)
def test_sources(agency, expected):
    """Each agency has one."""
    assert sources([agency]).status.value == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(id=SourceId("a"), input=InputName("syslog")), "ok"),
        (Source(id=SourceId("a"), input=InputName("files")), "fail"),
        (
            Source(
                id=SourceId("a"),
                input=InputName("files"),
                addresses=(ip_network("192.0.2.0/24"),),
            ),
            "ok",
        ),
    ],
    ids=["another input", "the same input", "some addresses of it"],
)
def test_two_claims(source, expected):
    """What both claim is given to neither."""
    assert claims([OTHER, an_agency(sources=(source,))]).status.value == expected


@pytest.mark.parametrize(("names", "expected"), [({"files"}, "ok"), ({"syslog"}, "warn")])
def test_inputs_of_sources(names, expected):
    """A source of an input that is not there never brings anything."""
    assert inputs([OTHER], frozenset(names)).status.value == expected
