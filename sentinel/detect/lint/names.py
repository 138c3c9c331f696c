"""Names of fields that events of a logsource do not have: a slip of the pen never matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.known import KNOWN
from sentinel.detect.lint.subject import Subject
from sentinel.detect.ruleset import Logsource

_USUAL = 3  # rules of a logsource that have a name: then it is no slip
# How alike two names must be: more where nobody says which fields there are.
_NEAR, _VERY_NEAR = 0.85, 0.92

Source = tuple[str, str, str]


def usual_names(subjects: Iterable[Subject]) -> Mapping[Source, Counter[str]]:
    """How many rules of each logsource ask for each field."""
    found: dict[Source, Counter[str]] = {}
    for subject in subjects:
        if subject.rule is not None:
            names = {item.field for item in subject.items() if item.field}
            found.setdefault(_source(subject.rule.logsource), Counter()).update(names)
    return found


def check_names(
    subject: Subject, usual: Mapping[Source, Counter[str]], normalised: Collection[str]
) -> Iterator[Finding]:
    """Fields that are neither known of this logsource nor usual among its rules.

    `normalised` are the names that our own events have.
    """
    if subject.rule is None:
        return
    logsource = subject.rule.logsource
    counts = usual.get(_source(logsource), Counter())
    listed = KNOWN.get((logsource.product or "", logsource.category or ""), frozenset())
    known = {*listed, *(name for name, count in counts.items() if count >= _USUAL)}
    told: set[str] = set()
    for item in subject.items():
        name = item.field
        if not name or name in known or name in told or _is_normalised(name, normalised):
            continue
        told.add(name)
        near = _near(name, known, counts, _NEAR if listed else _VERY_NEAR)
        if near:
            yield warning(
                "unknown-field",
                subject.place(*item.where),
                say("events of this logsource have no field {name}", name=name),
                say("Did you mean {near}? Names of fields are exact.", near=near),
            )
        elif listed:
            yield hint(
                "unusual-field",
                subject.place(*item.where),
                say("{name} is no usual field of this logsource", name=name),
                say("Make sure that its events have it; nothing else matches."),
            )


def _near(name: str, known: Collection[str], counts: Counter[str], alike: float) -> str:
    """The name that was probably meant: the same but for case, or nearly so and far more usual."""
    for each in known:
        if each.casefold() == name.casefold():
            return each
    if counts[name] > 1:
        return ""
    near = get_close_matches(name, [each for each in known if _is_a_slip(each, name)], 1, alike)
    return near[0] if near else ""


def _is_a_slip(known: str, name: str) -> bool:
    """ParentImage is no slip for Image, nor a.subresource for a.resource, or param1 for param2."""
    one, other = (each.casefold().rpartition(".")[2] for each in (name, known))
    if one in other or other in one:
        return False
    return sorted(filter(str.isdigit, known)) == sorted(filter(str.isdigit, name))


def _is_normalised(name: str, normalised: Collection[str]) -> bool:
    return name in normalised or name.startswith(("winlog.", "sentinel."))


def _source(logsource: Logsource) -> Source:
    return (logsource.product or "", logsource.category or "", logsource.service or "")
