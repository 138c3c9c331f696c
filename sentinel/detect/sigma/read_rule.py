"""One Sigma rule: from its document to what the engine runs, or to everything wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from hashlib import sha256
from typing import Any

from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaDetections, SigmaRule, SigmaStatus

from sentinel.detect.bind import bind
from sentinel.detect.condition import Condition, rename
from sentinel.detect.ruleset import Rule
from sentinel.detect.sigma.card import make_card, read_extras
from sentinel.detect.sigma.diagnose import (
    PYSIGMA_ERRORS,
    detection_faults,
    fault,
    reading_fault,
    sigma_fault,
    taxonomy_faults,
)
from sentinel.detect.sigma.filters import Filter, logsource_of
from sentinel.detect.sigma.mend import mend, respell
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders, named
from sentinel.detect.sigma.read_detection import check_detections, read_detections
from sentinel.documents import Document
from sentinel.errors import Fault

# In the place of a detection that has faults: everything else is looked at all the same.
_STUB = {"stub": {"stub": 1}, "condition": "stub"}


def read_rule(
    document: Document,
    data: dict[str, Any],
    pipeline: ProcessingPipeline | None = None,
    *,
    placeholders: Placeholders = NO_PLACEHOLDERS,
    filters: Sequence[Filter] = (),
) -> tuple[Rule | None, list[Fault]]:
    """The rule, or all its faults.

    `pipeline` is applied to what pySigma parsed, if given; `filters` are those for this rule.
    """
    wrong = list(detection_faults(document, placeholders=placeholders))
    faults = [*_shape_faults(document, data), *wrong]
    own = deepcopy(data)  # pySigma keeps and changes what it is given
    try:
        if "detection" in own:
            own["detection"] = _STUB if wrong else respell(own["detection"], placeholders)
        parsed = SigmaRule.from_dict(own, collect_errors=True)
    except PYSIGMA_ERRORS as error:  # NotHonoured is one of them
        return None, [*faults, reading_fault(document, error)]
    faults += [sigma_fault(document, error) for error in parsed.errors]
    extras, more = read_extras(document)
    faults += more
    if faults or extras is None:
        return None, faults
    try:
        condition = _condition(parsed, pipeline, placeholders, filters)
    except PYSIGMA_ERRORS as error:
        return None, [reading_fault(document, error)]
    logsource = logsource_of(parsed.logsource)
    return Rule(
        card=make_card(parsed, extras, document),
        name=parsed.name or "",
        logsource=logsource,
        condition=condition,
        bound=bind(condition, logsource),
        fingerprint=_fingerprint(data, placeholders, filters),
    ), []


def fingerprint(*parts: object) -> str:
    """16 hex digits that change when one of these plain values changes."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def _fingerprint(
    data: dict[str, Any], placeholders: Placeholders, filters: Iterable[Filter]
) -> str:
    """Of all that decides what the rule matches; the order of filters is none of it."""
    added: list[object] = []
    added += sorted(fingerprint(each.says, each.sense.name) for each in filters)
    sections = [data.get("detection"), *(each.section for each in filters)]
    names = {name for section in sections for name in named(section)}
    if names:
        added.append({name: placeholders.values.get(name, ()) for name in names})
    return fingerprint(data.get("logsource"), data.get("detection"), *added)


def _condition(
    parsed: SigmaRule,
    pipeline: ProcessingPipeline | None,
    placeholders: Placeholders,
    filters: Sequence[Filter],
) -> Condition:
    """The rule's condition, narrowed by its filters; the pipeline sees all of it at once."""
    mend(parsed.detection, placeholders)
    check_detections(parsed.detection)
    added = [each.detections(placeholders) for each in filters]
    if pipeline is not None:
        _put_in(parsed.detection, added)
        pipeline.apply(parsed)
        _take_out(parsed.detection, added)
    condition = read_detections(parsed.detection)
    for each, detections in zip(filters, added, strict=True):
        condition = each.narrows(condition, read_detections(detections))
    return condition if pipeline is None else rename(condition, _without_subfield)


def _put_in(detections: SigmaDetections, added: Sequence[SigmaDetections]) -> None:
    """Under names that no condition can say, since they hold a blank."""
    for number, each in enumerate(added):
        for name, detection in each.detections.items():
            detections.detections[f"{number} {name}"] = detection


def _take_out(detections: SigmaDetections, added: Sequence[SigmaDetections]) -> None:
    for number, each in enumerate(added):
        each.detections = {
            name: detections.detections.pop(f"{number} {name}") for name in each.detections
        }


def _without_subfield(name: str) -> str:
    """Elasticsearch's lower-cased sub-field is the field itself: case is ignored here anyway."""
    return name.removesuffix(".caseless")


def _shape_faults(document: Document, data: dict[str, Any]) -> list[Fault]:
    faults = taxonomy_faults(document, data)
    if str(data.get("status", "")).lower() == SigmaStatus.UNSUPPORTED.name.lower():
        message = "the rule itself says that it cannot be used as it is"
        faults.append(fault(document, ("status",), message))
    return faults
