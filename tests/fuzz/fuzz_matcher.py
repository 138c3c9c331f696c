"""Bytes as rules and events for both finders: where they disagree, the fuzzer has found it.

The bytes choose what hypothesis draws in the tests of agreement, the first byte chooses the test.
"""

from random import Random

from sentinel.detect import patience
from tests.unit.detect import test_agreement as agreement

TESTS = (
    agreement.test_built_rules_are_met_by_the_same_events,
    agreement.test_expressions_of_every_kind_agree,
    agreement.test_rules_that_part_by_a_field_agree,
    agreement.test_keywords_agree_with_the_text_that_the_fields_came_from,
    agreement.test_the_order_of_events_and_what_came_before_change_nothing,
    agreement.test_what_was_worked_out_and_kept_changes_nothing,
)


def check(data):
    """Let the bytes choose a test and its arguments."""
    if not data:
        return
    patience.LOOK = 0.05
    TESTS[data[0] % len(TESTS)].hypothesis.fuzz_one_input(data[1:])


def seeds():
    """Chance: no bytes are better than others."""
    chance = Random(0)
    for first in range(len(TESTS)):
        for size in (64, 512, 2_048):
            yield bytes((first,)) + chance.randbytes(size)
