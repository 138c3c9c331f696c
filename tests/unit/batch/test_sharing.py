"""However many processes share the files, what comes out is what one process says."""

import gzip
import hashlib
import json
import multiprocessing
import os
import signal
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentinel.batch import DetectRequest, Summary, detect, sharing
from sentinel.batch.reading import FAULTS_TOLD
from sentinel.errors import WorkerLost
from tests.evtxfile import chunk, evtx

RULES = """title: Shell
name: shell
level: high
logsource: {category: test}
detection: {selection: {Image|endswith: cmd.exe}, condition: selection}
---
title: refused
logsource: {product: linux, service: sshd}
detection: {selection: {event.outcome: failure}, condition: selection}
---
title: probe
logsource: {category: webserver}
detection: {selection: {sc-status: 404}, condition: selection}
---
title: words
logsource: {category: test}
detection: {selection: [bad password], condition: selection}
"""
COUNT = """---
title: many
correlation: {type: event_count, rules: shell, group-by: User, timespan: 10s, condition: {gte: 2}}
"""
AUTH = (
    "<86>Nov 20 07:41:{:02} web01 sshd[4711]: Failed password for root from 203.0.113.45"
    " port 51000 ssh2\n"
)
ACCESS = '203.0.113.{} - - [20/Nov/2026:07:41:{:02} +0700] "GET /a HTTP/1.1" 404 12 "-" "curl/8"\n'
WRITTEN = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
AMOUNTS = (2, 3, 5)


@pytest.fixture
def small_blocks(monkeypatch):
    """A few lines each: whatever can happen between two blocks does."""
    monkeypatch.setattr(sharing, "BLOCK", 150)


def _events(amount, step=1, start=0):
    for number in range(amount):
        second = start + number * step
        yield {
            "Image": f"C:\\{('cmd', 'calc')[number % 3 % 2]}.exe",
            "User": f"u{number % 2}",
            **(
                {"UtcTime": f"2026-11-22 05:{second // 60:02}:{second % 60:02}"}
                if number % 4
                else {}
            ),
        }


def _lines(*args, **kwargs):
    return "".join(json.dumps(each) + "\n" for each in _events(*args, **kwargs))


def _event_file():
    system = {
        "Provider": {"Name": "Microsoft-Windows-Sysmon"},
        "EventID": "1",
        "TimeCreated": {"SystemTime": "2026-11-22T05:00:07Z"},
        "Channel": "Microsoft-Windows-Sysmon/Operational",
    }
    return evtx(chunk(*((system, {"Image": f"C:\\{name}.exe"}) for name in ("cmd", "calc"))))


ARRAY = json.dumps(list(_events(20, start=3)))
MANY_LINES = "\n".join(json.dumps(each, indent=1) for each in _events(20, start=9))
HARD_TO_PACK = "".join(f"{hashlib.sha512(bytes([n])).hexdigest()}\n" for n in range(99))
FILES = {
    "lines": _lines(40),
    "blanks": "\n \n" * 90 + _lines(9).replace("\n", "\n\n \r\n") + "\n" * 300 + _lines(9),
    "broken in the middle": _lines(20) + '{"a": \n' + _lines(20, start=20) + '{"b":' + _lines(3),
    "broken at the end": _lines(20) + '{"Image":',
    "no objects": _lines(4) + "[5]\n" * (FAULTS_TOLD + 7) + '["a", 3]\n' + _lines(4),
    "arrays among lines": _lines(9) + ARRAY + "\n" + _lines(9),
    "lines, then many lines": _lines(20) + MANY_LINES + "\n" + _lines(9),
    "array": ARRAY,
    "many lines": MANY_LINES,
    "nested too deep": _lines(9) + '{"a":' * 80 + "1" + "}" * 80 + "\n" + _lines(9),
    "one long line": _lines(3) + json.dumps({"Image": "cmd.exe", "User": "x" * 900}) + _lines(3),
    "stamps that say nothing": "".join(
        json.dumps({"@timestamp": stamp, "Image": image, "User": "u"}) + "\n"
        for stamp in ("2026-11-22T05:00:00Z", "20 soon Z", "later", "1970-01-01T00:00:00Z")
        for image in ("calc", "calc", "cmd.exe", "calc", "cmd.exe")
    ),
    "no times": "".join('{"Image": "cmd.exe", "User": "u"}\n' for _ in range(20)),
    "event file": _event_file(),
    "syslog": "".join(AUTH.format(second) for second in range(30)),
    "syslog without times": "bad password\n" * 9 + AUTH.format(7) + "\nbad password\n" * 30,
    "access": "".join(ACCESS.format(second, second) for second in range(30)),
    "text in brackets": "[Sun Nov 22] bad password\n" * 20,
    "gzip": gzip.compress(_lines(30).encode()),
    "gzip, damaged": gzip.compress(HARD_TO_PACK.encode())[:-999],
    "UTF-16": _lines(20).encode("utf-16"),
    "marked": b"\xef\xbb\xbf" + _lines(20).encode(),
    "empty": "",
    "blank": "\n \n" * 99,
    "one record": '{"Image": "cmd.exe"}',
}


