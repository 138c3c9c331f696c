"""The corpus: what each real or hostile line must say, and must not."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from sentinel.model.ids import EventId, Offset
from sentinel.normalise.read import read
from tests.samples import NOON, a_record

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "normalise"
KEYS = {
    *("name", "intent", "line", "hex", "program", "message", "hint", "zone"),
    *("arrival", "peer", "origin", "expected", "forbidden"),
}


def _cases():
    for path in sorted(CORPUS.glob("*.yml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            yield pytest.param(case, id=f"{path.stem}-{case['name']}")


CASES = list(_cases())


def _bytes(case):
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "program" in case:
        line = f"<38>Nov 22 12:00:00 web01 {case['program']}[4711]: {case['message']}"
        return line.encode()
    return case["line"].encode()


def _as_written(value):
    """YAML is read as plain text, so that "0" and 0 need no quotes; values are compared so."""
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", CASES)
def test_a_line_says_what_the_corpus_says(case):
    """Every expected field is there with its value, and none that is forbidden."""
    record = a_record(
        _bytes(case),
        format=case.get("hint", "auto"),
        time_zone=case.get("zone", "Asia/Ho_Chi_Minh"),
        at=datetime.fromisoformat(case["arrival"]) if "arrival" in case else NOON,
        peer=case.get("peer", ""),
        origin=case.get("origin", ""),
    )

    fields = read(record, EventId("0a1b2c3d-000000000001"), Offset(1)).fields

    said = {name: _as_written(fields[name]) for name in case["expected"] if name in fields}
    assert case["expected"] == said
    assert [] == [name for name in case.get("forbidden", []) if name in fields]


def test_each_case_is_named_once_and_says_its_intent():
    """A case that is copied and forgotten, or says nothing, shows here."""
    names = [case.id for case in CASES]

    assert sorted(set(names)) == sorted(names)
    assert all(case.values[0]["intent"].endswith(".") for case in CASES)
    assert all(set(case.values[0]) <= KEYS for case in CASES)
