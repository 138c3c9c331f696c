"""The corpus: what each real or hostile line must say, and must not."""

from datetime import datetime

import pytest

from sentinel.model.ids import EventId, Offset
from sentinel.normalise.read import read
from tests.samples import NOON, a_record
from tests.unit.normalise.lines import corpus_cases, line_of

KEYS = {
    *("name", "intent", "line", "hex", "program", "message", "hint", "zone"),
    *("arrival", "peer", "origin", "expected", "forbidden"),
}
CASES = [pytest.param(case, id=f"{stem}-{case['name']}") for stem, case in corpus_cases()]


def _as_written(value):
    """YAML is read as plain text, so that "0" and 0 need no quotes; values are compared so."""
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", CASES)
def test_a_line_says_what_the_corpus_says(case):
    """Every expected field is there with its value, and none that is forbidden."""
    record = a_record(
        line_of(case),
        format=case.get("hint", "auto"),
        time_zone=case.get("zone", "Asia/Ho_Chi_Minh"),
        at=datetime.fromisoformat(case["arrival"]) if "arrival" in case else NOON,
        peer=case.get("peer", ""),
        origin=case.get("origin", ""),
    )

    fields = read(record, EventId("0a1b2c3d-000000000001"), Offset(1)).fields

    said = {name: _as_written(fields[name]) for name in case["expected"] if name in fields}
    assert case["expected"] == said
    assert set() == set(case.get("forbidden", [])) & set(fields)


def test_each_case_is_named_once_and_says_its_intent():
    """A case that is copied and forgotten, or says nothing, shows here."""
    names = [case.id for case in CASES]

    assert sorted(set(names)) == sorted(names)
    assert all(case.values[0]["intent"].endswith(".") for case in CASES)
    assert all(set(case.values[0]) <= KEYS for case in CASES)
