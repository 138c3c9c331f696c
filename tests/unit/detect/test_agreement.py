"""The fast finder and the plain one agree on every event: the same rules, met by the same values.

The rules are made by hypothesis, the events out of what the rules ask for, so that most events meet
something. `make agree` looks for much longer, with other cases each time.
"""

import os
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentinel.detect import patience
from sentinel.detect.condition import AllOf, AnyOf, ExistsAtom, FieldAtom, KeywordAtom
from sentinel.detect.match.finder import FastFinder, PlainFinder
from sentinel.detect.route import source_of
from sentinel.detect.ruleset import Logsource
from sentinel.detect.sigma.load import load
from sentinel.detect.values import KeywordTest, NumberTest, RegexError, RegexTest, Segment, TextTest
from sentinel.documents import yaml_texts
from sentinel.formats.jsontext import value_of
from sentinel.resources import shipped
from tests.unit.detect.generated import (
    conditions,
    documents,
    field_values,
    fields,
    read_rules,
    rule,
    rules,
    texts,
)
from tests.unit.detect.meeting import Meeting, expression, written

# `make agree` says how many times as many.
TIMES = float(os.environ.get("SENTINEL_AGREE", "1"))
SMALL = 2_000  # bytes: everything is forgotten all the time
EVENTS = 8

seeds = st.integers(0, 2**32 - 1)


def cases(count):
    """So many examples; a health check must not stop what is slow because much is made."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=max(1, int(count * TIMES)), suppress_health_check=slow)


SLOW = {}  # rules that took too long, by the rule itself: nothing can be said of them


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Expressions that never end cost little here, and are no part of what is compared."""
    monkeypatch.setattr(patience, "LOOK", 0.05)


def met(finder, said, text=None):
    """The rules that are met, each with what was met; as text, since NaN is not NaN."""
    found = []
    for look in finder.looks(said, source_of(said), text):
        try:
            hits = look.hits(said)
        except TimeoutError:
            hits = None
            SLOW[id(look.rule)] = look.rule
        if hits is not None:
            shown = {name: repr(value) for name, value in hits.items()}
            found.append((look.rule, shown))
    return Met(found)


class Met(list):
    """Compared without the rules that took too long for one finder or the other."""

    def __eq__(self, other):
        return self.told() == other.told()

    __hash__ = None

    def told(self):
        return [(rule.card.id, hits) for rule, hits in self if id(rule) not in SLOW]


def agree(some, seen):
    """Hold the events against both finders, then again against one that forgets."""
    plain, fast = PlainFinder(some), FastFinder(some)
    expected = [met(plain, said) for said in seen]
    for met_plainly, said in zip(expected, seen, strict=True):
        assert met_plainly == met(fast, said)
    forgetful = FastFinder(some, fast.ready(), SMALL)
    for met_plainly, said in zip(expected, seen, strict=True):
        assert met_plainly == met(forgetful, said)
        assert met_plainly == met(fast, said), "seen before"


def events_for(some, seed, count=EVENTS):
    meeting = Meeting(some, Random(seed))
    return [meeting.fields() for _ in range(count)]


@cases(400)
@given(rules(), seeds, st.lists(fields(), max_size=2))
def test_built_rules_are_met_by_the_same_events(some, seed, others):
    """Conditions of every kind, over values that nearly fit."""
    agree(some, events_for(some, seed) + others)


@cases(150)
@given(documents(), seeds)
def test_rules_that_were_read_are_met_by_the_same_events(text, seed):
    """All modifiers, as pySigma writes them out."""
    some = read_rules(text)

    agree(some, events_for(some, seed))


def _expressions(chance, count):
    found = []
    while len(found) < count:
        flags = "".join(letter for letter in "ims" if chance.random() < 0.2)
        test = RegexTest(expression(chance), flags)
        with suppress(RegexError, OverflowError, ValueError):
            test.compiled  # noqa: B018 - it raises where it is none
            found.append(test)
    return found


@cases(500)
@given(seeds)
def test_expressions_of_every_kind_agree(seed):
    """What Hyperscan is asked instead must never say no where `regex` says yes."""
    chance = Random(seed)
    tests = _expressions(chance, 6)
    some = [rule(FieldAtom("a", test), number) for number, test in enumerate(tests)]
    some += [rule(KeywordAtom(test), 10 + number) for number, test in enumerate(tests[:2])]

    agree(some, events_for(some, seed, 20))