def _file(folder, name):
    text = FILES[name]
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (WRITTEN, WRITTEN))
    return path


def _said(rules, files, workers, **options):
    summary = Summary()
    request = DetectRequest(rules=(rules,), files=tuple(files), workers=workers, **options)
    found = b"\n".join(orjson.dumps(each) for each in detect(request, summary))
    refused = [str(fault) for fault in summary.refused]
    return found, summary.events, summary.detections, refused


def _rules(folder, text):
    path = folder / "rules.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("rules", [RULES, RULES + COUNT], ids=["rules", "correlations"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_says_the_same_to_several(tmp_path, name, rules):
    """Detections to the byte and in order, counts, and what was refused with its lines."""
    file, rules = _file(tmp_path, name), _rules(tmp_path, rules)
    alone = _said(rules, [file], 1)

    assert [_said(rules, [file], amount) for amount in AMOUNTS] == [alone] * len(AMOUNTS)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("rules", [RULES, RULES + COUNT], ids=["rules", "correlations"])
def test_many_files_say_the_same_to_several(tmp_path, rules):
    """One after the other, and merged by time."""
    rules = _rules(tmp_path, rules)
    files = [*(_file(tmp_path, name) for name in FILES), tmp_path / "missing"]
    alone = _said(rules, files, 1)
    shared = [_said(rules, files, amount) for amount in AMOUNTS]

    assert alone[2] > 100
    assert [each[1:] for each in shared] == [alone[1:]] * len(AMOUNTS)
    assert [each[0] for each in shared] == [alone[0]] * len(AMOUNTS)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("format_", ["json", "syslog", "access"])
@pytest.mark.parametrize("pipeline", ["native", "ecs", "ecs_windows"])
def test_formats_and_pipelines_say_the_same_to_several(tmp_path, format_, pipeline):
    """Whatever the files are."""
    rules = _rules(tmp_path, RULES + COUNT)
    files = [_file(tmp_path, name) for name in ("lines", "syslog", "text in brackets", "access")]
    options = {"format": format_, "pipeline": pipeline}

    assert _said(rules, files, 3, **options) == _said(rules, files, 1, **options)


