"""One Sigma correlation: from its document to what the engine runs, or to what is wrong with it.

Specification: Sigma correlation rules 2.1.0. What the engine does not do yet is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from sigma.correlations import SigmaCorrelationCondition, SigmaCorrelationRule
from sigma.processing.pipeline import ProcessingPipeline

from sentinel.detect.ruleset import Correlation, Kind, Rule
from sentinel.detect.sigma.card import canonical, make_card, read_extras
from sentinel.detect.sigma.diagnose import PYSIGMA_ERRORS, fault, sigma_fault
from sentinel.detect.sigma.read_rule import fingerprint
from sentinel.detect.values import Order
from sentinel.documents import Allowed, Document, read
from sentinel.errors import Fault
from sentinel.model.rule import RuleCard

# A threshold bounds what is remembered for each group of a correlation.
MAX_COUNT = 100_000

# The month and the year of pySigma (M, y) are averages; the specification knows neither.
_SPAN = r"^[1-9][0-9]{0,8}[smhdw]$"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _spelled(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(canonical(name) for name in names)


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), Allowed("a name, or a list of names")]


class _Section(BaseModel):
    """The keys under `correlation:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal[
        "event_count",
        "value_count",
        "temporal",
        "temporal_ordered",
        "value_sum",
        "value_avg",
        "value_percentile",
        "value_median",
    ]
    rules: Annotated[Names, AfterValidator(_spelled)] = ()
    generate: bool = False
    group_by: Names = Field(default=(), alias="group-by")
    timespan: Annotated[str, Field(pattern=_SPAN), Allowed("a number and s, m, h, d or w: 5m")]
    aliases: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    condition: Annotated[
        Mapping[str, Any] | str | None, Allowed("a mapping like `gte: 5`, with `field` to count")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A correlation before the rules it names are looked up."""

    document: Document
    section: _Section
    card: RuleCard
    kind: Kind
    order: Order
    count: int
    field: str
    timespan: int
    group_by: tuple[str, ...]


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
    if "generate" in data:
        message = "this key belongs under `correlation:`"
        faults.append(fault(document, ("generate",), message, "correlation.generate: true"))
    if section is None or faults:
        return None, _wish(data), faults
    wish = Wish(rules=section.rules, generate=section.generate)
    reason = _not_honoured(section)
    if reason is not None:
        where, message = reason
        return None, wish, [fault(document, ("correlation", where), message)]
    try:
        parsed = SigmaCorrelationRule.from_dict(deepcopy(data))
        if pipeline is not None:
            pipeline.apply(parsed)
    except PYSIGMA_ERRORS as error:
        return None, wish, [sigma_fault(document, error)]
    extras, faults = read_extras(document)
    if extras is None:
        return None, wish, faults
    draft = _draft(document, section, make_card(parsed, extras, document), parsed)
    if draft is None:
        message = "the threshold must be a whole number"
        allowed = f"from 0 to {MAX_COUNT}"
        return None, wish, [fault(document, ("correlation", "condition"), message, allowed)]
    return draft, wish, []


def finish(draft: Draft, rules: Mapping[str, Rule]) -> Correlation:
    """The correlation with the rules that its references stand for.

    `aliases` must only name rules that are in `rules`.
    """
    section = draft.section
    named = [rules[reference] for reference in dict.fromkeys(section.rules)]
    return Correlation(
        card=draft.card,
        kind=draft.kind,
        rules=tuple(dict.fromkeys(rule.card.id for rule in named)),
        group_by=draft.group_by,
        aliases={
            alias: {rules[canonical(name)].card.id: field for name, field in names.items()}
            for alias, names in section.aliases.items()
        },
        timespan=draft.timespan,
        order=draft.order,
        count=draft.count,
        field=draft.field,
        fingerprint=fingerprint(
            section.model_dump(mode="json"), sorted(rule.fingerprint for rule in named)
        ),
    )


def _not_honoured(section: _Section) -> tuple[str, str] | None:
    """Where and why the engine cannot do what the correlation says, if so."""
    if section.type not in list(Kind):
        done = " and ".join(Kind)
        return "type", f"correlations of this type are not supported yet; {done} are"
    if not section.rules:
        return "rules", "a correlation needs the rules whose events it counts"
    if not isinstance(section.condition, Mapping):
        return "condition", "a count needs a condition: a mapping like `gte: 5`"
    message = _condition_message(Kind(section.type), section.condition)
    return ("condition", message) if message else None


def _condition_message(kind: Kind, condition: Mapping[str, Any]) -> str:
    field = condition.get("field")
    if kind is Kind.VALUE_COUNT and not isinstance(field, str):
        return "a value count needs one `field` in its condition"
    if kind is Kind.EVENT_COUNT and field is not None:
        return "an event count has no `field`; did you mean type value_count?"
    return "only a value_percentile has a `percentile`" if "percentile" in condition else ""


def _draft(
    document: Document, section: _Section, card: RuleCard, parsed: SigmaCorrelationRule
) -> Draft | None:
    condition = parsed.condition
    written = section.condition
    if not isinstance(condition, SigmaCorrelationCondition) or not isinstance(written, Mapping):
        return None
    order = Order(condition.op.name.lower())
    count = written[order.value]
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_COUNT:
        return None
    return Draft(
        document=document,
        section=section,
        card=card,
        kind=Kind(section.type),
        order=order,
        count=count,
        field=str(condition.fieldref or ""),
        timespan=parsed.timespan.seconds,
        group_by=tuple(parsed.group_by or ()),
    )


def _wish(data: dict[str, Any]) -> Wish:
    section = data.get("correlation")
    if not isinstance(section, dict):
        return Wish(rules=(), generate=False)
    names = section.get("rules")
    each = names if isinstance(names, list) else [names]
    return Wish(
        rules=tuple(canonical(str(name)) for name in each if name is not None),
        generate=section.get("generate") is True,
    )
