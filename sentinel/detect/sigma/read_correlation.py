"""One Sigma correlation: from its document to what the engine runs, or to what is wrong with it.

Specification: Sigma correlation rules 2.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from sigma.correlations import SigmaCorrelationRule
from sigma.processing.pipeline import ProcessingPipeline

from sentinel.detect.ruleset import Bound, Kind, Term
from sentinel.detect.sigma.card import canonical, make_card, read_extras
from sentinel.detect.sigma.diagnose import PYSIGMA_ERRORS, fault, sigma_fault
from sentinel.detect.sigma.read_condition import NotHonoured
from sentinel.detect.sigma.read_measure import Measure, read_measure
from sentinel.detect.sigma.read_terms import names_in, read_terms
from sentinel.detect.values import Order
from sentinel.documents import Allowed, Document, Where, read
from sentinel.errors import Fault
from sentinel.model.rule import RuleCard

MAX_RULES = 256
# Which events an order needs is remembered for each subset of its rules.
MAX_ORDERED = 12

_SPAN = r"^[1-9][0-9]{0,8}[smhdwMy]$"
_TEMPORAL = (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _spelled(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical(name) for name in names))


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), Allowed("a name, or a list of names")]


class _Section(BaseModel):
    """The keys under `correlation:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Kind
    rules: Annotated[Names, AfterValidator(_spelled)] = ()
    generate: bool | None = None
    group_by: Names = Field(default=(), alias="group-by")
    timespan: Annotated[
        str, Field(pattern=_SPAN), Allowed("a number and s, m, h, d, w, M or y: 5m")
    ]
    aliases: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    condition: Annotated[
        Mapping[str, Any] | str | None,
        Allowed("a mapping like `gte: 5`; for temporal types also rules with and, or, not"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A correlation before the rules it names are looked up.

    `parsed` is pySigma's, to which `pipeline` is still to be applied. `rules` are references, in
    order; `terms` speak of them by their place.
    """

    document: Document
    section: _Section
    card: RuleCard
    name: str
    rules: tuple[str, ...]
    measure: Measure
    terms: tuple[Term, ...]
    parsed: SigmaCorrelationRule
    pipeline: ProcessingPipeline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What even a refused correlation says of the rules it names."""

    rules: tuple[str, ...]
    generate: bool


def read_correlation(
    document: Document, data: dict[str, Any], pipeline: ProcessingPipeline | None = None
) -> tuple[Draft | None, Wish, list[Fault]]:
    """The correlation without its rules, or all its faults; and what it wants of those rules."""
    section, faults = read(document, _Section, at=("correlation",))
    faults += _generate_faults(document, data, section)
    extras, more = read_extras(document)
    if section is None or extras is None or faults or more:
        return None, _wish(data), [*faults, *more]
    rules = section.rules or _named_in_condition(section)
    try:
        _check_rules(section, rules)
        measure, terms = _read_condition(section, rules)
    except _Astray as error:
        where: Where = ("correlation", error.key)
        return None, _wish(data), [fault(document, where, str(error))]
    try:
        parsed = SigmaCorrelationRule.from_dict(_for_pysigma(data, section, rules, measure))
    except PYSIGMA_ERRORS as error:
        return None, _wish(data), [sigma_fault(document, error)]
    draft = Draft(
        document=document,
        section=section,
        card=make_card(parsed, extras, document),
        name=parsed.name or "",
        rules=rules,
        measure=measure,
        terms=terms,
        parsed=parsed,
        pipeline=pipeline,
    )
    return draft, _wish(data), []


class _Astray(NotHonoured):
    """Something is wrong at this key of the section."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _generate_faults(
    document: Document, data: dict[str, Any], section: _Section | None
) -> list[Fault]:
    """`generate` stands beside `correlation` in the specification, and under it in pySigma."""
    if "generate" not in data:
        return []
    found = data["generate"]
    if not isinstance(found, bool):
        return [fault(document, ("generate",), "generate is yes or no", "true or false")]
    if section is not None and section.generate not in (None, found):
        message = "correlation.generate says the opposite"
        return [fault(document, ("generate",), message, "one of the two alone")]
    return []


def _named_in_condition(section: _Section) -> tuple[str, ...]:
    condition = section.condition
    return names_in(condition) if isinstance(condition, str) else ()


def _check_rules(section: _Section, rules: tuple[str, ...]) -> None:
    if not rules:
        raise _Astray("rules", "a correlation needs the rules whose events it counts")
    most = MAX_ORDERED if section.type is Kind.TEMPORAL_ORDERED else MAX_RULES
    if len(rules) > most:
        raise _Astray("rules", f"a correlation of type {section.type} has at most {most} rules")


def _read_condition(section: _Section, rules: tuple[str, ...]) -> tuple[Measure, tuple[Term, ...]]:
    condition = section.condition
    if not isinstance(condition, Mapping) and section.type not in _TEMPORAL:
        raise _Astray("condition", "a count needs a condition: a mapping like `gte: 5`")
    try:
        if isinstance(condition, Mapping):
            return read_measure(section.type, condition, len(rules)), ()
        if condition is not None:
            return Measure(()), read_terms(condition, rules)
    except NotHonoured as error:
        raise _Astray("condition", str(error)) from error
    # Sigma, "Temporal Proximity": without a condition, all of the rules must occur.
    return Measure((Bound(Order.GTE, len(rules)),)), ()


def _for_pysigma(
    data: dict[str, Any], section: _Section, rules: tuple[str, ...], measure: Measure
) -> dict[str, Any]:
    """The document with a condition that pySigma can read; ours is read already."""
    own = deepcopy(data)  # pySigma keeps and changes what it is given
    condition: dict[str, Any] = {"gte": 1}
    if measure.fields:
        condition["field"] = list(measure.fields)
    own["correlation"] |= {
        "rules": list(rules),
        "group-by": list(section.group_by),
        "condition": condition,
    }
    return own


def _wish(data: dict[str, Any]) -> Wish:
    section = data.get("correlation")
    if not isinstance(section, dict):
        return Wish(rules=(), generate=False)
    names, condition = section.get("rules"), section.get("condition")
    each = names if isinstance(names, list) else [names]
    found = [canonical(str(name)) for name in each if name is not None]
    if not found and isinstance(condition, str):
        found = list(names_in(condition))
    return Wish(
        rules=tuple(found), generate=True in (section.get("generate"), data.get("generate"))
    )
