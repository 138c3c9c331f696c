"""Can somebody log in who may let others in, and has everybody a password of his own?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentinel import wiring
from sentinel.doctor.patient import Patient, there
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.checkup import Check
from sentinel.model.person import Person, PersonRole
from sentinel.ports import Tables


def examine_people(patient: Patient) -> Iterator[Check]:
    """Those who may log in."""
    people: Sequence[Person] = ()
    if there(wiring.state_file(patient.settings)):
        with wiring.look_at_state(patient.settings) as seen:
            if seen.tables() is Tables.CURRENT:
                people = seen.reader.people()
    yield admin(people)
    yield first_passwords(people)


def admin(people: Sequence[Person]) -> Check:
    """Whether an admin may log in."""
    name = "people.admin"
    if not people:
        return warn(
            name,
            say("Nobody can log in to the console yet."),
            say("The first person is an admin, made when the service starts for the first time."),
            say(
                "Start the service, which shows name and password only once, or:"
                " sentinel users add NAME --role admin"
            ),
        )
    able = [one.name for one in people if one.active and one.role is PersonRole.ADMIN]
    if able:
        return ok(
            name,
            say("Admins who can log in: {names}.", names=listed(able)),
            say("An admin says who else may log in."),
        )
    return fail(
        name,
        say("No admin can log in: each is switched off."),
        say("Nobody can be added, switched on, or given a new password."),
        say(
            "Let one in again, sentinel users enable NAME, or add one:"
            " sentinel users add NAME --role admin"
        ),
    )


def first_passwords(people: Sequence[Person]) -> Check:
    """Whether a password is left that somebody else has seen."""
    name = "people.first-password"
    waiting = [one.name for one in people if one.active and one.must_change]
    if waiting:
        return warn(
            name,
            say("People whose first password was never changed: {names}", names=listed(waiting)),
            say("Somebody else made it and has seen it."),
            say(
                "Ask them to log in to the console, which asks for a new one, or let them in no"
                " longer: sentinel users disable NAME"
            ),
        )
    return ok(
        name,
        say("Nobody has a first password left."),
        say("A password is known to its person alone."),
    )
