"""Rules and events made to stop the engine: it answers, it says what it left out, it stays small.

No test here is timed. What must not take long is held to the engine's own clock, or would run into
the limit that every test has.
"""

import tracemalloc
from ipaddress import ip_network

import pytest

from sentinel.detect import patience
from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    Place,
    ReferenceAtom,
)
from sentinel.detect.engine import Engine
from sentinel.detect.match.finder import FastFinder, PlainFinder
from sentinel.detect.route import Source, source_of
from sentinel.detect.ruleset import RuleSet
from sentinel.detect.values import (
    KeywordTest,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    RegexTest,
    Segment,
    Single,
    TextTest,
    TimePart,
    TimePartTest,
)
from tests.unit.detect.generated import event, rule

MANY = 1_000_000
MEGABYTE = 1024 * 1024


def text(*segments):
    """The test of a text: what stands between the `*`."""
    return TextTest(tuple(Segment(segment) for segment in segments))


def has(field, word):
    return FieldAtom(field, text((), (word,), ()))


def ruled(conditions):
    return tuple(rule(condition, number) for number, condition in enumerate(conditions))


def met(finder, fields):
    looks = finder.looks(fields, source_of(fields))
    return [look.rule.card.id for look in looks if look.hits(fields) is not None]


def agreed(conditions, fields):
    """What both finders say of it."""
    rules = ruled(conditions)
    found = met(FastFinder(rules), fields)

    assert met(PlainFinder(rules), fields) == found
    return found


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr(patience, "LOOK", 0.05)
    monkeypatch.setattr(patience, "EVENT", 0.1)
    monkeypatch.setattr(patience, "LEAST", 0.005)


# -- too slow --------------------------------------------------------------------------------------

SLOW = {
    "an expression that tries everything": (
        lambda number: FieldAtom("a", RegexTest(rf"(.*a){{20}}b(\1)?{number}")),
        {"a": "a" * 200},
    ),
    "an expression that may be wrong anywhere": (
        lambda number: FieldAtom("a", RegexTest(f"(?:abcdefgh{number}){{e<=4}}$")),
        {"a": "abcdefg" * 20_000},
    ),
    "a text that is long": (
        lambda number: FieldAtom("a", RegexTest(f"a+b{number}")),
        {"a": "a" * MANY + "đ"},
    ),
    "two lists, each with each": (
        lambda number: ReferenceAtom("b", f"c{number % 3}", Place.ANYWHERE),
        {"b": [f"v{n}" for n in range(30_000)]} | {f"c{n}": ["x"] * 30_000 for n in range(3)},
    ),
}


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(("slow", "fields"), SLOW.values(), ids=SLOW)
def test_many_slow_rules_at_once_rest_and_the_others_go_on(slow, fields):
    """Each is named with its reason, and none holds the next event up."""
    rules = ruled([*map(slow, range(30)), ExistsAtom("other", expected=True)])
    engine = Engine(RuleSet(rules=rules))
    first = engine.match(event(fields | {"other": 1}))
    second = engine.match(event(fields | {"other": 1}, 2))

    assert [found.rule.id for found in first] == ["rule-30"]
    assert [found.rule.id for found in second] == ["rule-30"]
    assert {each.card.id for each in rules[:30]} == set(engine.rested)
    assert all(rest.times == 1 for rest in engine.profile().resting)


@pytest.mark.usefixtures("_impatient")
def test_what_is_simple_is_still_asked_after_all_the_time_is_spent():
    """Slow rules before it take nothing from a rule that needs little."""
    slow, fields = SLOW["an expression that tries everything"]
    rules = ruled([*map(slow, range(30)), FieldAtom("b", RegexTest("(?=x)x.z"))])
    engine = Engine(RuleSet(rules=rules))

    assert [found.rule.id for found in engine.match(event(fields | {"b": "xyz"}))] == ["rule-30"]
    assert "rule-30" not in engine.rested


# -- too much --------------------------------------------------------------------------------------

LONG = {
    "a": ("a" * MANY, text((), ("a", Single.CHARACTER, "b"), ("c",), ())),
    "wildcards": ("ab" * MANY, text((), *[("a", Single.CHARACTER, "a")] * 20, ("b", "c"), ())),
    "beyond ASCII": ("đ" * MANY, text((), ("x", Single.CHARACTER), ())),
    "digits as a number": ("1" * MANY, NumberTest(1)),
    "digits to compare": ("1" * MANY, OrderTest(Order.GT, 1)),
    "digits as a time": ("2" * MANY, TimePartTest(TimePart.YEAR, Order.GT, 1)),
    "dots as an address": ("1." * MANY, NetworkTest(ip_network("0.0.0.0/0"))),
    "colons as an address": ("1:" * MANY, NetworkTest(ip_network("::/0"))),
    "a zone as an address": ("fe80::1%" + "a" * MANY, NetworkTest(ip_network("::/0"))),
}


@pytest.mark.parametrize(("value", "test"), LONG.values(), ids=LONG)
def test_a_value_of_megabytes_is_held_against_every_kind_of_test(value, test):
    """None of it takes the square of its length."""
    assert agreed([FieldAtom("a", test), has("a", value[:10])], {"a": value}) == ["rule-1"]


def test_a_list_of_a_hundred_thousand_elements_is_gone_through():
    """The last one counts as the first does."""
    elements = [f"v{number}" for number in range(100_000)]
    asked = [text((f"v{number}",)) for number in (0, 50_000, 99_999, 100_000)]

    found = agreed([FieldAtom("a", test) for test in asked], {"a": [*elements, None, 5]})

    assert found == ["rule-0", "rule-1", "rule-2"]


