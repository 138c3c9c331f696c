"""Every corner of Sigma as data: tests/corpus/detect/*.yml, each case with its intent."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from sentinel.detect.engine import Engine
from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.documents import SourceText
from sentinel.model.ids import AgencyId, EventId
from tests.samples import NOON, an_event

CORPUS = Path(__file__).parents[2] / "corpus" / "detect"
CASES = {
    case["name"]: case
    for file in sorted(CORPUS.glob("*.yml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
}


def _named(*keys):
    found = [case for case in CASES.values() if any(key in case for key in keys)]
    return [pytest.param(case, id=case["name"]) for case in found]


def _rule(case):
    detection = case.get("detection") or {
        "selection": case["selection"],
        "condition": "selection",
    }
    logsource = case.get("logsource", {"category": "test"})
    rule = {"title": "Case", "logsource": logsource, "detection": detection}
    return rule | case.get("beside", {})


def _filtered(case):
    logsource = case.get("logsource", {"category": "test"})
    filters = [
        {"title": "Filter", "logsource": logsource, "filter": {"rules": "any"} | section}
        for section in case.get("filters", ())
    ]
    return [*filters, _rule(case)]


def _values(case):
    values = {
        name: tuple(each) if isinstance(each, list) else (each,)
        for name, each in case.get("placeholders", {}).items()
    }
    return Placeholders(path="placeholders.yml", values=values)


def _correlation(case):
    bases = case.get("bases") or {"base": {"hit": 1}}
    rules = [
        {
            "title": name,
            "name": name,
            "logsource": {"category": "test"},
            "detection": {"selection": selection, "condition": "selection"},
        }
        for name, selection in bases.items()
    ]
    inner = [
        {"title": name, "name": name, "correlation": section}
        for name, section in case.get("inner", {}).items()
    ]
    outer = {"title": "Correlation", "correlation": case["correlation"]} | case.get("beside", {})
    return [*rules, *inner, outer]


def _load(*documents, placeholders=NO_PLACEHOLDERS):
    text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=10_000)
    return load([SourceText("case.yml", text)], placeholders=placeholders)


def _event(fields, offset=1):
    return an_event(offset).__class__(
        id=EventId(f"event-{offset}"),
        offset=offset,
        at=NOON,
        received=NOON,
        agency=None,
        source=None,
        fields=fields,
        raw="",
        sha256="",
    )


def _timed(index, fields):
    fields = {"hit": 1} | fields
    at = NOON + timedelta(seconds=fields.pop("at"))
    arrived = fields.pop("arrived", None)
    agency = fields.pop("agency", None)
    event = _event(fields, index + 1)
    received = at if arrived is None else NOON + timedelta(seconds=arrived)
    values = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return type(event)(
        **values | {"at": at, "received": received, "agency": agency and AgencyId(agency)}
    )


def test_the_corpus_is_large_and_every_case_says_what_it_is_for():
    """At least 420 cases, each with a name of its own and a sentence."""
    listed = [
        case
        for file in CORPUS.glob("*.yml")
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]

    assert len(listed) == len(CASES)
    assert len(CASES) >= 420
    assert [case["name"] for case in listed if not case["intent"].endswith(".")] == []


@pytest.mark.parametrize("case", _named("match"))
def test_a_rule_meets_what_it_must(case):
    """Each event under `match` is met, and reported with the fields that mattered."""
    ruleset = _load(*_filtered(case), placeholders=_values(case))
    found = [Engine(ruleset).match(_event(fields)) for fields in case["match"]]

    assert [str(fault) for fault in ruleset.refused] == []
    assert [1] * len(case["match"]) == [len(detections) for detections in found]
    if "matched" in case:
        assert case["matched"] == found[0][0].matched


@pytest.mark.parametrize("case", _named("no_match"))
def test_a_rule_passes_over_what_it_must_not_meet(case):
    """No event under `no_match` is met."""
    engine = Engine(_load(*_filtered(case), placeholders=_values(case)))

    met = [fields for fields in case["no_match"] if engine.match(_event(fields))]

    assert met == []


@pytest.mark.parametrize("case", _named("refused"))
def test_what_cannot_be_honoured_is_refused_with_a_reason(case):
    """The rule does not run at all, and one fault says why."""
    documents = _correlation(case) if "correlation" in case else [_rule(case)]
    ruleset = _load(*documents, placeholders=_values(case))
    faults = [str(fault) for fault in ruleset.refused]

    assert len(faults) >= 1
    assert [fault for fault in faults if case["refused"] in fault] != []
    assert len(documents) - 1 == len(ruleset.cards)
    if "line" in case:
        assert faults[0].startswith(f"case.yml:{case['line']}: ")


def _detections(engine, index, fields):
    """What one event leads to: of the rules, of the correlation, of those it is over."""
    own, found, inner = [], [], []
    for detection in engine.match(_timed(index, fields)):
        if detection.group is None:
            own.append(index)
        elif detection.rule.title == "Correlation":
            found.append(detection)
        else:
            inner.append([detection.rule.title, index, detection.count])
    return own, found, inner


@pytest.mark.parametrize("case", _named("detects"))
def test_a_correlation_counts_as_it_should(case):
    """The completing events, how many events each window held, what was measured, who is named."""
    ruleset = _load(*_correlation(case))
    engine = Engine(ruleset)
    told = [_detections(engine, index, fields) for index, fields in enumerate(case["events"])]
    found = [[index, each] for index, (_, met, _) in enumerate(told) for each in met]
    numbers = {f"event-{index + 1}": index for index in range(len(case["events"]))}
    named = [[numbers[event] for event in each.events] for _, each in found]

    assert [str(fault) for fault in ruleset.refused] == []
    assert case["detects"] == [[index, each.count] for index, each in found]
    assert case.get("own", []) == [index for own, _, _ in told for index in own]
    assert case.get("also", []) == [each for _, _, inner in told for each in inner]
    assert case.get("measured") in (None, [each.measured for _, each in found])
    assert case.get("names") in (None, named)
    assert case.get("groups") in (None, [each.group for _, each in found])
    assert bool(engine.dropped_windows) is case.get("unsure", False)


@pytest.mark.parametrize("case", _named("detects"))
def test_a_correlation_counts_the_same_with_a_restart_before_each_event(case):
    """What is kept is all that counts."""
    ruleset = _load(*_correlation(case))
    kept, found = {}, []
    for index, fields in enumerate(case["events"]):
        engine = Engine(ruleset, kept)
        found += [[index, each.count] for each in _detections(engine, index, fields)[1]]
        kept |= engine.changes()
        kept = {key: state for key, state in kept.items() if state is not None}

    assert case["detects"] == found


def test_the_documentation_names_cases_that_exist():
    """docs/sigma.md says which case shows each choice."""
    page = (Path(__file__).parents[3] / "docs" / "sigma.md").read_text(encoding="utf-8")
    last_cells = [line.split(" | ")[-1] for line in page.splitlines() if line.startswith("| ")]
    named = {name for cell in last_cells for name in re.findall(r"`([a-z0-9-]+)`", cell)}

    assert len(named) > 80
    assert sorted(named - CASES.keys()) == []
