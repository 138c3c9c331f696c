"""Sigma filters: what is suppressed in many rules at once, written in one place.

Specification: "Sigma Filters Specification" 2.1.0. A filter describes what its rules shall not
report. The specification's own example says that directly (`condition: selection`); the tools write
what must hold instead (`condition: not selection`). Both mean the same here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sigma.conditions import ConditionAND, ConditionNOT, ConditionOR
from sigma.filters import SigmaFilter
from sigma.rule import SigmaDetections, SigmaLogSource

from sentinel.detect.condition import AllOf, Condition, Not
from sentinel.detect.ruleset import Logsource, Rule
from sentinel.detect.sigma.card import canonical, place_of
from sentinel.detect.sigma.diagnose import (
    PYSIGMA_ERRORS,
    detection_faults,
    fault,
    reading_fault,
    sigma_fault,
    taxonomy_faults,
)
from sentinel.detect.sigma.mend import mend, respell
from sentinel.detect.sigma.placeholders import Placeholders
from sentinel.detect.sigma.read_detection import check_detections, parse_only, read_detections
from sentinel.documents import Document, Where
from sentinel.errors import Fault
from sentinel.model.ids import RuleId

SECTION = "filter"


class Sense(Enum):
    """What a filter's condition describes."""

    SUPPRESSED = "what is not reported"
    KEPT = "what must hold for a report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter without faults. `rules` are the references to rules; None stands for `any`."""

    document: Document
    place: str
    logsource: Logsource
    rules: tuple[tuple[Where, str], ...] | None
    section: Mapping[str, Any]
    sense: Sense

    def detections(self, placeholders: Placeholders) -> SigmaDetections:
        """Fresh detections for one rule: pipelines change what they are given.

        Raises:
            NotHonoured: something in it has no meaning here.
            SigmaError: pySigma cannot read it.
        """
        section = {name: part for name, part in self.section.items() if name != "rules"}
        made = SigmaDetections.from_dict(respell(section, placeholders))
        mend(made, placeholders)
        return made

    def narrows(self, rule: Condition, own: Condition) -> Condition:
        """The rule's condition without what the filter's own one describes."""
        return AllOf((rule, Not(own) if self.sense is Sense.SUPPRESSED else own))

    @property
    def says(self) -> object:
        """What it matches, as plain values: changes with it, for fingerprints."""
        return {name: part for name, part in self.section.items() if name != "rules"}


def read_filter(
    document: Document, data: dict[str, Any], placeholders: Placeholders
) -> tuple[Filter | None, list[Fault]]:
    """The filter, or all its faults."""
    faults = list(detection_faults(document, SECTION, placeholders))
    faults += taxonomy_faults(document, data)
    if isinstance(data[SECTION], dict) and data[SECTION].get("rules") == []:
        message = "an empty list names no rule"
        faults.append(fault(document, (SECTION, "rules"), message, "ids or names of rules, or any"))
    if faults:
        return None, faults
    try:
        parsed = SigmaFilter.from_dict(_for_pysigma(data, placeholders), collect_errors=True)
    except PYSIGMA_ERRORS as error:
        return None, [reading_fault(document, error, SECTION)]
    if parsed.errors:
        return None, [sigma_fault(document, error, SECTION) for error in parsed.errors]
    references = list(_references(data[SECTION]["rules"]))
    made = Filter(
        document=document,
        place=place_of(document),
        logsource=logsource_of(parsed.logsource),
        rules=None if _is_any(data[SECTION]["rules"]) else tuple(references),
        section=data[SECTION],
        sense=Sense.SUPPRESSED,
    )
    try:
        detections = made.detections(placeholders)
        check_detections(detections)
        read_detections(detections)
        sense = _sense(parse_only(detections.parsed_condition[0]))
    except PYSIGMA_ERRORS as error:  # NotHonoured is one of them
        return None, [reading_fault(document, error, SECTION)]
    if sense is None:
        message = "this condition mixes what is suppressed with what must hold"
        allowed = "`not (...)` around all that is suppressed"
        return None, [fault(document, (SECTION, "condition"), message, allowed)]
    return replace(made, sense=sense), []


