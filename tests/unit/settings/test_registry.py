"""The registry file: all or nothing, every fault at once."""

from ipaddress import ip_network
from pathlib import Path

import pytest
import yaml

from sentinel.documents import SourceText
from sentinel.errors import RegistryError
from sentinel.model.agency import Release, Role, SecurityLevel, Tlp
from sentinel.model.text import Language, LocalText
from sentinel.resources import shipped
from sentinel.settings import load_agencies

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "settings"
CASES = yaml.safe_load((CORPUS / "registry_faults.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_every_fault_is_told_with_its_line(case):
    """Nothing is taken of a file that has one fault, and all faults are told."""
    with pytest.raises(RegistryError) as caught:
        load_agencies(SourceText("agencies.yml", case["file"]), {"in"})

    assert case["faults"] == [str(fault) for fault in caught.value.faults]


def test_the_shipped_example_is_a_registry_of_the_default_inputs():
    """config/agencies.example.yml can be used as it stands, with the shipped settings."""
    text = shipped("config").joinpath("agencies.example.yml").read_text(encoding="utf-8")

    (agency,) = load_agencies(SourceText("agencies.example.yml", text), {"syslog"})

    assert LocalText(vi="Sở A tỉnh Ví Dụ", en="Department A of Example Province") == agency.name
    assert (
        agency.policy.release,
        agency.policy.threshold,
        agency.policy.tlp,
    ) == (Release.AT_ONCE, 60, Tlp.AMBER)
    assert [one.level for one in agency.assets] == [SecurityLevel.THREE, SecurityLevel.UNKNOWN]
    assert all(contact.email.endswith(".example") for contact in agency.contacts)


def test_what_is_left_out_has_the_model_s_defaults():
    """An agency may be as small as an id and a name."""
    (agency,) = load_agencies(SourceText("a.yml", "agencies: [{id: a, name: {vi: A, en: A}}]"))

    assert (
        agency.contacts,
        agency.assets,
        agency.sources,
        agency.code,
        agency.parent,
    ) == ((), (), (), "", None)
    assert Release.AFTER_APPROVAL is agency.policy.release


def test_everything_arrives_as_the_model_knows_it():
    """Enums, networks, lower-cased host names, a parent that is there."""
    text = """
agencies:
  - {id: top, name: {vi: T, en: T}}
  - id: a
    name: {vi: A, en: A}
    code: H00.01
    parent: top
    contacts: [{id: c, name: C, role: response-unit, email: c@a.example, language: en,
                phone: "113", personal: true}]
    assets: [{id: x, name: {vi: X, en: X}, level: 5, hosts: [WEB01], networks: [192.0.2.7]}]
    sources: [{id: s, input: in, addresses: [2001:db8::/64], time_zone: UTC, format: access}]
    networks: [192.0.2.0/24]
    domains: [A.example.]
"""
    _, agency = load_agencies(SourceText("a.yml", text), {"in"})

    (contact,), (asset,), (source,) = agency.contacts, agency.assets, agency.sources
    assert (agency.parent, agency.code, agency.domains) == ("top", "H00.01", ("a.example",))
    assert (
        contact.role,
        contact.language,
        contact.phone,
        contact.personal,
    ) == (Role.RESPONSE_UNIT, Language.EN, "113", True)
    assert (SecurityLevel.FIVE, frozenset({"web01"})) == (asset.level, asset.hosts)
    assert (ip_network("192.0.2.7/32"),) == asset.networks
    assert ((ip_network("2001:db8::/64"),), "UTC", "access") == (
        source.addresses,
        source.time_zone,
        source.format,
    )
    assert (ip_network("192.0.2.0/24"),) == agency.networks


def test_without_the_settings_inputs_no_input_is_missed():
    """A registry can be read without settings."""
    text = "agencies: [{id: a, name: {vi: A, en: A}, sources: [{id: s, input: any}]}]"

    assert load_agencies(SourceText("a.yml", text))[0].sources[0].input == "any"
