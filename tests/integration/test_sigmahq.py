"""SigmaHQ's own rules and its own tests of them: what loads, what passes, and exactly what not."""

import re
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sentinel.batch import DetectRequest, Summary, detect, events_of
from sentinel.detect.engine import Engine
from sentinel.detect.route import CATEGORY, NAMES, PRODUCT, SERVICE
from sentinel.detect.sigma.load import load
from sentinel.documents import yaml_texts
from tests.testdata import data_folder

pytestmark = pytest.mark.data

RULES = 3777
PLACEHOLDERS = 25  # 23 in rules-placeholder, 2 among the emerging threats
TESTS = 90
ROUTED_BY = {CATEGORY, NAMES, PRODUCT, SERVICE}

# Tests whose `match_count` is below the matching events of their own file: each of these events
# was read and fits the rule (three registry values of one zone; both AutoShare values). SigmaHQ's
# own runner asks for one match and does not compare the count.
MORE_EVENTS_THAN_COUNTED = {
    "45e112d0-7759-4c2a-aa36-9f8fb79d3393": 3,
    "c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e": 2,
}


def _unpacked(name, tmp_path_factory):
    folder = tmp_path_factory.mktemp(name)
    with tarfile.open(data_folder() / f"{name}.tar.gz") as archive:
        # Python before 3.11.4 has no such filter, and no argument for one.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return _unpacked("sigmahq-rules", tmp_path_factory)


@pytest.fixture(scope="module")
def ruleset(rules):
    return load(yaml_texts([rules]))


@pytest.fixture(scope="module")
def tests(tmp_path_factory):
    folder = _unpacked("sigmahq-regression", tmp_path_factory)
    found = []
    for info in sorted(folder.rglob("info.yml")):
        data = yaml.safe_load(info.read_text(encoding="utf-8"))
        rule = data["rule_metadata"][0]["id"]
        for test in data["regression_tests_info"]:
            file = folder.joinpath(test["path"])
            found.append((rule, file, test.get("match_count")))
    return found


def test_every_rule_loads_but_those_with_placeholders(ruleset):
    """What is refused is refused for one reason, and named by file and line."""
    refused = [str(fault) for fault in ruleset.refused]

    assert len(ruleset.rules) == RULES - PLACEHOLDERS
    assert len(refused) == PLACEHOLDERS
    assert [each for each in refused if "a file of placeholders" not in each] == []
    assert [each for each in refused if re.search(r"\.yml:\d+: ", each) is None] == []


def test_every_rule_keeps_its_author(ruleset):
    """Detection Rule License 1.1: the author is named with each rule."""
    assert [card.place for card in ruleset.cards if not card.author] == []


@pytest.fixture(scope="module")
def rule_files(rules):
    found = {}
    for path in rules.rglob("*.yml"):
        match = re.search(r"^id: *(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert match is not None
        found[match[1]] = path
    return found


def _counted(rule: Path, file: Path, pipeline: str) -> int:
    summary = Summary()
    request = DetectRequest(rules=(rule,), files=(file,), pipeline=pipeline)
    found = list(detect(request, summary))

    assert summary.refused == []
    return len(found)


@pytest.mark.parametrize("suffix", [".evtx", ".json"])
@pytest.mark.parametrize("pipeline", ["auto", "native", "ecs", "ecs_windows"])
def test_sigmahqs_own_tests_pass_but_those_known(rule_files, tests, pipeline, suffix):
    """As many detections as each test counts, at least one where it counts none.

    Under each set of names, from the event file and from its JSON.
    """
    failed = {}
    for rule, file, expected in tests:
        count = _counted(rule_files[rule], file.with_suffix(suffix), pipeline)
        if count != expected if expected else count == 0:
            failed[rule] = count

    assert len(tests) == TESTS
    assert failed == MORE_EVENTS_THAN_COUNTED


def test_routing_loses_no_detection(rules, tests):
    """All rules for Windows at once find in all recordings what they find without a logsource."""
    folder = rules / "rules" / "windows" / "process_creation"
    ruleset = load(yaml_texts([folder]))
    files = tuple(file.with_suffix(".json") for _, file, _ in tests)
    routed, unrouted = Engine(ruleset), Engine(ruleset)
    found, expected = set(), set()
    request = DetectRequest(rules=(), files=files)
    for file in files:
        for event in events_of(file, request, Summary()):
            bare = {name: event.fields[name] for name in event.fields if name not in ROUTED_BY}
            found |= {(file, each.rule.id) for each in routed.match(event)}
            if event.fields["EventID"] == 1:
                without = replace(event, fields=bare)
                expected |= {(file, each.rule.id) for each in unrouted.match(without)}

    assert len(expected) > 50
    assert found == expected


def test_a_public_pipeline_takes_a_folder_of_rules(rules):
    """`--pipeline ecs_windows`: none of a folder of rules is refused."""
    request = DetectRequest(
        rules=(rules / "rules" / "windows" / "network_connection",),
        files=(),
        pipeline="ecs_windows",
    )
    summary = Summary()
    list(detect(request, summary))

    assert summary.refused == []
    assert summary.rules_loaded > 40
