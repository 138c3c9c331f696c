"""What is said of a block, and what is decided where all blocks come together."""

import pickle
from datetime import UTC, datetime, timedelta

from sentinel.batch.blocks import Hand, Open, Settling, Times
from sentinel.batch.reading import Block, Shape
from sentinel.batch.request import DetectRequest
from sentinel.detect import patience
from sentinel.detect.match.ready import Ready
from sentinel.detect.rests import REST, Rests
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.formats.jsontext import Broken
from tests.samples import an_event

RULES = """title: one
logsource: {category: test}
detection: {selection: {a: 1}, condition: selection}
---
title: two
logsource: {category: test}
detection: {selection: {b|re: '(.*a){20}b(\\1)?'}, condition: selection}
"""
QUICK = "a" * 20 + "b"
SLOW = "a" * 200  # there is no end to looking for the expression in it
WRITTEN = datetime(2026, 11, 21, tzinfo=UTC)
AT = datetime(2026, 11, 22, 5, tzinfo=UTC)


def _ruleset():
    return load([SourceText("rules.yml", RULES)])


def _answer(folder, lines, shape=Shape.JSON, times=Times.OF_ALL, hand=None):
    request = DetectRequest(rules=(), files=(folder / "a", folder / "b"))
    hand = hand or Hand(request, _ruleset(), Ready(), times)
    text = "".join(f"{line}\n" for line in lines)
    return pickle.loads(pickle.dumps(hand.answer(Block(1, shape, text.encode(), WRITTEN))))


def test_an_answer_speaks_of_its_block_alone(tmp_path):
    """Records and lines from its beginning; nothing of when it happened before it says so."""
    stamp = '{"a": 1, "@timestamp": "2026-11-22T05:00:00Z"}'
    answer = _answer(
        tmp_path, ['{"a": 1}', "[5]", '{"a": 2}', stamp, f'{{"b": "{QUICK}"}}', '{"a":']
    )

    assert [(hit.record, hit.verdicts, hit.at, hit.newest) for hit in answer.hits] == [
        (1, [(0, {"a": 1})], None, None),
        (4, [(0, {"a": 1})], AT, AT),
        (5, [(1, {"b": QUICK})], AT, AT),
    ]
    assert (answer.events, answer.records, answer.lines, answer.left) == (4, 5, 6, 6)
    assert (answer.broken, answer.broken_all) == ([(2, Broken(2, "this is no object: '5'"))], 1)
    assert (answer.last, answer.newest) == (AT, AT)


def test_text_without_a_time_leaves_it_open(tmp_path):
    """Until a line of the block says when."""
    line = "<38>Nov 20 12:00:00 web01 sshd[4711]: xy"
    rules = load([SourceText("rules.yml", RULES.replace("a: 1", "message|contains: xy"))])
    hand = Hand(DetectRequest(rules=(), files=("a", "b")), rules, Ready(), Times.OF_HITS)
    answer = _answer(tmp_path, ["xy", line, "xy"], Shape.TEXT, hand=hand)

    assert [hit.at for hit in answer.hits] == [None, answer.last, answer.last]
    assert answer.last == datetime(2026, 11, 20, 5, tzinfo=UTC)  # noon in Hanoi


def test_what_takes_too_long_is_left_open(tmp_path, monkeypatch):
    """And so is, for a while, what the rule might have met: who knows of all blocks decides."""
    monkeypatch.setattr(patience, "LOOK", 0.05)
    later = (AT + REST).isoformat()
    lines = (SLOW, AT.isoformat()), (QUICK, AT.isoformat()), (QUICK, later)
    answer = _answer(tmp_path, [f'{{"a": 1, "b": "{b}", "@timestamp": "{at}"}}' for b, at in lines])

    assert [hit.verdicts for hit in answer.hits] == [
        [(0, {"a": 1}), (1, Open.LATE)],
        [(0, {"a": 1}), (1, Open.LEFT)],
        [(0, {"a": 1}), (1, {"b": QUICK})],
    ]


def _settled(rests, verdict, seconds, text=QUICK):
    at = AT + timedelta(seconds=seconds)
    event = an_event(fields={"b": text}, at=at, received=at)
    met = Settling(_ruleset().rules, rests).met(event, None, [(0, {}), (1, verdict)])
    return [rule.card.title for rule, _ in met]


def test_rules_rest_as_if_one_process_had_done_it_all(monkeypatch):
    """What was met while a rule rests does not count, and what was left out is looked at."""
    monkeypatch.setattr(patience, "LOOK", 0.05)
    rests = Rests()
    both, one = ["one", "two"], ["one"]

    assert _settled(rests, {"b": QUICK}, 0) == both
    assert _settled(rests, Open.LATE, 1) == one
    assert _settled(rests, {"b": QUICK}, 60) == one
    assert _settled(rests, Open.LATE, 60) == one  # it rests: nobody would have looked
    assert _settled(rests, Open.LEFT, 61) == both
    assert _settled(rests, Open.LEFT, 62, text="no") == one
    assert _settled(rests, {"b": QUICK}, 63) == both
    assert _settled(rests, Open.LEFT, 64, text=SLOW) == one
    assert [rest.times for rest in rests.all] == [2]
    assert _settled(rests, {"b": QUICK}, 65) == one
