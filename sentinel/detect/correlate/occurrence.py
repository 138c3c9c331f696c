"""What a correlation sees of an event: that a rule met it, or that another correlation did.

A rule names the fields of its events as its logsource does; a correlation that met something has
the values of its group, under the names it grouped by, before those of the event that completed it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from math import isfinite

from sentinel.detect.bind import bound_name
from sentinel.detect.correlate.timeline import Mark
from sentinel.detect.reference import values
from sentinel.detect.route import Source, has_native_names
from sentinel.detect.ruleset import Correlation, Kind, Logsource, Number, Rule
from sentinel.detect.values import as_number, as_text, fold
from sentinel.model.event import Fields, Scalar, Value
from sentinel.model.ids import AgencyId, RuleId

LONGEST_VALUE = 64  # characters of a value that are remembered as they are
LARGEST_NUMBER = 10**300  # beyond it, sums could be told as no float any more

Group = Mapping[str, Value]

_NUMERIC = (Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_MEDIAN)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A rule or correlation met this event.

    `logsource` is the one whose names the event's fields must be asked by, None for their own
    names. `group` are the values that a correlation grouped by.
    """

    rule: RuleId
    fields: Fields
    logsource: Logsource | None = None
    group: Group = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """The field of this name, as the rule would call it; None where there is none."""
        if name in self.group:
            return self.group[name]
        return self.fields.get(name if self.logsource is None else bound_name(self.logsource, name))

    def completing(self, correlation: RuleId, group: Group) -> Occurrence:
        """What a correlation over the correlation sees that this one completed."""
        return replace(self, rule=correlation, group={**self.group, **group})


def of_rule(rule: Rule, fields: Fields, source: Source | None) -> Occurrence:
    """A rule met an event with these fields."""
    return Occurrence(rule.card.id, fields, None if has_native_names(source) else rule.logsource)


def group_of(correlation: Correlation, occurrence: Occurrence) -> Group | None:
    """The values that the correlation groups by; None where one is missing."""
    group = {}
    for name in correlation.group_by:
        value = _value(correlation, occurrence, name)
        if value is None or (isinstance(value, list) and not any(True for _ in values(value))):
            return None
        group[name] = value
    return group


def group_key(agency: AgencyId | None, group: Group) -> str:
    """32 hex digits for an agency's group; case and the order of lists make no difference."""
    return _key((agency, *(tuple(_marks(value)) for value in group.values())))


def measured_values(correlation: Correlation, occurrence: Occurrence) -> tuple[Mark, ...] | None:
    """What is measured of an event; None where it has nothing to measure."""
    match correlation.kind:
        case Kind.EVENT_COUNT:
            return ()
        case Kind.TEMPORAL | Kind.TEMPORAL_ORDERED:
            return (correlation.rules.index(occurrence.rule),)
    found = [_value(correlation, occurrence, name) for name in correlation.fields]
    if not is_numeric(correlation):
        return _texts(found) or None
    numbers = [exact(each) for value in found for each in values(value)]
    return tuple(number for number in numbers if number is not None) or None


def is_numeric(correlation: Correlation) -> bool:
    """Say whether numbers are measured, not how often or how many."""
    return correlation.kind in _NUMERIC or correlation.percentile is not None


def exact(value: Scalar) -> Number | None:
    """The number that a value says, with each of its decimals; None where it says none.

    Text counts where it is written in plain decimals, as in a rule's comparisons.
    """
    number = as_number(value)
    if number is None or (isinstance(number, float) and not isfinite(number)):
        return None
    if isinstance(number, float):
        written = value if isinstance(value, str) else repr(number)
        told = Fraction(written)
        return _bounded(told.numerator if told.denominator == 1 else told)
    return _bounded(number)


def _bounded(number: Number) -> Number | None:
    return number if -LARGEST_NUMBER < number < LARGEST_NUMBER else None


def _value(correlation: Correlation, occurrence: Occurrence, name: str) -> Value:
    aliases = correlation.aliases.get(name)
    return occurrence.value(name if aliases is None else aliases.get(occurrence.rule, name))


def _texts(found: Sequence[Value]) -> tuple[str, ...]:
    """The different values of one field; of several, their combination as one value."""
    marks = [_marks(value) for value in found]
    if len(marks) == 1:
        return tuple(marks[0])
    return (_mark(json.dumps(marks)),) if all(marks) else ()


def _marks(value: Value) -> list[str]:
    """The different values of a field, bounded in length; case and order do not count."""
    if isinstance(value, str):
        return [_mark(fold(value))]
    return sorted({_mark(fold(as_text(each))) for each in values(value)})


def _mark(text: str) -> str:
    """The text itself, or a hash of one that is long or that no file could hold."""
    if len(text) <= LONGEST_VALUE and (text.isascii() or _is_writable(text)):
        return text
    digest = sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"{text[:16].encode(errors='replace').decode()}:{digest}"


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


@lru_cache(maxsize=8192)
def _key(parts: tuple[str | tuple[str, ...] | None, ...]) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
