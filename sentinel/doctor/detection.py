"""Is any rule blind? A rule that takes too long is left out for a while, and must not be so often.

Only the running service knows: from outside nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.checkup import Check
from sentinel.model.profile import Resting


def examine_detection(patient: Patient) -> Iterator[Check]:
    """What rests now, and what has rested since the start."""
    if patient.health is not None:
        yield resting(patient.health.resting(), patient.health.profile().resting)


def resting(now: Sequence[Resting], ever: Sequence[Resting]) -> Check:
    """Rules that are, or were, switched off for a while; `ever` holds those of `now` as well."""
    name = "detection.resting"
    remedy = say(
        "Simplify their regular expressions, or take the rules out of `rules.paths`; the page"
        " “Detection” of the console says how often each was switched off."
    )
    if now:
        return fail(
            name,
            say(
                "Rules that are switched off now: {count}. {why}",
                count=len(now),
                why=listed([one.why for one in now]),
            ),
            say("What arrives meanwhile is not held against them: it stays unseen."),
            remedy,
        )
    if ever:
        return warn(
            name,
            say(
                "Rules that were switched off for a while, and are back: {count}. {why}",
                count=len(ever),
                why=listed([one.why for one in ever]),
            ),
            say("What arrived meanwhile was not held against them. It will happen again."),
            remedy,
        )
    return ok(
        name,
        say("No rule was switched off."),
        say("Since the service started none took too long on an event."),
    )
