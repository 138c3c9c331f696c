"""One Sigma rule: from its document to what the engine runs, or to everything wrong with it."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from hashlib import sha256
from typing import Any

from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaDetections, SigmaRule, SigmaStatus

from sentinel.detect.bind import bind
from sentinel.detect.condition import AnyOf, Condition, rename
from sentinel.detect.ruleset import Logsource, Rule
from sentinel.detect.sigma.card import make_card, read_extras
from sentinel.detect.sigma.diagnose import PYSIGMA_ERRORS, detection_faults, fault, sigma_fault
from sentinel.detect.sigma.mend import mend, respell
from sentinel.detect.sigma.read_condition import NotHonoured, read_condition
from sentinel.documents import Document
from sentinel.errors import Fault

MAX_CONDITION = 8192  # characters: pySigma's parser slows down with nested brackets
MAX_BRACKETS = 32

_SELECTOR = re.compile(r"\bof\s+([A-Za-z0-9*_]+)")
# pySigma reads the name "nothing" as `not hing`.
_FALSE_NOT = re.compile(r"(?<![\w*-])not[\w-]+")


def read_rule(
    document: Document, data: dict[str, Any], pipeline: ProcessingPipeline | None = None
) -> tuple[Rule | None, list[Fault]]:
    """The rule, or all its faults. `pipeline` is applied to what pySigma parsed, if given."""
    faults = [*_shape_faults(document, data), *detection_faults(document)]
    try:
        parsed = SigmaRule.from_dict(_for_pysigma(data), collect_errors=True)
    except PYSIGMA_ERRORS as error:
        return None, [*faults, sigma_fault(document, error)]
    said = [sigma_fault(document, error) for error in parsed.errors]
    # Items of the detection were looked at one by one, where pySigma stops at the first.
    faults += [each for each in said if not (faults and each.key.startswith("detection"))]
    extras, more = read_extras(document)
    condition, reason = _condition(document, parsed, pipeline)
    if reason is not None and not any(each.key.startswith("detection") for each in faults):
        faults.append(reason)
    if faults or more or extras is None or condition is None:
        return None, [*faults, *more]
    source = parsed.logsource
    logsource = Logsource(
        product=source.product or None,
        category=source.category or None,
        service=source.service or None,
    )
    return Rule(
        card=make_card(parsed, extras, document),
        name=parsed.name or "",
        logsource=logsource,
        condition=condition,
        bound=bind(condition, logsource),
        fingerprint=fingerprint(data.get("logsource"), data.get("detection")),
    ), []


def fingerprint(*parts: object) -> str:
    """16 hex digits that change when one of these plain values changes."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def _condition(
    document: Document, parsed: SigmaRule, pipeline: ProcessingPipeline | None
) -> tuple[Condition | None, Fault | None]:
    detections = parsed.detection
    try:
        mend(detections)
        for text in detections.condition:
            _check_condition(text, detections)
        if pipeline is not None:
            pipeline.apply(parsed)
        # Sigma: a list of conditions is linked with OR. pySigma parses at each call: call once.
        parts = tuple(read_condition(each.parsed) for each in detections.parsed_condition)
    except NotHonoured as error:
        return None, fault(document, ("detection",), str(error))
    except PYSIGMA_ERRORS as error:
        return None, sigma_fault(document, error)
    condition = parts[0] if len(parts) == 1 else AnyOf(parts)
    return (condition if pipeline is None else rename(condition, _without_subfield)), None


def _without_subfield(name: str) -> str:
    """Elasticsearch's lower-cased sub-field is the field itself: case is ignored here anyway."""
    return name.removesuffix(".caseless")


def _check_condition(text: object, detections: SigmaDetections) -> None:
    if not isinstance(text, str):
        raise NotHonoured("a condition must be a text, like `selection and not filter`")
    if len(text) > MAX_CONDITION or text.count("(") > MAX_BRACKETS:
        raise NotHonoured(
            f"the condition is too long: at most {MAX_CONDITION} characters and "
            f"{MAX_BRACKETS} brackets"
        )
    misread = _FALSE_NOT.search(text)
    if misread is not None:
        raise NotHonoured(
            f"the name {misread[0]!r} in the condition would be read as `not`; "
            "give the detection a name that does not begin with not"
        )
    for pattern in _SELECTOR.findall(text):
        if not _selected(pattern, detections):
            raise NotHonoured(
                f"`of {pattern}` in the condition stands for no detection; "
                f"there are: {', '.join(detections.detections)}"
            )


def _selected(pattern: str, detections: SigmaDetections) -> bool:
    # Sigma, "Condition": `them` and patterns leave out what begins with an underscore.
    regex = re.compile(".*" if pattern == "them" else pattern.replace("*", ".*"))
    return any(
        regex.fullmatch(name) and (pattern.startswith("_") or not name.startswith("_"))
        for name in detections.detections
    )


def _shape_faults(document: Document, data: dict[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    detection = data.get("detection")
    if isinstance(detection, dict) and "timeframe" in detection:
        message = "`timeframe` belongs to the aggregations that Sigma has given up"
        faults.append(
            fault(document, ("detection", "timeframe"), message, "a correlation with `timespan`")
        )
    if data.get("taxonomy", "sigma") not in ("sigma", "ecs"):
        message = "the field names of this taxonomy are not known"
        faults.append(fault(document, ("taxonomy",), message, "sigma, ecs"))
    if str(data.get("status", "")).lower() == SigmaStatus.UNSUPPORTED.name.lower():
        message = "the rule itself says that it cannot be used as it is"
        faults.append(fault(document, ("status",), message))
    return faults


def _for_pysigma(data: dict[str, Any]) -> dict[str, Any]:
    own = deepcopy(data)  # pySigma keeps and changes what it is given
    if "detection" in own:
        own["detection"] = respell(own["detection"])
    return own
