"""Are the collectors there that the inputs need, and did every plug-in load?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentinel.collect.registry import Found
from sentinel.collect.registry import collectors as installed
from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.checkup import Check


def examine_collectors(patient: Patient) -> Iterator[Check]:
    """What is installed, then what the settings ask for."""
    found = installed()
    yield loading(found)
    yield missing(() if patient.reading is None else patient.reading.missing, found)
    if patient.reading is None or "inputs" not in patient.reading.broken:
        yield inputs([one.name for one in patient.settings.inputs])


def loading(found: Found) -> Check:
    """Whether each entry point could be loaded."""
    name = "collectors.load"
    if found.faults:
        return warn(
            name,
            say(
                "Collectors that cannot be loaded: {faults}",
                faults=listed([str(fault) for fault in found.faults]),
            ),
            say("No input can use them; the others work."),
            say("Install the plug-in again, in a version for this Sentinel, or uninstall it."),
        )
    return ok(
        name,
        say("Collectors: {names}.", names=", ".join(sorted(found.by_name)) or "-"),
        say("Each could be loaded."),
    )


def missing(names: Sequence[str], found: Found) -> Check:
    """Whether the settings name one that is not there."""
    name = "collectors.missing"
    if names:
        return fail(
            name,
            say(
                "The settings name collectors that are not installed: {names}.",
                names=", ".join(names),
            ),
            say("The service does not start: an input that is silently left out would be worse."),
            say(
                "Install the package that brings it into Sentinel's virtual environment, or"
                " correct the name; installed are: {names}.",
                names=", ".join(sorted(found.by_name)) or "-",
            ),
        )
    return ok(
        name,
        say("Every input's collector is installed."),
        say("An input is read by the collector that it names."),
    )


def inputs(names: Sequence[str]) -> Check:
    """Whether anything can come in."""
    name = "collectors.inputs"
    if not names:
        return fail(
            name,
            say("The settings have no input."),
            say("Nothing is collected, so nothing is detected."),
            say("Name at least one under `inputs`; docs/settings.md has examples."),
        )
    return ok(
        name,
        say("Inputs: {names}.", names=", ".join(names)),
        say("Records come in by them."),
    )
