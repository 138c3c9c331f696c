"""What a correlation measures, and what of it meets the condition.

Specification: Sigma correlation rules 2.1.0, "Condition". pySigma 1.5 takes one operator and whole
numbers; ranges, fractions and the percentile are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isfinite

from sentinel.detect.ruleset import Bound, Kind, Number
from sentinel.detect.sigma.read_condition import NotHonoured
from sentinel.detect.values import Order

# A threshold bounds what is remembered for each group of a correlation.
MAX_COUNT = 100_000
MAX_NUMBER = 10**15  # of a sum, a mean, a percentile; either side of 0

_OPERATORS = tuple(order.value for order in Order)
_COUNTS = (Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)
_WITH_FIELD = (
    Kind.VALUE_COUNT,
    Kind.VALUE_SUM,
    Kind.VALUE_AVG,
    Kind.VALUE_PERCENTILE,
    Kind.VALUE_MEDIAN,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """The mapping under `condition:`."""

    bounds: tuple[Bound, ...]
    fields: tuple[str, ...] = ()
    percentile: Number | None = None


def read_measure(kind: Kind, condition: Mapping[str, object], rules: int) -> Measure:
    """What the mapping under `condition:` says, of a correlation over so many rules.

    Raises:
        NotHonoured: it says something else than it may, or what nothing can meet.
    """
    unknown = sorted(set(condition) - {*_OPERATORS, "field", "percentile"})
    if unknown:
        raise NotHonoured(
            f"there is no {unknown[0]!r} in a condition; there are: "
            f"{', '.join(_OPERATORS)}, field, percentile"
        )
    bounds = tuple(
        Bound(Order(name), _number(kind, name, condition[name]))
        for name in _OPERATORS
        if name in condition
    )
    if not bounds:
        raise NotHonoured(f"a condition needs a number to compare with: {', '.join(_OPERATORS)}")
    fields = _fields(kind, condition)
    percentile = _percentile(kind, condition)
    _check(kind, bounds, rules)
    return Measure(bounds, fields, percentile)


def _number(kind: Kind, name: str, value: object) -> Number:
    if kind in _COUNTS:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
            raise NotHonoured(
                f"`{name}` must be a whole number from 0 to {MAX_COUNT}, not {value!r}"
            )
        return value
    return _real(name, value, -MAX_NUMBER, MAX_NUMBER)


def _real(name: str, value: object, lowest: int, highest: int) -> Number:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not isfinite(value)
        or not lowest <= value <= highest
    ):
        raise NotHonoured(f"`{name}` must be a number from {lowest} to {highest}, not {value!r}")
    return value if isinstance(value, int) else Fraction(repr(value))


def _fields(kind: Kind, condition: Mapping[str, object]) -> tuple[str, ...]:
    found = condition.get("field")
    if kind not in _WITH_FIELD:
        if found is not None:
            raise NotHonoured(
                f"a correlation of type {kind} has no `field`; did you mean value_count?"
            )
        return ()
    fields = tuple(found) if isinstance(found, list) else (found,)
    if not fields or not all(isinstance(field, str) and field for field in fields):
        raise NotHonoured(
            f"a correlation of type {kind} needs the `field` whose values it measures"
        )
    if len(fields) > 1 and kind is not Kind.VALUE_COUNT:
        raise NotHonoured(
            f"a correlation of type {kind} measures one `field`; only value_count takes several"
        )
    return tuple(str(field) for field in dict.fromkeys(fields))


def _percentile(kind: Kind, condition: Mapping[str, object]) -> Number | None:
    found = condition.get("percentile")
    if "percentile" not in condition:
        return None
    if kind is not Kind.VALUE_PERCENTILE:
        raise NotHonoured("only a value_percentile has a `percentile`")
    return _real("percentile", found, 0, 100)


def _check(kind: Kind, bounds: tuple[Bound, ...], rules: int) -> None:
    """Refuse what can never be met: it would run and say nothing."""
    if kind in _COUNTS:
        lowest, highest = 1, rules if kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED) else None
        near = {bound.number + step for bound in bounds for step in range(-3, 4)}
        tried = {each for each in near if each >= lowest and (highest is None or each <= highest)}
        reason = f": it is asked at each event, so a count is from 1 to {highest or 'any number'}"
    else:
        ordered = sorted({bound.number for bound in bounds})
        between = [Fraction(low + high) / 2 for low, high in pairwise(ordered)]
        tried = {*ordered, *between, ordered[0] - 1, ordered[-1] + 1}
        reason = ""
    if not any(all(bound.holds(each) for bound in bounds) for each in tried):
        raise NotHonoured(f"nothing can meet this condition{reason}")
