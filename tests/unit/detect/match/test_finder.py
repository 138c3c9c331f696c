"""Both finders lead to the same rules; the fast one keeps what it worked out, and survives it."""

from dataclasses import replace

import pytest

from sentinel.detect.condition import AllOf, ExistsAtom, FieldAtom, NullAtom
from sentinel.detect.match.finder import JUNCTIONS, FastFinder, PlainFinder
from sentinel.detect.match.ready import BOUND, NATIVE, Ready
from sentinel.detect.route import Names, Source, source_of
from sentinel.detect.ruleset import Logsource
from sentinel.detect.taxonomy import SERVICES
from sentinel.detect.values import NumberTest, RegexTest, Segment, TextTest
from tests.unit.detect.generated import rule


def _is(field, text):
    return FieldAtom(field, TextTest((Segment((text,)),)))


WINDOWS = Logsource(product="windows")
RULES = (
    rule(_is("Image", "cmd.exe"), 0, WINDOWS),
    rule(FieldAtom("EventID", NumberTest(1)), 1, WINDOWS),
    rule(_is("Image", "cmd.exe"), 2, Logsource(product="linux")),
    rule(FieldAtom("Image", RegexTest("c.d")), 3, WINDOWS),
    rule(NullAtom("Nobody"), 4, WINDOWS),
    rule(ExistsAtom("Image", expected=True), 5, WINDOWS),
)
SAID = {"sentinel.logsource.product": "windows", "sentinel.names": "native"}
EVENT = {"Image": "CMD.exe", "EventID": "1"} | SAID


def _met(finder, fields=EVENT, text=None):
    looks = finder.looks(fields, source_of(fields), text)
    return [look.rule.card.id for look in looks if look.hits(fields) is not None]


@pytest.mark.parametrize("finder", [PlainFinder, FastFinder])
def test_the_rules_of_the_logsource_that_are_met_come_in_their_order(finder):
    """Those of other logs are not looked at."""
    assert _met(finder(RULES)) == ["rule-0", "rule-1", "rule-4", "rule-5"]


def test_an_event_without_a_logsource_is_tried_with_every_rule():
    """By the names of the rules themselves."""
    fields = {"Image": "cmd.exe"}

    assert _met(FastFinder(RULES), fields) == _met(PlainFinder(RULES), fields)
    assert "rule-2" in _met(FastFinder(RULES), fields)


def test_only_rules_with_a_clue_are_looked_at():
    """That is what it is for."""
    fields = {"EventID": 1, "Nobody": "x"} | SAID
    looks = FastFinder(RULES).looks(fields, source_of(fields))

    assert [look.rule.card.id for look in looks] == ["rule-1"]


def test_what_was_worked_out_serves_the_next_finder():
    """It answers the same, and has nothing new to keep."""
    first = FastFinder(RULES)
    expected = _met(first)
    ready = first.ready()
    assert ready is not None
    second = FastFinder(RULES, ready)

    assert expected == _met(second)
    assert second.ready() is None


def test_another_kind_of_names_is_added_to_what_was_kept():
    """Hints are kept for each kind of names apart."""
    first = FastFinder(RULES)
    _met(first)
    second = FastFinder(RULES, first.ready())
    _met(second, {"Image": "cmd.exe", "sentinel.logsource.product": "windows"})
    ready = second.ready()

    assert ready is not None
    assert set(ready.hints) == {NATIVE, BOUND}


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"\xff" * 5000])
def test_damaged_databases_are_made_anew(damage):
    """They are bytes from a disk."""
    first = FastFinder(RULES)
    expected = _met(first)
    ready = first.ready()
    assert ready is not None
    damaged = replace(ready, databases=dict.fromkeys(ready.databases, damage))

    assert expected == _met(FastFinder(RULES, damaged))


def test_hints_of_other_rules_are_not_used():
    """Where their number is another, they are not of these rules."""
    first = FastFinder(RULES[:2])
    _met(first)

    assert _met(FastFinder(RULES, first.ready())) == _met(FastFinder(RULES, Ready()))


def test_a_flood_of_logsources_is_forgotten_and_answers_stay():
    """Who sends chooses the words: what is kept for each is bounded."""
    finder = FastFinder(RULES)
    expected = _met(finder)
    for number in range(1_100):
        words = frozenset(("windows", f"made-up-{number}"))
        finder.looks(EVENT, Source(words, frozenset(), frozenset()))

    assert len(finder._junctions) <= 1_000
    assert len(finder._made) == 2, "the same rules are made ready once for each kind of names"
    assert expected == _met(finder)


def test_a_flood_of_sets_of_rules_is_forgotten_too():
    """Words of several logs at once concern other rules each time."""
    known = sorted(SERVICES)[:10]
    many = [
        rule(_is("a", f"x{n}"), n, Logsource(service=service)) for n, service in enumerate(known)
    ]
    finder = FastFinder(many)
    for mask in range(2 * JUNCTIONS):
        words = frozenset(service for n, service in enumerate(known) if mask >> n & 1)
        source = Source(frozenset(), frozenset(), words, Names.NATIVE)
        met = [look.rule for look in finder.looks({"a": "x3"}, source)]
        assert met == [each for each in many[3:4] if each.logsource.service in words]

    assert len(finder._made) <= JUNCTIONS


def test_every_look_that_was_ever_ready_can_be_told():
    """The profile names the dear ones, by whichever names they were asked."""
    finder = FastFinder(RULES)
    before = finder.every_look
    _met(finder)

    assert before == []
    assert [look.rule for look in finder.every_look] == list(RULES)
    assert {rate.name for rate in finder.rates} == {"values", "combinations", "ways"}
    assert PlainFinder(RULES).rates == ()


def test_both_names_of_a_bound_field_are_asked_by_the_kind_of_event():
    """Normalised events have ECS names, native ones the rule's own."""
    web = rule(
        AllOf((_is("cs-method", "get"), ExistsAtom("x", expected=False))),
        7,
        Logsource(category="webserver"),
    )
    normalised = {"http.request.method": "GET", "sentinel.logsource.category": "webserver"}
    native = {"cs-method": "GET"}

    assert _met(FastFinder((web,)), normalised) == ["rule-7"]
    assert _met(FastFinder((web,)), native) == ["rule-7"]
    assert _met(FastFinder((web,)), native | {"sentinel.logsource.category": "webserver"}) == []
