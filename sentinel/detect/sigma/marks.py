"""Which part of a rule's file each part of its condition comes from: names and lines for people.

A condition that the engine runs knows no file. Here each detection, item and value of the rule is
read by itself, and the condition that comes of it is the key under which its name and line are
found again. What a pipeline or a filter has added has no line; it is explained without one.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections, SigmaRule
from sigma.types import SigmaType

from sentinel.detect.bind import bind
from sentinel.detect.condition import Condition, rename
from sentinel.detect.explain import Mark, Marks
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.diagnose import PYSIGMA_ERRORS
from sentinel.detect.sigma.mend import mend, respell
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.detect.sigma.read_condition import NotHonoured, read_condition
from sentinel.documents import Document, Where


def marks_of(
    document: Document,
    logsource: Logsource,
    pipeline: ProcessingPipeline | None = None,
    placeholders: Placeholders = NO_PLACEHOLDERS,
) -> Marks:
    """The names and places of a rule's parts, by their condition (native and bound names).

    Empty where pySigma cannot read the rule; a part that has no meaning is left out.
    """
    data = document.data
    if not isinstance(data, dict):
        return {}
    own = deepcopy(data)
    try:
        own["detection"] = respell(own.get("detection"), placeholders)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # expressions are used as written
            parsed = SigmaRule.from_dict(own, collect_errors=True)
            mend(parsed.detection, placeholders)
            if pipeline is not None:
                pipeline.apply(parsed)
            found = list(_all_marks(document, parsed.detection))
    except PYSIGMA_ERRORS:
        return {}
    marks: dict[Condition, dict[Mark, None]] = {}
    for native, mark in found:
        # As in `read_rule`: Elasticsearch's lower-cased sub-field is the field itself.
        condition = rename(native, lambda name: name.removesuffix(".caseless"))
        for key in (condition, bind(condition, logsource)):
            marks.setdefault(key, {})[mark] = None
    return {condition: tuple(each) for condition, each in marks.items()}


def _all_marks(document: Document, detections: SigmaDetections) -> Iterator[tuple[Condition, Mark]]:
    for name, detection in detections.detections.items():
        where: Where = ("detection", name)
        condition = _condition(detection, detections)
        if condition is not None:
            yield condition, Mark(name=name, detection=name, place=document.place(where))
        yield from _below(document, where, detection, detections)


def _below(
    document: Document, where: Where, detection: SigmaDetection, detections: SigmaDetections
) -> Iterator[tuple[Condition, Mark]]:
    """The items of a detection, paired with what stands in the file as far as it is so many."""
    written = _steps(document, where)
    same = len(written) == len(detection.detection_items)
    for index, item in enumerate(detection.detection_items):
        below = (*where, written[index]) if same else where
        if isinstance(item, SigmaDetection):
            yield from _below(document, below, item, detections)
        else:
            yield from _item(document, below, item, detections)


def _item(
    document: Document, where: Where, item: SigmaDetectionItem, detections: SigmaDetections
) -> Iterator[tuple[Condition, Mark]]:
    detection = str(where[1])
    name = str(where[-1]) if len(where) > 2 and isinstance(where[-1], str) else ""  # noqa: PLR2004 - detection, its name, the item
    condition = _condition(item, detections)
    if condition is not None and name:
        yield condition, Mark(name=name, detection=detection, place=document.place(where))
    listed = isinstance(_at(document.data, where), list)
    for index, value in enumerate(item.value):
        single = _value(item, value, detections)
        if single is not None:
            place = document.place((*where, index) if listed else where)
            yield single, Mark(name=name, detection=detection, place=place)


def _value(
    item: SigmaDetectionItem, value: SigmaType, detections: SigmaDetections
) -> Condition | None:
    # Modifiers have been applied: the item of one value alone is made as it stands.
    alone = SigmaDetectionItem(item.field, [], [])
    alone.value = [value]
    return _condition(alone, detections)


def _condition(
    part: SigmaDetection | SigmaDetectionItem, detections: SigmaDetections
) -> Condition | None:
    try:
        return read_condition(part.postprocess(detections))
    except (NotHonoured, *PYSIGMA_ERRORS):
        return None


def _steps(document: Document, where: Where) -> list[str | int]:
    """The next steps down from here: keys, indexes of mappings in a list; one for plain values."""
    data = _at(document.data, where)
    if isinstance(data, dict):
        return [str(key) for key in data]
    if isinstance(data, list) and any(isinstance(each, dict | list) for each in data):
        return list(range(len(data)))
    return []


def _at(data: Any, where: Where) -> Any:  # noqa: ANN401 - any YAML
    for step in where:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
        else:
            return None
    return data
