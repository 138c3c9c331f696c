"""A document as the checks see it."""

from sentinel.detect.lint.subject import Subject
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.split import split
from tests.unit.detect.lint.cases import a_text


def a_subject(**changes):
    text = a_text(**changes)
    (document,), (rule,) = split(text)[0], load([text]).rules
    return Subject(document=document, data=document.data, rule=rule)


DETECTION = {
    "selection": {"CommandLine|contains": ["a", "b"], "User": "c"},
    "either": [{"Image": "d"}, {"Image": "e"}],
    "words": ["f", "g"],
    "condition": "selection and either and words",
}


def test_every_item_with_its_values():
    """In a mapping, in a list of mappings, and words without a field."""
    items = list(a_subject(detection=DETECTION).items())

    assert [(item.field, item.modifiers, item.values) for item in items] == [
        ("CommandLine", ("contains",), ("a", "b")),
        ("User", (), ("c",)),
        ("Image", (), ("d",)),
        ("Image", (), ("e",)),
        ("", (), ("f", "g")),
    ]
    assert items[0].value_at(1) == ("detection", "selection", "CommandLine|contains", 1)
    assert items[1].value_at(0) == ("detection", "selection", "User")


def test_a_part_of_the_condition_has_a_line_and_a_name():
    """One that is in no line of its own is where the condition is."""
    subject = a_subject(detection=DETECTION)
    selection = subject.rule.condition.parts[0]

    place, name = subject.place_of_part(selection)

    assert name == "selection"
    assert place == subject.place("detection", "selection")
    whole = subject.place_of_part(subject.rule.condition)
    assert whole == (subject.place("detection", "condition"), "")
