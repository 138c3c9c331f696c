"""Is there somebody to watch and somebody to warn? The registry, as people forget to fill it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sentinel import wiring
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.agency import Agency
from sentinel.model.attribution import clashes
from sentinel.model.checkup import Check
from sentinel.model.text import LocalText
from sentinel.ports import Tables

# RFC 2606 and RFC 6761: nobody has a mailbox there.
_EXAMPLE = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$")


def examine_agencies(patient: Patient) -> Iterator[Check]:
    """The registry as it is, or as it would begin."""
    agencies = _registry(patient)
    yield registered(agencies)
    if not agencies:
        return
    yield contacts(agencies)
    yield example(agencies)
    yield sources(agencies)
    yield claims(agencies)
    if patient.reading is None or "inputs" not in patient.reading.broken:
        yield inputs(agencies, frozenset(one.name for one in patient.settings.inputs))


def _registry(patient: Patient) -> Sequence[Agency]:
    if there(wiring.state_file(patient.settings)):
        with wiring.look_at_state(patient.settings) as seen:
            if seen.tables() is not Tables.NONE and seen.reader.registry_version():
                return list(seen.reader.registry().agencies.values())
    return wiring.first_agencies(patient.settings)


def registered(agencies: Sequence[Agency]) -> Check:
    """Whether there is any."""
    name = "agencies.registered"
    if not agencies:
        return fail(
            name,
            say("No agency is registered."),
            say("Everything that arrives is nobody's, and nobody is warned."),
            say(
                "Write a file like config/agencies.example.yml, then: sentinel agencies import FILE"
            ),
        )
    return ok(
        name,
        say("Agencies: {count}.", count=len(agencies)),
        say("They are watched, and warned."),
    )


def contacts(agencies: Sequence[Agency]) -> Check:
    """Whether each has somebody to warn."""
    name = "agencies.contacts"
    silent = [str(agency.id) for agency in agencies if not agency.contacts]
    if silent:
        return warn(
            name,
            say("Agencies without a contact: {agencies}", agencies=listed(silent)),
            say("A warning to them has no recipient and cannot be approved."),
            _import(),
        )
    return ok(name, say("Every agency has a contact."), say("A warning goes to contacts."))


def example(agencies: Sequence[Agency]) -> Check:
    """Whether made-up mailboxes are left."""
    name = "agencies.example"
    made_up = [
        f"{agency.id}: {contact.email}"
        for agency in agencies
        for contact in agency.contacts
        if _EXAMPLE.search(contact.email.rpartition("@")[2].lower())
    ]
    if made_up:
        return warn(
            name,
            say("Contacts at domains that are examples: {contacts}", contacts=listed(made_up)),
            say("Nobody reads mail there: these warnings reach nobody."),
            say(
                "Import a registry of your own that replaces them:"
                " sentinel agencies import --replace FILE"
            ),
        )
    return ok(
        name,
        say("No contact is at an example's domain."),
        say("Nobody reads mail there."),
    )


def sources(agencies: Sequence[Agency]) -> Check:
    """Whether anything that arrives can be theirs."""
    name = "agencies.sources"
    blind = [str(agency.id) for agency in agencies if not agency.sources]
    if blind:
        return warn(
            name,
            say("Agencies without a source: {agencies}", agencies=listed(blind)),
            say("No record is ever theirs, so nothing is detected for them."),
            _import(),
        )
    return ok(name, say("Every agency has a source."), say("By its source a record has an owner."))


def claims(agencies: Sequence[Agency]) -> Check:
    """Whether two want the same records."""
    name = "agencies.claims"
    found = clashes(agencies)
    if found:
        return fail(
            name,
            say("Sources that claim the same: {claims}", claims=listed(found)),
            say("What two agencies claim is given to neither: nobody is warned of it."),
            _import(),
        )
    return ok(
        name,
        say("No two sources claim the same records."),
        say("Each record has one owner or none."),
    )


def inputs(agencies: Sequence[Agency], names: frozenset[str]) -> Check:
    """Whether the sources' inputs are in the settings."""
    name = "agencies.inputs"
    lost = [
        f"{source.id}: {source.input}"
        for agency in agencies
        for source in agency.sources
        if source.input not in names
    ]
    if lost:
        return warn(
            name,
            say("Sources whose input the settings do not have: {sources}", sources=listed(lost)),
            say("Nothing ever comes from them."),
            say(
                "Name the input in the settings (there: {names}), or correct the source and import"
                " the registry again.",
                names=", ".join(sorted(names)) or "-",
            ),
        )
    return ok(
        name,
        say("Every source's input is in the settings."),
        say("A source is an input, or some addresses of it."),
    )


def _import() -> LocalText:
    return say(
        "Add what is missing to the registry file and import it again:"
        " sentinel agencies import FILE"
    )
