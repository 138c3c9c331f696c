"""Laws of the whole engine, over generated rules and events."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.detect.engine import Engine
from sentinel.detect.ruleset import RuleSet
from tests.unit.detect.generated import documents, events, read_rules, rules, rulesets

# A text goes through the whole of reading, which costs more than a hundred events do.
FEW = settings(max_examples=30)

many_events = st.lists(events(), min_size=1, max_size=8)


def _verdicts(engine, seen):
    """What is said of each event: rules and the fields that mattered (text, since NaN != NaN)."""
    return [
        [(detection.rule.id, repr(detection.matched)) for detection in engine.match(event)]
        for event in seen
    ]


@given(rulesets(), many_events, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_no_verdict(ruleset, seen, chance):
    """Rules of single events keep nothing of the events before."""
    order = list(range(len(seen)))
    chance.shuffle(order)

    expected = _verdicts(Engine(ruleset), seen)
    shuffled = _verdicts(Engine(ruleset), [seen[place] for place in order])

    assert [expected[place] for place in order] == shuffled


@given(rules(), rules(), many_events)
def test_another_rule_changes_no_verdict(ours, added, seen):
    """Wherever it stands: the others say of each event what they said without it."""
    more = tuple(
        replace(rule, card=replace(rule.card, id=f"added-{rule.card.id}")) for rule in added
    )
    expected = _verdicts(Engine(RuleSet(rules=ours)), seen)

    for together in (ours + more, more + ours):
        found = _verdicts(Engine(RuleSet(rules=together)), seen)
        own = [[hit for hit in each if not hit[0].startswith("added-")] for each in found]
        assert expected == own


@FEW
@given(documents(), documents(), many_events)
def test_a_rule_read_with_others_is_the_rule_read_alone(ours, added, seen):
    """Reading carries nothing from one document over to the next."""
    added = added.replace("title: Rule", "title: Added").replace("name: rule_", "name: added_")
    alone = RuleSet(rules=read_rules(ours))
    together = RuleSet(rules=read_rules(f"{added}---\n{ours}"))

    expected = _verdicts(Engine(alone), seen)
    found = _verdicts(Engine(together), seen)

    assert expected == [[hit for hit in each if not hit[0].startswith("added_")] for each in found]


@given(rulesets(), many_events)
def test_an_event_seen_again_gets_the_same_verdict(ruleset, seen):
    """What an engine remembers of values never changes what it says of them."""
    engine = Engine(ruleset)

    assert _verdicts(engine, seen) == _verdicts(engine, seen)
