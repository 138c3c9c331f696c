"""A detection with its condition: from what pySigma parsed to the tree that runs.

Rules have one under `detection:`, filters under `filter:`. What pySigma would read as something
else than it says, or work on for too long, is refused before it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sigma.conditions import (
    ConditionIdentifier,
    ConditionItem,
    ConditionSelector,
    SigmaCondition,
)
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections
from sigma.types import SigmaExpansion, SigmaType

from sentinel.detect.condition import AnyOf, Condition
from sentinel.detect.sigma.read_condition import NotHonoured, read_condition

MAX_CONDITION = 8192  # characters: pySigma's parser slows down with nested brackets
MAX_BRACKETS = 32
MAX_ATOMS = 200_000  # of one rule, a detection counted as often as the condition names it

MAX_STARS = 3  # in one pattern: pySigma's search for names slows down with each
MAX_NAME = 200  # characters

_SELECTOR = re.compile(r"\bof\s+([^\s()]+)")
_PATTERN = re.compile(r"[A-Za-z0-9*_]+")
# pySigma reads the name "nothing" as `not hing`.
_FALSE_NOT = re.compile(r"(?<![\w*-])not[\w-]+")


def read_detections(detections: SigmaDetections) -> Condition:
    """The tree of these detections, linked as their condition says.

    Raises:
        NotHonoured: something in it has no meaning here.
        SigmaError: pySigma cannot parse it.
    """
    # Sigma: a list of conditions is linked with OR. pySigma parses at each call: call once.
    parts = tuple(read_condition(each.parsed) for each in detections.parsed_condition)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def check_detections(detections: SigmaDetections) -> None:
    """Look at the conditions before they are put together.

    Raises:
        NotHonoured: one would be read as something else than it says, or is too much to read.
        SigmaError: pySigma cannot parse it.
    """
    _check_size(detections)
    for text in detections.condition:
        _check_names(text, detections)
    weights = {name: _weight(part) for name, part in detections.detections.items()}
    atoms = sum(
        weights.get(name, 0)
        for condition in detections.parsed_condition
        for name in _mentioned(parse_only(condition), detections)
    )
    if atoms > MAX_ATOMS:
        raise NotHonoured(
            f"the condition stands for {atoms} tests of values; at most {MAX_ATOMS} are allowed",
            "condition",
        )


def parse_only(condition: SigmaCondition) -> object:
    """The tree of operators and names that a condition's text is, without what they stand for."""
    return condition.parse(postprocess=False)


def _check_size(detections: SigmaDetections) -> None:
    texts = detections.condition
    if not all(isinstance(text, str) for text in texts):
        raise NotHonoured(
            "a condition must be a text, like `selection and not filter`", "condition"
        )
    if any(len(name) > MAX_NAME for name in detections.detections):
        raise NotHonoured(f"a detection's name has at most {MAX_NAME} characters")
    length = sum(len(text) for text in texts)
    if length > MAX_CONDITION or any(text.count("(") > MAX_BRACKETS for text in texts):
        raise NotHonoured(
            f"the condition is too long: at most {MAX_CONDITION} characters and "
            f"{MAX_BRACKETS} brackets",
            "condition",
        )


def _check_names(text: str, detections: SigmaDetections) -> None:
    misread = _FALSE_NOT.search(text)
    if misread is not None:
        raise NotHonoured(
            f"the name {misread[0]!r} in the condition would be read as `not`; "
            "give the detection a name that does not begin with not",
            "condition",
        )
    for pattern in _SELECTOR.findall(text):
        if not _PATTERN.fullmatch(pattern) or pattern.count("*") > MAX_STARS:
            raise NotHonoured(
                f"`of {pattern}` in the condition cannot be read: a pattern has letters, digits, "
                f"`_` and at most {MAX_STARS} times `*`",
                "condition",
            )
        if next(_selected(pattern, detections), None) is None:
            raise NotHonoured(
                f"`of {pattern}` in the condition stands for no detection; "
                f"there are: {', '.join(detections.detections)}",
                "condition",
            )


def _selected(pattern: str, detections: SigmaDetections) -> Iterator[str]:
    # Sigma, "Condition": `them` and patterns leave out what begins with an underscore.
    regex = re.compile(".*" if pattern == "them" else pattern.replace("*", ".*"))
    for name in detections.detections:
        if regex.fullmatch(name) and (pattern.startswith("_") or not name.startswith("_")):
            yield name


def _mentioned(parsed: object, detections: SigmaDetections) -> Iterator[str]:
    if isinstance(parsed, ConditionIdentifier):
        yield parsed.identifier
    elif isinstance(parsed, ConditionSelector):
        yield from _selected(parsed.pattern, detections)
    elif isinstance(parsed, ConditionItem):
        for part in parsed.args:
            yield from _mentioned(part, detections)


def _weight(part: SigmaDetection | SigmaDetectionItem | SigmaType) -> int:
    """How many single tests this comes to."""
    if isinstance(part, SigmaDetection):
        return sum(_weight(item) for item in part.detection_items)
    if isinstance(part, SigmaDetectionItem):
        return sum(_weight(value) for value in part.value)
    if isinstance(part, SigmaExpansion):
        return sum(_weight(value) for value in part.values)
    return 1
