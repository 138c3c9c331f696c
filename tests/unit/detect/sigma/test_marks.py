"""The parts of a condition are found again in the rule's file."""

from sentinel.detect.condition import AnyOf
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.marks import marks_of
from sentinel.detect.sigma.placeholders import Placeholders
from sentinel.detect.sigma.split import split
from sentinel.documents import SourceText

RULE = """title: Marked
logsource: {category: webserver}
detection:
  selection:
    c-uri|contains:
      - one
      - two
    cs-method: POST
  either:
    - sc-status: 200
    - sc-status: 500
  words:
    - alpha
    - beta
  condition: selection and either and words
"""


def _marked(text=RULE):
    source = SourceText("r.yml", text)
    ((rule,), (document,)) = load([source]).rules, split(source)[0]
    return rule, marks_of(document, rule.logsource)


def _names(marks, condition):
    return [(mark.name, mark.detection, mark.place) for mark in marks.get(condition, ())]


def test_every_detection_item_and_value_has_its_line():
    """Items by their key as written, values by the line they stand in."""
    rule, marks = _marked()
    selection, either, words = rule.condition.parts
    item, method = selection.parts

    assert _names(marks, selection) == [("selection", "selection", "r.yml:4")]
    assert _names(marks, item) == [("c-uri|contains", "selection", "r.yml:5")]
    assert _names(marks, item.parts[1]) == [("c-uri|contains", "selection", "r.yml:7")]
    assert ("cs-method", "selection", "r.yml:8") in _names(marks, method)
    assert _names(marks, either) == [("either", "either", "r.yml:9")]
    assert ("sc-status", "either", "r.yml:11") in _names(marks, either.parts[1])
    assert ("words", "words", "r.yml:12") in _names(marks, words)
    assert _names(marks, words.parts[1]) == [("", "words", "r.yml:14")]


def test_the_bound_names_lead_to_the_same_lines():
    """A normalised event is asked by other names."""
    rule, marks = _marked()

    assert rule.condition != rule.bound
    assert _names(marks, rule.condition.parts[0]) == _names(marks, rule.bound.parts[0])


def test_what_a_modifier_made_several_of_is_one_value():
    """base64offset leads to three texts that stand in one line."""
    rule, marks = _marked(
        "title: Encoded\nlogsource: {product: windows}\ndetection:\n"
        "  selection:\n    a|base64offset|contains:\n      - secret\n      - other\n"
        "  condition: selection\n"
    )

    (first, _) = rule.condition.parts
    assert isinstance(first, AnyOf)
    assert _names(marks, first) == [("a|base64offset|contains", "selection", "r.yml:6")]


def test_what_pysigma_cannot_read_has_no_marks():
    """It does not run either; nothing is raised."""
    (document,), _ = split(SourceText("r.yml", "title: x\ndetection: 5\n"))
    rule, _ = _marked()

    assert marks_of(document, rule.logsource) == {}


def test_a_placeholder_is_found_with_its_values():
    """Where they come from another file, the line is the rule's."""
    text = RULE.replace("cs-method: POST", "cs-username|expand: '%admins%'")
    placeholders = Placeholders(values={"admins": ("alice", "bob")})
    source = SourceText("r.yml", text)
    (rule,) = load([source], placeholders=placeholders).rules
    ((document,), _) = split(source)

    marks = marks_of(document, rule.logsource, None, placeholders)

    names = rule.condition.parts[0].parts[1]
    assert ("cs-username|expand", "selection", "r.yml:8") in _names(marks, names)
