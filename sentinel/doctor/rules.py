"""Do the rules run: what was loaded, what was refused, and do the examples come true?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sentinel import assembly
from sentinel.detect.examples import ExampleResult, Outcome
from sentinel.detect.ruleset import RuleSet
from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, listed, ok, say, warn
from sentinel.model.checkup import Check


def examine_rules(patient: Patient) -> Iterator[Check]:
    """What `run` loads."""
    rules = assembly.load_rules(patient.settings)
    yield loaded(rules)
    yield refused(rules)
    yield examples(assembly.test_rules(patient.settings, None).results)


def loaded(rules: RuleSet) -> Check:
    """Whether there are any."""
    name, count = "rules.loaded", len(rules.cards)
    if not count:
        return fail(
            name,
            say("No detection rule is loaded."),
            say("Whatever happens, nothing is detected."),
            say("Set `rules.shipped: true`, or name files or folders in `rules.paths`."),
        )
    return ok(
        name,
        say("Detection rules that run: {count}.", count=count),
        say("`sentinel rules list` names them."),
    )


def refused(rules: RuleSet) -> Check:
    """What does not run, and why: faults, and ids that stand twice."""
    name = "rules.refused"
    faults = [str(fault) for fault in rules.refused]
    if faults:
        return warn(
            name,
            say(
                "Faults in detection rules: {count}. {faults}",
                count=len(faults),
                faults=listed(faults),
            ),
            say("A rule with a fault does not run: what it would find stays unseen."),
            say(
                "Correct these rules, or take them out of `rules.paths`; `sentinel rules check`"
                " names every fault."
            ),
        )
    return ok(
        name,
        say("No detection rule was refused."),
        say("Every rule that was found runs, and no id stands twice."),
    )


def examples(results: Sequence[ExampleResult]) -> Check:
    """Whether each rule does what its own examples say."""
    name = "rules.examples"
    failed = [
        f"{one.place}: {one.name}: {one.message}"
        for one in results
        if one.outcome is Outcome.FAILED
    ]
    if failed:
        return fail(
            name,
            say("Examples that do not come true: {failed}", failed=listed(failed)),
            say("A rule misses what it was written for, or hits what it should leave alone."),
            say("Correct the rule or its example; `sentinel rules test` tries them all."),
        )
    return ok(
        name,
        say("Examples that come true: {count}.", count=len(results)),
        say("Each rule finds what it was written for."),
    )
