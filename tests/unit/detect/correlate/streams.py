"""Correlations and streams of events for the tests of windows, small enough to look through."""

from itertools import accumulate
from types import MappingProxyType

from hypothesis import strategies as st

from sentinel.detect.correlate.timeline import Counted
from sentinel.detect.ruleset import Bound, Correlation, Kind, Term
from sentinel.detect.values import Order
from sentinel.model.rule import Confidence, RuleCard
from sentinel.model.severity import Severity

SECOND = 1_000_000
CARD = RuleCard(
    id="c", title="c", level=Severity.HIGH, confidence=Confidence.HIGH, place="rules.yml:1"
)
RULES = ("a", "b", "c")
NUMBERS = st.one_of(
    st.integers(-5, 9),
    st.fractions(min_value=-3, max_value=3, max_denominator=10).map(
        lambda number: number.numerator if number.denominator == 1 else number
    ),
)


def a_correlation(kind=Kind.EVENT_COUNT, *bounds, timespan=10, **changes):
    """A correlation over three rules; `bounds` are pairs like ("gte", 3)."""
    values = {
        "card": CARD,
        "kind": kind,
        "rules": RULES,
        "group_by": (),
        "aliases": MappingProxyType({}),
        "timespan": timespan,
        "bounds": tuple(Bound(Order(name), number) for name, number in bounds),
        "fingerprint": "f",
    }
    return Correlation(**values | changes)


def in_order(seconds, values=None):
    """Events at these seconds that arrived when they happened."""
    return [
        Counted(
            second * SECOND,
            index + 1,
            second * SECOND,
            f"e{index}",
            () if values is None else tuple(values[index]),
        )
        for index, second in enumerate(seconds)
    ]


@st.composite
def correlations(draw, kinds=tuple(Kind)):
    """Any type with any condition over it, over a few seconds."""
    kind = draw(st.sampled_from(list(kinds)))
    timespan = draw(st.integers(1, 12))
    if kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED) and draw(st.booleans()):
        return a_correlation(
            kind, timespan=timespan, terms=tuple(draw(st.lists(_terms(), min_size=1, max_size=3)))
        )
    counts = kind in (Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)
    number = st.integers(0, 4) if counts else st.one_of(NUMBERS, st.integers(0, 100))
    bounds = draw(
        st.lists(
            st.tuples(st.sampled_from([o.value for o in Order]), number), min_size=1, max_size=2
        )
    )
    percentile = None
    if kind is Kind.VALUE_PERCENTILE:
        percentile = draw(st.one_of(st.none(), st.integers(0, 100)))
    return a_correlation(kind, *bounds, timespan=timespan, percentile=percentile)


@st.composite
def _terms(draw):
    sides = draw(st.lists(st.sampled_from(["present", "absent", "open"]), min_size=3, max_size=3))
    return Term(
        tuple(index for index, side in enumerate(sides) if side == "present"),
        tuple(index for index, side in enumerate(sides) if side == "absent"),
    )


def values_for(correlation):
    """What one event may have that this correlation measures."""
    match correlation.kind:
        case Kind.EVENT_COUNT:
            return st.just(())
        case Kind.TEMPORAL | Kind.TEMPORAL_ORDERED:
            each = st.sampled_from(range(len(RULES)))
            return st.lists(each, min_size=1, max_size=2, unique=True).map(tuple)
    if correlation.kind is Kind.VALUE_COUNT or (
        correlation.kind is Kind.VALUE_PERCENTILE and correlation.percentile is None
    ):
        each = st.sampled_from("wxyz")
        return st.lists(each, min_size=1, max_size=2, unique=True).map(tuple)
    return st.lists(NUMBERS, min_size=1, max_size=2).map(tuple)


@st.composite
def streams(draw, correlation, latest=0, most=30):
    """Events in the order of arrival, each late by so many seconds at most."""
    steps = draw(st.lists(st.integers(0, 4), min_size=1, max_size=most))
    found = []
    for index, arrived in enumerate(accumulate(steps)):
        late = draw(st.integers(0, latest)) if latest else 0
        values = draw(values_for(correlation))
        at = (arrived - late) * SECOND
        found.append(Counted(at, index + 1, arrived * SECOND, f"e{index}", values))
    return found
