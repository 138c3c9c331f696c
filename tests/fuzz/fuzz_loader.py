"""Bytes as a rule file: reading refuses or takes them, keeps what it takes, and never raises."""

from pathlib import Path

import yaml

from sentinel.detect.engine import Engine
from sentinel.detect.plan.codec import NotKeepable, decode, encode
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from tests.unit.detect.generated import event

ROOT = Path(__file__).parents[2]
FIELDS = {"Image": "C:\\cmd.exe", "EventID": 1, "a": ["x", None, 5, True], "": "", "b": None}


def check(data):
    """Load the text; hold what came of it against an event; bring it back from its bytes."""
    ruleset = load([SourceText("fuzz.yml", data.decode(errors="replace"))])
    assert all(str(fault).startswith("fuzz.yml") for fault in ruleset.refused)
    Engine(ruleset).match(event(FIELDS))
    try:
        kept = encode(ruleset)
    except NotKeepable:
        return
    assert decode(kept) == ruleset


def seeds():
    """The shipped rules, and each corner of the corpus as a file of its own."""
    rules = sorted((ROOT / "rules").rglob("*.yml"))
    corpus = sorted((ROOT / "tests" / "corpus" / "detect").glob("*.yml"))
    for path in rules:
        if not path.name.endswith(".examples.yml"):
            yield path.read_bytes()
    for path in corpus:
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            for document in _documents(case):
                yield yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()


def _documents(case):
    """The rule of a case, and its correlation with the rule that it is over."""
    detection = case.get("detection")
    if "selection" in case:
        detection = {"selection": case["selection"], "condition": "selection"}
    rule = {"title": "x", "name": "base", "logsource": {"category": "test"}}
    if detection is not None:
        yield rule | {"detection": detection}
    if "correlation" in case:
        yield {"title": "y", "correlation": case["correlation"]}
