"""What rules say of each other, and whether anything feeds them."""

import pytest

from sentinel.detect.lint.checks import World
from sentinel.detect.route import source_of
from tests.unit.detect.lint.cases import a_text, found

OTHER = "22222222-2222-4222-8222-222222222222"
FIRST = a_text("rules/a.yml")


def a_second(**changes):
    base = {
        "title": "Another rule",
        "id": OTHER,
        "detection": {"selection": {"CommandLine": "beta"}, "condition": "selection"},
    }
    return a_text("rules/b.yml", **(base | changes))


@pytest.mark.parametrize(
    ("kind", "to", "codes"),
    [
        ("derived", OTHER, ["related-unknown"]),
        ("similar", "11111111-1111-4111-8111-111111111111", []),
        ("obsolete", OTHER, []),
        ("obsolete", "11111111-1111-4111-8111-111111111111", ["successor-and-predecessor"]),
    ],
)
def test_references_to_other_rules(kind, to, codes):
    """What a rule replaces should be gone; what it was derived from should be there."""
    rule = a_second(id="33333333-3333-4333-8333-333333333333", related=[{"id": to, "type": kind}])

    assert [each.code for each in found(FIRST, rule)] == codes


def test_two_rules_that_match_the_same():
    """Each event would be reported twice."""
    twin = a_text("rules/b.yml", id=OTHER, title="Another title")

    (finding,) = found(FIRST, twin)

    assert (finding.code, finding.place) == ("same-rule", "rules/b.yml:12")
    assert "rules/a.yml:1" in finding.message.en


def test_two_rules_of_one_title():
    """An alert shows no more of them."""
    (finding,) = found(FIRST, a_second(title="A COMPLETE rule"))

    assert (finding.code, finding.place) == ("same-title", "rules/b.yml:1")


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"sentinel.logsource.product": "linux"}, ["not-fed"]),
        (
            {
                "sentinel.logsource.product": "windows",
                "sentinel.logsource.category": "process_creation",
            },
            [],
        ),
    ],
)
def test_a_logsource_that_nothing_produces_is_told_once(fields, codes):
    """However many rules wait for it."""
    world = World(feeds=[source_of(fields)])

    findings = found(FIRST, a_second(), world=world)

    assert [each.code for each in findings] == codes
    assert [each for each in findings if "2 rules wait" not in each.message.en] == []