LINE = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "Image": st.sampled_from(["cmd.exe", "calc.exe"]),
            "User": st.sampled_from(["a", "b"]),
            "@timestamp": st.sampled_from(
                [*(f"2026-11-22T05:00:{second:02}Z" for second in range(0, 60, 7)), "20Z", "x"]
            ),
            "UtcTime": st.sampled_from(["2026-11-22 05:00:20", "1960-01-01 00:00:00", "", "y"]),
        },
    ).map(json.dumps),
    st.sampled_from(["", "  ", "[]", "[1]", '{"a":', "}", '{"Image": "cmd.exe"', "text", "{}{}"]),
)
CONTENT = st.lists(LINE, max_size=25).map("\n".join)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(contents=st.lists(CONTENT, min_size=1, max_size=3), size=st.integers(1, 200))
def test_any_files_say_the_same_to_several(tmp_path, monkeypatch, contents, size):
    """Wherever blocks end, whatever stands in the lines, whenever they say they happened."""
    rules = _rules(tmp_path, RULES + COUNT)
    files = []
    for number, content in enumerate(contents):
        file = tmp_path / str(number)
        file.write_text(content, encoding="utf-8")
        os.utime(file, (WRITTEN, WRITTEN))
        files.append(file)
    monkeypatch.setattr(sharing, "BLOCK", size)

    assert _said(rules, files, 2) == _said(rules, files, 1)


@pytest.mark.usefixtures("small_blocks")
def test_a_process_that_is_killed_ends_the_work(tmp_path):
    """With an error; nothing waits for ever, and nobody is left."""
    rules = _rules(tmp_path, RULES)
    request = DetectRequest(rules=(rules,), files=(_file(tmp_path, "lines"),) * 99, workers=2)
    found = detect(request, Summary())
    next(found)
    first, *_ = multiprocessing.active_children()
    os.kill(first.pid, signal.SIGKILL)

    with pytest.raises(WorkerLost, match="signal 9"):
        list(found)
    assert multiprocessing.active_children() == []


def test_a_work_that_is_broken_off_leaves_nobody(tmp_path):
    """As by Ctrl-C, or where nobody reads on; also one that was never begun."""
    rules = _rules(tmp_path, RULES)
    request = DetectRequest(rules=(rules,), files=(_file(tmp_path, "lines"),), workers=2)
    found = detect(request, Summary())
    next(found)
    found.close()
    assert multiprocessing.active_children() == []

    begun = detect(request, Summary())
    assert len(multiprocessing.active_children()) == 2
    del begun
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("small_blocks")
def test_what_several_cost_is_told_together(tmp_path):
    """Each event and each look once, whoever did it."""
    rules = _rules(tmp_path, RULES + COUNT)
    files = (_file(tmp_path, "lines"), _file(tmp_path, "array"))
    profiles = []
    for amount in (1, 3):
        summary = Summary()
        list(detect(DetectRequest(rules=(rules,), files=files, workers=amount), summary))
        profiles.append(summary.profile)
    alone, shared = profiles

    assert (shared.events, alone.events) == (60, 60)
    assert {(rule.rule, rule.looked_at, rule.met) for rule in shared.rules} == {
        (rule.rule, rule.looked_at, rule.met) for rule in alone.rules
    }
    assert {step.name for step in shared.steps} == {step.name for step in alone.steps}
    assert {rate.name for rate in shared.memories} == {rate.name for rate in alone.memories}


class Shelf:
    """Keeps sections in memory."""

    def __init__(self):
        self.kept = {}
        self.puts = 0

    def get(self, key):
        return self.kept.get(key)

    def put(self, key, sections):
        self.puts += 1
        self.kept[key] = sections

    def tell(self, sentence):
        raise AssertionError(sentence)


@pytest.mark.usefixtures("small_blocks")
def test_what_the_others_worked_out_is_kept(tmp_path):
    """For both kinds of names; the next start, by however many, has nothing to add."""
    rules = _rules(tmp_path, RULES + COUNT)
    files = (_file(tmp_path, "lines"), _file(tmp_path, "syslog"))
    shared, alone = Shelf(), Shelf()
    for shelf, amounts in ((shared, (2, 3, 1)), (alone, (1,))):
        for amount in amounts:
            request = DetectRequest(rules=(rules,), files=files, workers=amount)
            list(detect(request, Summary(), keep=shelf))

    assert (shared.puts, alone.puts) == (2, 2)
    assert shared.kept == alone.kept
