"""The keys around a detection: what a person needs to trust a rule, and to know whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import PurePath

from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.subject import Subject
from sentinel.model.text import LocalText

# MITRE ATT&CK's tactics as Sigma's tags write them (Sigma, appendix "Tags"); "stealth" and
# "defense-impairment" are what "defense-evasion" was split into.
TACTICS = (
    "reconnaissance",
    "resource-development",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "defense-evasion",
    "stealth",
    "defense-impairment",
    "credential-access",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
    "impact",
)

_ATTACK = re.compile(r"(t\d{4}(\.\d{3})?|[gsmc]\d{4}|ds\d{4}|ta\d{4})")
_FORMS: Mapping[str, re.Pattern[str]] = {
    "car": re.compile(r"\d{4}-\d{2}-\d{3}"),
    "cve": re.compile(r"\d{4}[.-]\d{4,}"),
    "d3fend": re.compile(r"d3-?[a-z]+|d3f[.:-].+|[a-z-]+"),
    "detection": re.compile(r"dfir|emerging-threats|threat-hunting"),
    "stp": re.compile(r"[1-5][auk]?"),
    "tlp": re.compile(r"red|amber|amber-strict|green|clear|white"),
}
_FILE = re.compile(r"[a-z0-9_.-]+\.ya?ml")
_LONGEST_FILE = 128


def check_card(subject: Subject) -> Iterator[Finding]:
    """What is missing around the detection, and what contradicts itself there."""
    yield from _missing(subject)
    yield from _standing(subject)
    yield from _dates(subject)
    yield from _file(subject)


def check_tags(subject: Subject) -> Iterator[Finding]:
    """Tags that no program would count as what they mean."""
    tags = subject.data.get("tags")
    listed = [str(tag) for tag in tags] if isinstance(tags, list) else []
    for index, tag in enumerate(listed):
        message = _tag_fault(tag)
        if message is not None:
            advice = say("Write it as attack.t1059.001, attack.execution, cve.2026-12345.")
            yield warning("tag-form", subject.place("tags", index), message, advice)
        if tag in listed[:index]:
            yield hint(
                "tag-twice",
                subject.place("tags", index),
                say("the tag {tag} stands here twice", tag=tag),
                say("Take one of them out."),
            )
    if not any(tag.startswith("attack.") for tag in listed):
        yield hint(
            "no-attack-tag",
            subject.place("tags"),
            say("the rule says no ATT&CK tactic or technique"),
            say("Add a tag like attack.t1059.001: coverage counts by them."),
        )


def _missing(subject: Subject) -> Iterator[Finding]:
    data = subject.data
    if not data.get("id"):
        yield warning(
            "no-id",
            subject.place(),
            say("the rule has no id: it is known by its name or title"),
            say("Give it a UUID: alerts and suppressions stay with it when the title changes."),
        )
    if "filter" in data:
        return
    if not data.get("level") and not _feeds_only(subject):
        yield warning(
            "no-level",
            subject.place(),
            say("the rule has no level: it counts as medium"),
            say("Say informational, low, medium, high or critical: the score begins with it."),
        )
    if not data.get("status"):
        yield hint(
            "no-status",
            subject.place(),
            say("the rule has no status: its word is trusted little"),
            say("Say experimental, test or stable."),
        )
    for key in ("description", "author", "date"):
        if not data.get(key):
            yield hint(
                f"no-{key}",
                subject.place(),
                say("the rule has no {key}", key=key),
                say("Whoever gets its alert wants to know."),
            )
    if not data.get("falsepositives") and not _is_informational(subject):
        yield hint(
            "no-falsepositives",
            subject.place(),
            say("the rule names no known false alarm"),
            say("Say what harmless thing looks the same, or Unknown."),
        )


def _standing(subject: Subject) -> Iterator[Finding]:
    status, level = (str(subject.data.get(key, "")).lower() for key in ("status", "level"))
    if status == "deprecated":
        yield warning(
            "deprecated",
            subject.place("status"),
            say("the rule says of itself that it is deprecated; it runs all the same"),
            say("Take the file away; `related` may name its successor."),
        )
    if status == "experimental" and level == "critical":
        yield hint(
            "level-above-status",
            subject.place("level"),
            say("an experimental rule calls its alerts critical"),
            say("Lower the level until it has been tried, or raise the status."),
        )


def _dates(subject: Subject) -> Iterator[Finding]:
    found: dict[str, date] = {}
    for key in ("date", "modified"):
        value = subject.data.get(key)
        if value is None:
            continue
        try:
            found[key] = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            yield hint(
                "date-form",
                subject.place(key),
                say("{key} is no date like 2026-11-22: {value}", key=key, value=value),
                say("Sigma 2 writes dates as ISO 8601 does."),
            )
    if len(found) > 1 and found["modified"] < found["date"]:
        yield warning(
            "modified-before-date",
            subject.place("modified"),
            say("the rule was changed before it was written"),
            say("Correct one of the two dates."),
        )


def _file(subject: Subject) -> Iterator[Finding]:
    name = PurePath(subject.document.path).name
    if not _FILE.fullmatch(name) or len(name) > _LONGEST_FILE:
        yield hint(
            "file-name",
            subject.place(),
            say("the file's name is not of the usual form: {name}", name=name),
            say("Use small letters, digits and underscores, ending in .yml."),
        )


def _feeds_only(subject: Subject) -> bool:
    return subject.rule is not None and subject.rule.output.value == "correlations-only"


def _is_informational(subject: Subject) -> bool:
    quiet = str(subject.data.get("level", "")).lower() in ("informational", "low")
    return quiet or _feeds_only(subject)


def _tag_fault(tag: str) -> LocalText | None:
    namespace, dot, word = tag.partition(".")
    if not dot or not word or tag != tag.lower():
        return say("{tag} is no tag with a namespace, in small letters", tag=tag)
    if namespace == "attack":
        if _ATTACK.fullmatch(word) or word in TACTICS:
            return None
        near = get_close_matches(word.replace("_", "-"), TACTICS, n=1)
        if near:
            return say(
                "{tag} is no ATT&CK tactic, did you mean attack.{near}?", tag=tag, near=near[0]
            )
        return say("{tag} is neither a tactic nor a technique of ATT&CK", tag=tag)
    form = _FORMS.get(namespace)
    if form is not None and not form.fullmatch(word):
        return say("{tag} does not have the form of its namespace", tag=tag)
    return None