def targets(
    filters: Sequence[Filter], rules: Sequence[Rule], kinds: Mapping[str, str]
) -> tuple[dict[RuleId, tuple[Filter, ...]], list[Fault]]:
    """The filters of each rule that has some, and a fault for each that leads nowhere.

    `kinds` says of each id and name in the files whether it is a "rule", "correlation" or "filter".
    """
    named: dict[str, list[Rule]] = {}
    for rule in rules:
        for name in {str(rule.card.id), rule.name} - {""}:
            named.setdefault(name, []).append(rule)
    found: dict[RuleId, tuple[Filter, ...]] = {}
    faults: list[Fault] = []
    for each in filters:
        chosen, wrong = _chosen(each, rules, named, kinds)
        faults += wrong
        for rule_id in dict.fromkeys(rule.card.id for rule in chosen):
            found[rule_id] = (*found.get(rule_id, ()), each)
    return found, faults


def _chosen(
    each: Filter,
    rules: Sequence[Rule],
    named: Mapping[str, Sequence[Rule]],
    kinds: Mapping[str, str],
) -> tuple[list[Rule], list[Fault]]:
    if each.rules is None:
        chosen = [rule for rule in rules if _covers(each.logsource, rule.logsource)]
        if chosen:
            return chosen, []
        message = "this filter is for any rule of its logsource, and there is none"
        return [], [fault(each.document, ("logsource",), message)]
    chosen, faults = [], []
    for where, reference in each.rules:
        meant = named.get(reference, ())
        wrong = _reference_fault(each, where, reference, meant, kinds)
        if wrong is not None:
            faults.append(wrong)
        chosen += [] if wrong else meant
    return chosen, faults


def _reference_fault(
    each: Filter, where: Where, reference: str, meant: Sequence[Rule], kinds: Mapping[str, str]
) -> Fault | None:
    allowed = ""
    if len(meant) > 1:
        message = f"{len(meant)} rules have the name {reference!r}"
        allowed = "the id of the rule that is meant"
    elif meant and not _covers(each.logsource, meant[0].logsource):
        message = f"the rule {reference!r} is of another logsource than this filter"
        allowed = "a filter's logsource says no more than the rule's, and nothing else"
    elif meant or kinds.get(reference) == "rule":
        return None  # a rule that was refused has been told already
    elif reference in kinds:
        message = f"{reference!r} is a {kinds[reference]}; a filter is for rules of single events"
    else:
        message = f"there is no rule with the id or name {reference!r}"
    return fault(each.document, where, message, allowed)


def _covers(wide: Logsource, narrow: Logsource) -> bool:
    """Say whether every part that the one names is the same in the other."""
    return all(
        part is None or part == other
        for part, other in (
            (wide.product, narrow.product),
            (wide.category, narrow.category),
            (wide.service, narrow.service),
        )
    )


def logsource_of(source: SigmaLogSource) -> Logsource:
    """The parts that decide; an empty one is open."""
    return Logsource(
        product=source.product or None,
        category=source.category or None,
        service=source.service or None,
    )


def _references(rules: object) -> Iterator[tuple[Where, str]]:
    if isinstance(rules, list):
        for index, reference in enumerate(rules):
            yield (SECTION, "rules", index), canonical(str(reference))
    else:
        yield (SECTION, "rules"), canonical(str(rules))


def _is_any(rules: object) -> bool:
    # As pySigma 1.5 has it; the specification is silent.
    return isinstance(rules, str) and rules.lower() == "any"


def _sense(parsed: object) -> Sense | None:
    """What a condition describes; None where an `or` mixes the two ways of saying it."""
    if isinstance(parsed, ConditionNOT):
        return Sense.KEPT
    if not isinstance(parsed, ConditionAND | ConditionOR):
        return Sense.SUPPRESSED
    senses = {_sense(part) for part in parsed.args}
    if len(senses) == 1 or None in senses:
        return None if None in senses else senses.pop()
    # "a and not b" describes some of what "a" does; "a or not b" describes nothing anybody means.
    return Sense.SUPPRESSED if isinstance(parsed, ConditionAND) else None


def _for_pysigma(data: dict[str, Any], placeholders: Placeholders) -> dict[str, Any]:
    own = deepcopy(data)  # pySigma keeps and changes what it is given
    own[SECTION] = respell(own[SECTION], placeholders)
    return own
