"""Are the settings readable, and are they one's own: which file, every fault, what is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from sentinel import wiring
from sentinel.doctor.patient import Patient
from sentinel.doctor.reading import Reading
from sentinel.doctor.say import as_is, fail, listed, ok, say, warn
from sentinel.errors import Fault, InputError
from sentinel.model.checkup import Check
from sentinel.settings import Settings


def examine_settings(patient: Patient) -> Iterator[Check]:
    """The file, its faults, what it names, and what still stands there from the example."""
    broken = frozenset[str]()
    if patient.reading is None:
        yield _running()
    else:
        yield file(patient.reading)
        yield from (_fault(fault) for fault in patient.reading.faults)
        broken = patient.reading.broken
    if "policy" not in broken:
        yield _named("settings.policy", patient.settings, wiring.policy)
    if "agencies" not in broken:
        yield _named("settings.agencies", patient.settings, wiring.first_agencies)
    if "issuer" not in broken:
        yield issuer(patient.settings)
    if not broken & {"web", "mail"}:
        yield public_url(patient.settings)


def file(reading: Reading) -> Check:
    """Which file is used, and whether it can be."""
    name = "settings.file"
    if reading.faults:
        return fail(
            name,
            say(
                "The settings in {file} cannot be used. Faults: {count}.",
                file=reading.place or "config/sentinel.yml",
                count=len(reading.faults),
            ),
            say(
                "With these settings the service does not start, and a running one that is"
                " restarted stays down."
            ),
            say(
                "Correct each fault that is named here; `sentinel config check` reads the file"
                " again."
            ),
        )
    if reading.place is None:
        return warn(
            name,
            say(
                "No settings file is used: there is no sentinel.yml in this folder and none was"
                " named."
            ),
            say(
                "Every setting has its default, and what this command says is about the folder"
                " `data` in the folder it was started in: perhaps not about your service."
            ),
            say(
                "Name the service's own file with `--config FILE`, or write a sentinel.yml with"
                " what is yours; docs/settings.md has every key."
            ),
        )
    return ok(
        name,
        say("The settings are read from {file} and can be used.", file=reading.place),
        say("The service reads this file when it starts; later changes need a restart."),
    )


def _running() -> Check:
    return ok(
        "settings.file",
        say("These are the settings that the service read when it started."),
        say("The service reads its file when it starts; later changes need a restart."),
    )


def _fault(fault: Fault) -> Check:
    return fail(
        f"settings.fault:{fault.place}",
        as_is(str(fault)),
        say("What stands there is not used, and what depends on it is not looked at."),
        say("Correct it to what is allowed, then run this again."),
    )


def _named(name: str, settings: Settings, read: Callable[[Settings], object]) -> Check:
    """A file that the settings name."""
    try:
        read(settings)
    except InputError as error:
        return fail(
            name,
            listed([str(fault) for fault in error.faults]),
            say("The service reads this file when it starts, and does not start like this."),
            say("Correct the file; `sentinel config check` names every fault with its line."),
        )
    found = {
        "settings.policy": say("The policy {name} can be used.", name=settings.policy),
        "settings.agencies": say("The file of first agencies can be used."),
    }
    why = {
        "settings.policy": say("Deadlines, numbers and score weights come from it."),
        "settings.agencies": say("A new registry begins with it; later it is not read any more."),
    }
    return ok(name, found[name], why[name])


def issuer(settings: Settings) -> Check:
    """Whether the sender of warnings is still the made-up one."""
    made_up, own = Settings().issuer, settings.issuer
    same = [key for key in type(own).model_fields if getattr(own, key) == getattr(made_up, key)]
    if same:
        return warn(
            "settings.issuer",
            say("The issuer is still the example's in: {keys}.", keys=", ".join(same)),
            say(
                "An officer who gets a warning would see a made-up sender, and call or write to"
                " nobody."
            ),
            say("Set these keys under `issuer` in the settings, then restart the service."),
        )
    return ok(
        "settings.issuer",
        say("Warnings are signed by {name}.", name=own.name.local()),
        say("Recipients see this name, and turn to its telephone and address."),
    )


def public_url(settings: Settings) -> Check:
    """Whether links in letters lead somewhere from the recipients' machines."""
    name, base = "settings.public-url", settings.web.public.link_base
    if settings.mail is None or not is_loopback(urlsplit(base).hostname or ""):
        return ok(
            name,
            say("Links in letters begin with {url}.", url=base),
            say("By them agencies acknowledge a warning."),
        )
    return warn(
        name,
        say("Letters leave by mail, but their links begin with {url}.", url=base),
        say("That address means the recipient's own machine: nobody can acknowledge a warning."),
        say(
            "Set `web.public.url` to the address at which agencies reach this service, then"
            " restart it."
        ),
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address means the machine itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