NUMBERS = st.sampled_from((1, 2, 3, 4624, 4625, 10**16, 10**45, 0.5, 0))
ASKED = st.one_of(
    NUMBERS.map(NumberTest),
    NUMBERS.map(lambda number: TextTest((Segment((str(number),)),))),
    texts.map(lambda text: TextTest((Segment((text.casefold(),)),))),
)


def _parted(made):
    return [
        rule(AllOf((AnyOf(tuple(FieldAtom("EventID", test) for test in asked)), one)), number, kind)
        if asked
        else rule(one, number, kind)
        for number, (asked, one, kind) in enumerate(made)
    ]


# Rules most of which ask for one of a few values of the same field.
parted = st.lists(
    st.tuples(
        st.lists(ASKED, max_size=3),
        st.one_of(st.just(ExistsAtom("EventID", expected=True)), conditions(depth=1)),
        st.sampled_from((Logsource(), Logsource(category="test"))),
    ),
    min_size=8,
    max_size=14,
).map(_parted)


@cases(150)
@given(parted, seeds, st.lists(st.one_of(NUMBERS, field_values), max_size=5))
def test_rules_that_part_by_a_field_agree(some, seed, ids):
    """Numbers as text, lists, what is no value, and all other ways to say the same."""
    seen = events_for(some, seed)

    agree(some, seen + [said | {"EventID": value} for said, value in zip(seen, ids, strict=False)])


WORDS = st.one_of(
    texts,
    st.sampled_from(
        ("mimikatz", "a/b", 'a"b', "\\u0061", "tru", "1e", "100000", "-", "\\", "\x7f")
    ),
)


@cases(250)
@given(st.lists(WORDS, min_size=1, max_size=6), seeds)
def test_keywords_agree_with_the_text_that_the_fields_came_from(words, seed):
    """JSON may spell a value in many ways; with its text nothing else is found than without."""
    chance = Random(seed)
    some = [rule(KeywordAtom(_keyword(word)), number) for number, word in enumerate(words) if word]
    plain, fast = PlainFinder(some), FastFinder(some)
    for said in events_for(some, seed):
        text = written(said, chance)
        read = value_of(text)
        assert isinstance(read, dict), text
        assert met(plain, read) == met(fast, read, text)


def _keyword(word):
    return KeywordTest(TextTest((Segment(()), Segment((word.casefold(),)), Segment(()))))


@cases(60)
@given(rules(), seeds)
def test_the_order_of_events_and_what_came_before_change_nothing(some, seed):
    """A finder in use says the same as a fresh one."""
    seen = events_for(some, seed)
    used = FastFinder(some)
    order = Random(seed).sample(seen, len(seen))

    expected = {id(said): met(FastFinder(some), said) for said in seen}
    for said in [*order, *seen]:
        assert expected[id(said)] == met(used, said)


def _broken(databases, chance):
    """Bytes as a disk may give them back: a few flipped, cut, or none."""
    for key, data in databases.items():
        changed = bytearray(data)
        for _ in range(chance.randint(1, 5)):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        yield key, chance.choice((bytes(changed), data[: chance.randrange(len(data))], b"", data))


@cases(60)
@given(rules(), seeds)
def test_what_was_worked_out_and_kept_changes_nothing(some, seed):
    """As it was kept, damaged, of other rules by number."""
    chance = Random(seed)
    seen = events_for(some, seed)
    first = FastFinder(some)
    expected = [met(first, said) for said in seen]
    ready = first.ready()
    assert ready is not None
    damaged = replace(ready, databases=dict(_broken(ready.databases, chance)))
    short = replace(ready, hints={native: hints[1:] for native, hints in ready.hints.items()})

    for kept in (ready, damaged, short):
        again = FastFinder(some, kept)
        assert expected == [met(again, said) for said in seen]


@pytest.fixture(scope="module")
def the_shipped():
    return load(yaml_texts([shipped("rules")])).rules


@pytest.mark.parametrize("seed", range(20))
def test_the_shipped_rules_agree(the_shipped, seed):
    """All of them at once, over events made out of what some of them ask for."""
    some = Random(seed).sample(the_shipped, k=min(5, len(the_shipped)))
    plain, fast = PlainFinder(the_shipped), FastFinder(the_shipped)

    for said in events_for(some, seed, 20):
        assert met(plain, said) == met(fast, said)
