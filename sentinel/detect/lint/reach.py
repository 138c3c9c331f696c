"""What rules say of each other and of the world: twins, successors, logs that nobody collects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.subject import Subject
from sentinel.detect.route import Source, concerns
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.card import canonical

# What these point at is gone by their own word, or goes: only the others must be there.
_GONE = ("obsolete", "renamed", "merged")


def check_related(subject: Subject, ids: Mapping[str, str]) -> Iterator[Finding]:
    """References to other rules; `ids` says where each id that is loaded stands."""
    related = subject.data.get("related")
    for index, each in enumerate(related if isinstance(related, list) else ()):
        if not isinstance(each, dict):
            continue
        other, kind = canonical(str(each.get("id"))), str(each.get("type"))
        place = subject.place("related", index)
        if kind == "obsolete" and other in ids:
            yield warning(
                "successor-and-predecessor",
                place,
                say("this rule takes the place of the one at {place}; both run", place=ids[other]),
                say("Take the older one away: each event is reported twice."),
            )
        elif kind not in _GONE and other not in ids:
            yield hint(
                "related-unknown",
                place,
                say("the related rule {other} is not loaded", other=other),
                say("Load it, too, or take the reference out."),
            )


def check_twins(subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Rules that match exactly the same, or have the same title."""
    conditions: dict[tuple[object, object], Subject] = {}
    titles: dict[str, Subject] = {}
    for subject in subjects:
        if subject.rule is None:
            continue
        same = conditions.setdefault((subject.rule.logsource, subject.rule.condition), subject)
        if same is not subject:
            yield warning(
                "same-rule",
                subject.place("detection"),
                say("this rule matches exactly what the one at {place} does", place=same.place()),
                say("Keep one of them: each event is reported twice."),
            )
        namesake = titles.setdefault(subject.rule.card.title.casefold(), subject)
        if namesake is not subject:
            yield hint(
                "same-title",
                subject.place("title"),
                say("the rule at {place} has the same title", place=namesake.place()),
                say("Say in the title what is different: an alert shows no more."),
            )


def check_fed(subjects: Sequence[Subject], feeds: Collection[Source]) -> Iterator[Finding]:
    """Logsources that nothing here ever produces, each told once, at its first rule."""
    if not feeds:
        return
    unfed: dict[Logsource, list[Subject]] = {}
    for subject in subjects:
        if subject.rule is not None and not _is_fed(subject.rule.logsource, feeds):
            unfed.setdefault(subject.rule.logsource, []).append(subject)
    for logsource, rules in unfed.items():
        yield hint(
            "not-fed",
            rules[0].place("logsource"),
            say(
                "no format that is read here is {logsource}; {count} rules wait for it",
                logsource=_words(logsource),
                count=len(rules),
            ),
            say("They are tried on events that do not say what they are, and on no others."),
        )


def _is_fed(logsource: Logsource, feeds: Collection[Source]) -> bool:
    return any(concerns(logsource, source) for source in feeds)


def _words(logsource: Logsource) -> str:
    parts = (logsource.product, logsource.category, logsource.service)
    return " / ".join(part or "*" for part in parts)
