"""One Sigma rule, from its document to what runs."""

import pytest
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation

from sentinel.detect.condition import FieldAtom
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.read_rule import fingerprint
from sentinel.documents import SourceText

RULE = """title: Case
logsource: {category: webserver, product: apache}
detection: {selection: {cs-method: GET}, condition: selection}
"""


def _rule(text, pipeline=None):
    ruleset = load([SourceText("r.yml", text)], pipeline)
    assert ruleset.refused == ()
    return ruleset.rules[0]


def test_a_rule_is_read_with_both_names_of_its_fields():
    """Its own, for native events, and those of normalised events."""
    rule = _rule(RULE)

    assert (rule.logsource.category, rule.logsource.product, rule.logsource.service) == (
        "webserver",
        "apache",
        None,
    )
    assert isinstance(rule.condition, FieldAtom)
    assert (rule.condition.field, rule.bound.field) == ("cs-method", "http.request.method")


def test_the_fingerprint_is_of_what_a_rule_matches():
    """Words about it change nothing, its detection and its logsource do."""
    same = _rule(RULE.replace("Case", "Other") + "level: high\n").fingerprint
    other = {
        _rule(RULE.replace("GET", "POST")).fingerprint,
        _rule(RULE.replace("apache", "nginx")).fingerprint,
    }

    assert _rule(RULE).fingerprint == same
    assert len(other | {same}) == 3


def test_a_fingerprint_does_not_depend_on_the_order_of_keys():
    """YAML mappings have none."""
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_a_pipeline_is_applied():
    """Field names become those of the pipeline, without Elasticsearch's sub-fields."""
    mapping = FieldMappingTransformation({"cs-method": "process.executable.caseless"})
    pipeline = ProcessingPipeline(items=[ProcessingItem(mapping)])

    assert _rule(RULE, pipeline).condition.field == "process.executable"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("status: unsupported", "cannot be used as it is"),
        ("taxonomy: acme", "allowed: sigma, ecs"),
    ],
)
def test_a_rule_that_means_something_else_is_refused(line, said):
    """Its own word that it is not usable, and field names nobody knows."""
    (fault,) = load([SourceText("r.yml", f"{RULE}{line}\n")]).refused

    assert fault.place == "r.yml:4"
    assert said in str(fault)


def test_a_rule_in_ecs_names_may_say_so():
    """`taxonomy: ecs` is as good as none."""
    assert _rule(f"{RULE}taxonomy: ecs\n").card.title == "Case"
