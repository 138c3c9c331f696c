"""Parts of a rule that change nothing: unused detections, values said twice, one within another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sentinel.detect.condition import AllOf, AnyOf, Condition, Not
from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.subject import Item, Subject
from sentinel.detect.values import fold

_WORD = re.compile(r"[\w*-]+")
_SELECTOR = re.compile(r"\b(?:1|any|all)\s+of\s+([\w*-]+)")
_PLACED = frozenset({"contains", "startswith", "endswith"})
_LONGEST_LIST = 2_000  # each value is held against each other one


def check_unused(subject: Subject) -> Iterator[Finding]:
    """Detections that the condition does not use."""
    conditions = subject.detection.get("condition")
    texts = [str(each) for each in (conditions if isinstance(conditions, list) else [conditions])]
    for name in subject.detection:
        if name in ("condition", "timeframe") or any(_uses(text, str(name)) for text in texts):
            continue
        yield warning(
            "unused-detection",
            subject.place("detection", name),
            say("no condition uses the detection {name}", name=name),
            say("Name it in the condition, or take it out."),
        )


def check_values(subject: Subject) -> Iterator[Finding]:
    """Values that stand twice in a list, or that another value of it covers."""
    for item in subject.items():
        texts = [str(value) for value in item.values]
        if len(texts) > 1:
            yield from _twice(subject, item, texts)
            if len(texts) <= _LONGEST_LIST and _is_plain(item):
                yield from _covered(subject, item, [fold(text) for text in texts])


def check_branches(subject: Subject) -> Iterator[Finding]:
    """Alternatives that another one makes superfluous: A or (A and B) is A."""
    if subject.rule is not None:
        yield from _branches(subject, subject.rule.condition)


def _uses(text: str, name: str) -> bool:
    for pattern in _SELECTOR.findall(text):
        if pattern == "them" and not name.startswith("_"):
            return True
        if re.fullmatch(pattern.replace("*", ".*"), name):
            return True
    return name in _WORD.findall(text)


def _twice(subject: Subject, item: Item, texts: Sequence[str]) -> Iterator[Finding]:
    exact = bool({"re", "cased", "base64", "base64offset"} & set(item.modifiers))
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        key = text if exact else fold(text)
        if key not in first:
            first[key] = index
            continue
        yield warning(
            "value-twice",
            subject.place(*item.value_at(index)),
            say("this value stands in the list already: {value}", value=_short(text)),
            say("Take one of the two out, or write what was meant."),
        )


def _covered(subject: Subject, item: Item, texts: Sequence[str]) -> Iterator[Finding]:
    together = "all" in item.modifiers
    for index, text in enumerate(texts):
        for other in texts:
            # Of alternatives the longer one adds nothing; of what must be together the shorter.
            wide, narrow = (text, other) if together else (other, text)
            if other != text and _covers(item, wide, narrow):
                yield hint(
                    "value-covered",
                    subject.place(*item.value_at(index)),
                    say(
                        "{value} changes nothing: {other} stands in the same list",
                        value=_short(text),
                        other=_short(other),
                    ),
                    say("Take it out, or write what was meant."),
                )
                break


def _covers(item: Item, wide: str, narrow: str) -> bool:
    """Say whether every text that fits `narrow` fits `wide`."""
    if "contains" in item.modifiers:
        return wide in narrow
    if "startswith" in item.modifiers:
        return narrow.startswith(wide)
    return narrow.endswith(wide)


def _is_plain(item: Item) -> bool:
    """Say whether the values are parts of text without wildcards."""
    if not _PLACED & set(item.modifiers) or not set(item.modifiers) <= _PLACED | {"all"}:
        return False
    return not any(mark in str(value) for value in item.values for mark in ("*", "?", "\\\\"))


def _branches(subject: Subject, condition: Condition) -> Iterator[Finding]:
    match condition:
        case Not(part):
            yield from _branches(subject, part)
        case AllOf(parts) | AnyOf(parts):
            inner = AllOf if isinstance(condition, AnyOf) else AnyOf
            own = set(parts)
            for part in parts:
                if isinstance(part, inner) and own.intersection(part.parts):
                    yield _superfluous(subject, part, own.intersection(part.parts).pop())
                else:
                    yield from _branches(subject, part)


def _superfluous(subject: Subject, part: Condition, other: Condition) -> Finding:
    place, name = subject.place_of_part(part)
    _, by = subject.place_of_part(other)
    return warning(
        "never-matters",
        place,
        say(
            "{name} can never matter: the condition holds or fails with {by} alone",
            name=name or "(...)",
            by=by or "(...)",
        ),
        say("Look at how the condition joins its parts."),
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - characters that are shown
