"""Regular expressions: what a modifier says more plainly, and what an attacker could make slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sentinel.detect.lint.finding import Finding, hint, say, warning
from sentinel.detect.lint.subject import Subject

_FLAGS = re.compile(r"^\(\?[aiLmsux]+\)")
_PLAIN = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^A-Za-z0-9])+")
_QUANTIFIER = re.compile(r"[*+?]|\{\d*,?\d*\}")
_UNBOUNDED = re.compile(r"\*|\+|\{\d+,\}")
_OPENING = re.compile(r"\((?:\?(?:[:=!>]|<[=!]|P?<\w+>|[aiLmsux-]*:?))?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_WIDE = re.compile(r"\.|\\[SWDw]|\[\^.*\]", re.DOTALL)


def check_regexes(subject: Subject) -> Iterator[Finding]:
    """Each expression of the detection."""
    for item in subject.items():
        if "re" not in item.modifiers:
            continue
        for index, value in enumerate(item.values):
            if isinstance(value, str):
                place = subject.place(*item.value_at(index))
                yield from _simpler(place, item.field, value, item.modifiers)
                if _may_explode(value):
                    yield _slow(place)


def _simpler(place: str, name: str, value: str, modifiers: tuple[str, ...]) -> Iterator[Finding]:
    flags = _FLAGS.match(value)
    body = value[flags.end() :] if flags else value
    if body.startswith(".*") or (body.endswith(".*") and not body.endswith("\\.*")):
        yield hint(
            "regex-open-edge",
            place,
            say("an expression is searched for anywhere: `.*` at its edge adds nothing"),
            say("Leave it away: the search gets faster and finds the same."),
        )
    start, end = body.startswith("^"), body.endswith("$") and not body.endswith("\\$")
    inner = body[1 if start else 0 : -1 if end else None]
    inner = inner.removeprefix(".*").removesuffix(".*")
    if not name or not _PLAIN.fullmatch(inner):
        return
    modifier = "contains"
    if start != end:
        modifier = "startswith" if start else "endswith"
    written = f"{name}|{modifier}" if not (start and end) else name
    case = "i" in modifiers or (flags is not None and "i" in flags[0])
    yield hint(
        "regex-for-text",
        place,
        say("this expression is a plain text"),
        say("Write {written}: it is decided together with thousands of others.", written=written)
        if case
        else say("Write {written}, with `cased` where case counts.", written=written),
    )


def _slow(place: str) -> Finding:
    return warning(
        "regex-explodes",
        place,
        say("a repeated group holds a repetition that fits the same text: some texts take forever"),
        say("Let each repetition begin or end with something the inner one cannot fit."),
    )


@dataclass(slots=True)
class _Group:
    """What is known of a group that is open, in the alternative that is being read.

    `repeats` are atoms without an upper bound, `fixed` those that must be there: a fixed one that
    no repeated one fits is a mark between two rounds.
    """

    repeats: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    risky: bool = False  # an alternative before, or a group within, is


def _may_explode(pattern: str) -> bool:
    """Say whether an unbounded group repeats an unbounded repetition with no mark between them.

    A mark is something fixed that the repetition cannot fit. Not every such expression is slow,
    and not every slow one is found.
    """
    stack = [_Group()]
    for atom, quantifier, sign in _atoms(pattern):
        if sign == "(":
            stack.append(_Group())
        elif sign == "|":
            stack[-1].risky |= _is_risky(stack[-1])
            stack[-1].repeats, stack[-1].fixed = [], []
        elif sign == ")" and len(stack) > 1:
            if _closes_badly(stack.pop(), stack[-1], quantifier):
                return True
        elif atom and _UNBOUNDED.fullmatch(quantifier):
            stack[-1].repeats.append(atom)
        elif atom and not _is_optional(quantifier):
            stack[-1].fixed.append(atom)
    return False


def _closes_badly(group: _Group, around: _Group, quantifier: str) -> bool:
    """Say whether the group is repeated and risky; else what it holds belongs to the one around."""
    risky = group.risky or _is_risky(group)
    if risky and _UNBOUNDED.fullmatch(quantifier):
        return True
    around.risky |= risky and not around.fixed
    if not _is_optional(quantifier):
        around.fixed += group.fixed
    return False


def _is_risky(group: _Group) -> bool:
    return any(all(_fits(repeat, mark) for mark in group.fixed) for repeat in group.repeats)


def _fits(repeat: str, mark: str) -> bool:
    """Say whether a repeated atom may fit a fixed one; a class that nobody looks into may."""
    if repeat == mark:
        return True
    try:
        return re.fullmatch(repeat, mark.removeprefix("\\"), re.DOTALL) is not None
    except re.error:
        return bool(_WIDE.fullmatch(repeat))


def _is_optional(quantifier: str) -> bool:
    return quantifier[:1] in ("*", "?") or quantifier.startswith(("{0", "{,"))


def _atoms(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Each atom with its quantifier; for brackets and bars that character as the third."""
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        closes, end = "", at + 1
        if letter == "\\":
            end = at + 2
        elif letter == "[":
            found = _CLASS.match(pattern, at)
            end = found.end() if found else at + 1
        elif letter == "(":
            head = _OPENING.match(pattern, at)
            closes, end = "(", head.end() if head else at + 1
        elif letter in "|)":
            closes = letter
        atom = "" if closes or letter in "^$" else pattern[at:end]
        quantified = _QUANTIFIER.match(pattern, end) if closes in ("", ")") else None
        quantifier = quantified[0] if quantified else ""
        at = end + len(quantifier)
        if quantified and at < len(pattern) and pattern[at] in "?+":
            at += 1  # lazy, or possessive
        yield atom, quantifier, closes
