"""One Sigma correlation, from its document to what runs."""

from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation

from sentinel.detect.ruleset import Bound, Kind
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.read_measure import MAX_COUNT
from sentinel.detect.values import Order
from sentinel.documents import SourceText

RULES = """title: base
name: base
logsource: {category: test}
detection: {selection: {x: 1}, condition: selection}
---
title: Case
id: 4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10
level: high
correlation:
  type: value_count
  rules: base
  group-by: [host, source.ip]
  timespan: 2h
  aliases: {host: {base: ComputerName}}
  condition:
    field: user.name
    gte: 5
"""


def _load(text, pipeline=None):
    return load([SourceText("r.yml", text)], pipeline)


def test_a_correlation_is_read_whole():
    """Every part of it."""
    (correlation,) = _load(RULES).correlations

    assert correlation.kind is Kind.VALUE_COUNT
    assert correlation.bounds == (Bound(Order.GTE, 5),)
    assert correlation.fields == ("user.name",)
    assert (correlation.timespan, correlation.group_by) == (7200, ("host", "source.ip"))
    assert correlation.aliases == {"host": {"base": "ComputerName"}}
    assert correlation.card.place == "r.yml:6"


def test_the_fingerprint_is_of_what_counts():
    """Its own section and its rules' detections, nothing else."""
    original = _load(RULES).correlations[0].fingerprint
    same = _load(RULES.replace("level: high", "level: low")).correlations[0].fingerprint
    window = _load(RULES.replace("2h", "3h")).correlations[0].fingerprint
    base = _load(RULES.replace("x: 1", "x: 2")).correlations[0].fingerprint

    assert original == same
    assert len({original, window, base}) == 3


def test_a_threshold_has_a_limit():
    """Each group remembers as many events as the threshold asks for."""
    (fault,) = _load(RULES.replace("gte: 5", f"gte: {MAX_COUNT + 1}")).refused

    assert str(MAX_COUNT) in str(fault)
    assert fault.place == "r.yml:15"
    assert fault.key == "correlation.condition"


def test_every_fault_of_the_section_has_its_line():
    """Two slips, two faults."""
    text = RULES.replace("value_count", "value_cuont").replace("timespan: 2h", "timespan: 0h")
    faults = _load(text).refused

    assert [fault.place for fault in faults] == ["r.yml:10", "r.yml:13"]


def test_a_pipeline_renames_the_fields_of_a_correlation():
    """Group-by and the counted field get the names of the events."""
    mapping = FieldMappingTransformation({"user.name": "User", "source.ip": "Ip"})
    pipeline = ProcessingPipeline(items=[ProcessingItem(mapping)])
    (correlation,) = _load(RULES, pipeline).correlations

    assert (correlation.group_by, correlation.fields) == (("host", "Ip"), ("User",))
