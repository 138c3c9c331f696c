"""How two tests of one value stand to each other: no value passes both, or one follows.

Only what can be said for certain is said; everything else is False.
"""

from __future__ import annotations

from sentinel.detect.values import (
    BoolTest,
    Case,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    Single,
    Test,
    TextTest,
)

_INFINITE = float("inf")


def at_odds(one: Test, other: Test) -> bool:
    """Say whether no single value passes both tests."""
    match one, other:
        case TextTest(), TextTest():
            return _text_at_odds(one, other)
        case ((NumberTest() | OrderTest()), (NumberTest() | OrderTest())):
            return _numbers_at_odds(one, other)
        case NetworkTest(network), NetworkTest(other_network):
            same = network.version == other_network.version
            return same and not network.overlaps(other_network)
        case BoolTest(boolean), BoolTest(other_boolean):
            return boolean is not other_boolean
    return False


def implies(one: Test, other: Test) -> bool:
    """Say whether every value that passes `one` passes `other`."""
    if one == other:
        return True
    match one, other:
        case TextTest(), TextTest():
            return _text_implies(one, other)
        case NetworkTest(network), NetworkTest(other_network):
            if network.version != other_network.version:
                return False
            return network.subnet_of(other_network)  # type: ignore[arg-type]  # the version is the same
    return False


def whole(test: TextTest) -> str | None:
    """The one text that passes, where there is only one."""
    return _plain(test, 0) if len(test.segments) == 1 else None


def _plain(test: TextTest, index: int) -> str | None:
    pieces = test.segments[index].pieces
    if any(piece is Single.CHARACTER for piece in pieces):
        return None
    return "".join(str(piece) for piece in pieces)


def _text_at_odds(one: TextTest, other: TextTest) -> bool:
    for exact, test in ((one, other), (other, one)):
        text = whole(exact)
        # A text that ignores case stands for many spellings: compare with one that does, too.
        if text is not None and (exact.case is Case.KEPT or test.case is Case.IGNORED):
            return not test.holds(text)
    if one.case is not other.case:
        return False
    starts = [_plain(test, 0) for test in (one, other)]
    ends = [_plain(test, -1) for test in (one, other)]
    return _apart(starts, begin=True) or _apart(ends, begin=False)


def _apart(edges: list[str | None], *, begin: bool) -> bool:
    """Say whether no text begins (or ends) with both."""
    one, other = edges
    if one is None or other is None:
        return False
    if begin:
        return not (one.startswith(other) or other.startswith(one))
    return not (one.endswith(other) or other.endswith(one))


def _numbers_at_odds(one: NumberTest | OrderTest, other: NumberTest | OrderTest) -> bool:
    low, low_open, high, high_open = -_INFINITE, False, _INFINITE, False
    for test in (one, other):
        number = test.number
        order = test.order if isinstance(test, OrderTest) else Order.EQ
        if order in (Order.GT, Order.GTE, Order.EQ) and (number, order is Order.GT) > (
            low,
            low_open,
        ):
            low, low_open = number, order is Order.GT
        if order in (Order.LT, Order.LTE, Order.EQ) and (-number, order is Order.LT) > (
            -high,
            high_open,
        ):
            high, high_open = number, order is Order.LT
    return low > high or (low == high and (low_open or high_open))


def _text_implies(one: TextTest, other: TextTest) -> bool:
    if one.case is not other.case:
        return False
    text = whole(one)
    if text is not None:
        return other.holds(text)
    match [_plain(other, index) for index in range(len(other.segments))]:
        case ["", str(inner), ""]:
            return any(inner in (_plain(one, index) or "") for index in range(len(one.segments)))
        case [str(start), ""]:
            return (_plain(one, 0) or "").startswith(start)
        case ["", str(end)]:
            return (_plain(one, -1) or "").endswith(end)
    return False
