"""What alerts are joined by."""

from dataclasses import replace

import pytest

from sentinel.model.entity import Entity, EntityKind, entities_of
from tests.samples import an_alert

HOST, USER, ADDRESS = EntityKind.HOST, EntityKind.USER, EntityKind.ADDRESS


def named(*subjects, **changes):
    alert = an_alert(subject=subjects[0] if subjects else {}, evidence=(), **changes)
    return entities_of(alert)


def test_subject_and_evidence_name_them_each_once():
    """Case does not tell two apart."""
    alert = an_alert(subject={"host.hostname": "WEB01", "source.ip": "203.0.113.45"})
    evidence = replace(alert.evidence[0], matched={"user.name": "Root", "host.hostname": "web01"})

    found = entities_of(replace(alert, evidence=(evidence, evidence)))

    assert found == (
        Entity(ADDRESS, "203.0.113.45"),
        Entity(HOST, "web01"),
        Entity(USER, "root"),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
    ],
)
def test_an_address_has_one_text(written, expected):
    """RFC 5952; a mapped IPv4 address is the IPv4 address."""
    assert named({"source.ip": written}) == (Entity(ADDRESS, expected),)


def test_a_person_may_write_it_as_they_like():
    """What is typed finds what a log line named."""
    typed = [Entity.of(HOST, " WEB01 "), Entity.of(ADDRESS, "2001:DB8:0::1")]

    assert [Entity(HOST, "web01"), Entity(ADDRESS, "2001:db8::1")] == typed


@pytest.mark.parametrize("name", ["source.ip", "source.address"])
def test_what_is_no_address_names_none(name):
    """ECS allows a host name in `source.address`."""
    assert named({name: "proxy.example"}) == ()


def test_an_empty_or_endless_value_names_nothing():
    """The attacker writes it."""
    assert named({"user.name": "", "host.name": "x" * 257}) == ()


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (Entity(ADDRESS, "8.8.4.4"), True),
        (Entity(ADDRESS, "203.0.113.45"), True),
        (Entity(ADDRESS, "2001:db8::1"), True),
        (Entity(ADDRESS, "10.0.0.1"), False),
        (Entity(ADDRESS, "fe80::1"), False),
        (Entity(ADDRESS, "nonsense"), False),
        (Entity(HOST, "203.0.113.45"), False),
    ],
)
def test_only_a_public_address_is_the_same_thing_everywhere(entity, expected):
    """Every agency has a 10.0.0.1 and a web01."""
    assert entity.is_public is expected