def test_an_event_of_ten_thousand_fields_is_searched_for_words():
    """Keywords, and rules about the last of the fields."""
    fields = {f"field {number}": f"value {number}" for number in range(10_000)}
    words = [KeywordAtom(KeywordTest(text((), (f"value {n}x",), ()))) for n in range(50)]
    conditions = [*words, KeywordAtom(KeywordTest(text((), ("value 9999",), ())))]

    assert agreed([*conditions, has("field 9998", "998")], fields) == ["rule-50", "rule-51"]


def test_a_rule_of_ten_thousand_values_and_ten_thousand_rules_of_one():
    """Lists of what is known to be bad are long."""
    listed = AnyOf(tuple(has("a", f"<{number}>") for number in range(10_000)))
    each = [FieldAtom("b", text((f"w{number}",))) for number in range(10_000)]

    assert agreed([listed, *each], {"a": "x<9999>", "b": "W77"}) == ["rule-0", "rule-78"]


def test_a_thousand_expressions_of_one_field():
    """One pass finds those that may be met."""
    conditions = [FieldAtom("a", RegexTest(rf"^v{number}\d.*x[yz]$")) for number in range(1_000)]

    assert agreed(conditions, {"a": "v9990 and xy"}) == ["rule-9", "rule-99", "rule-999"]


def test_a_condition_may_be_as_deep_as_reading_lets_it():
    """A tree of two hundred levels is asked like a flat one."""
    condition = has("a", "x")
    for level in range(200):
        condition = Not(condition) if level % 2 else AllOf((AnyOf((condition,)),))

    assert agreed([condition], {"a": "xyz"}) == ["rule-0"]


# -- odd -------------------------------------------------------------------------------------------

ODD = (
    "\x00", "a\x00b", "\x02", "\x03", "\x02cmd\x03", "\ud800", "\udcff\udcfe", "\x1c", "\x85",
    "\u2028", "\x7f", "İ", "\u0131", "ß", "ﬃ", "\u0345", "\U0010ffff", "\ufeff", "\u200b",
    "e\u0301",
)  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_letters_that_mean_something_to_a_scanner_are_letters(value):
    """As a whole, at both ends, inside, as a keyword, and not in another value."""
    folded = value.casefold()
    conditions = [
        FieldAtom("a", text((folded,))),
        FieldAtom("a", text((folded,), ())),
        FieldAtom("a", text((), (folded,))),
        has("a", folded),
        KeywordAtom(KeywordTest(text((), (folded,), ()))),
    ]

    assert len(agreed(conditions, {"a": value})) == 5
    assert agreed(conditions, {"a": f"x{value}x"}) == ["rule-3", "rule-4"]
    assert agreed(conditions, {"a": "cmd"}) == []


def test_keys_that_collide_slow_nothing_down():
    """Whole numbers with one and the same hash are not remembered."""
    finder = FastFinder(ruled([FieldAtom("a", NumberTest(2**61 - 1)), has("a", "cmd")]))
    for factor in range(1, 20_000):
        met(finder, {"a": factor * (2**61 - 1)})

    assert met(finder, {"a": 2**61 - 1}) == ["rule-0"]
    assert max(rate.size for rate in finder.rates) < 100


# -- a flood ---------------------------------------------------------------------------------------

RULES = ruled(
    [
        *[AllOf((FieldAtom("id", NumberTest(n)), has("a", f"word{n}"))) for n in range(20)],
        has("b", "cmd"),
        KeywordAtom(KeywordTest(text((), ("mimikatz",), ()))),
        ReferenceAtom("c", "d", Place.START),
    ]
)
FLOODS = {
    "values": lambda n: {"a": f"flood {n}", "b": f"other {n} đ", "id": n % 20},
    "values that parting asks for": lambda n: {"id": f"flood {n}"},
    "numbers": lambda n: {"a": n, "b": n + 0.5, "id": n},
    "lists": lambda n: {"a": [n, str(n)], "id": [n % 20, n % 19, n]},
    "names": lambda n: {f"field {n}": "x", f"b{n}": "y"},
    "long values beyond ASCII": lambda n: {"a": f"{n}" + "đ" * 2_000, "c": f"Đ{n}" * 200, "d": "x"},
    "logsources": lambda n: {"sentinel.logsource.product": f"flood-{n}", "a": "x"},
    "logsources of several words": lambda n: {
        "sentinel.logsource.service": [f"flood-{n}", f"flood-{n + 1}"]
    },
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_what_is_new_fills_no_memory(flood):
    """Who sends chooses every word; what is remembered of them is bounded."""
    finder = FastFinder(RULES, memory=MEGABYTE)
    for number in range(3_000):
        met(finder, flood(number))
    tracemalloc.start()
    try:
        for number in range(3_000, 15_000):
            met(finder, flood(number))
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert grown < 24 * MEGABYTE


def test_sources_that_are_made_up_cost_no_rules_of_their_own():
    """Words that no rule asks for lead to what is ready already."""
    finder = FastFinder(RULES)
    for number in range(2_000):
        words = frozenset((f"flood-{number}", "windows"))
        finder.looks({"a": "x"}, Source(words, frozenset(), frozenset()))

    assert len(finder.every_look) == len(RULES)
