"""`sentinel detect`: files in, one object a detection out, and an honest summary."""

import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from sentinel.batch import (
    LATER_FORMATS,
    DetectRequest,
    Summary,
    detect,
    events_of,
    pipeline_of,
    read_line,
)
from sentinel.batch.reading import FAULTS_TOLD
from sentinel.errors import InputError
from tests.evtxfile import chunk, evtx

RULE = """title: Shell
id: 4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10
author: Sentinel
tags: [attack.t1059]
level: high
logsource: {category: process_creation, product: windows}
detection: {selection: {Image|endswith: cmd.exe}, condition: selection}
"""
COUNT = """title: hit
name: hit
logsource: {category: test}
detection: {selection: {Image|endswith: cmd.exe}, condition: selection}
---
title: many
correlation: {type: event_count, rules: hit, group-by: User, timespan: 10s, condition: {gte: 2}}
"""
SSHD = """title: refused
logsource: {product: linux, service: sshd}
detection: {selection: {event.outcome: failure}, condition: selection}
"""
WORDS = """title: words
logsource: {product: linux}
detection: {selection: [bad password], condition: selection}
"""
LINE = (
    "<86>Nov 20 07:41:00 web01 sshd[4711]: Failed password for root from 203.0.113.45"
    " port 51000 ssh2"
)
ACCESS = '203.0.113.45 - - [20/Nov/2026:07:41:00 +0700] "GET /a?q=1 HTTP/1.1" 404 12 "-" "curl/8"\n'


@pytest.fixture
def folder(tmp_path):
    os.utime(tmp_path)
    return tmp_path


def _rule(folder, text=RULE, name="rule.yml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _file(folder, text, name="events.json"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    at = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))
    return path


def _run(rules, *files, **options):
    summary = Summary()
    request = DetectRequest(rules=(rules,), files=files, **options)
    return list(detect(request, summary)), summary


def _event(**fields):
    return {"EventID": 1, "Image": "C:\\cmd.exe"} | fields


def test_a_detection_is_told_as_the_contract_says(folder):
    """Rule, time, file as given, record, event and what matched."""
    fields = _event(UtcTime="2026-11-22 05:00:00.000")
    file = _file(folder, json.dumps({"EventID": 1}) + "\n" + json.dumps(fields) + "\n")
    found, summary = _run(_rule(folder), file)

    assert found == [
        {
            "rule": {
                "id": "4a1c0f2e-7d1b-4c55-9a6e-3f0d4b7f1a10",
                "title": "Shell",
                "level": "high",
                "tags": ["attack.t1059"],
                "author": "Sentinel",
            },
            "@timestamp": "2026-11-22T05:00:00Z",
            "source": str(file),
            "record": 2,
            "event": fields,
            "matched": {"Image": "C:\\cmd.exe"},
        }
    ]
    assert (summary.events, summary.detections, summary.rules_loaded) == (2, 1, 1)
    assert summary.refused == []


def test_a_correlation_names_its_records_and_its_group(folder):
    """In place of record, event and matched; across files."""
    one = _file(folder, json.dumps(_event(User="a", UtcTime="2026-11-22 05:00:00")), "1.json")
    two = _file(folder, json.dumps(_event(User="A", UtcTime="2026-11-22 05:00:09")), "2.json")
    (found,), _ = _run(_rule(folder, COUNT), one, two)

    assert found["rule"]["title"] == "many"
    assert found["records"] == [
        {"source": str(one), "record": 1},
        {"source": str(two), "record": 1},
    ]
    assert (found["group"], found["source"]) == ({"User": "A"}, str(two))
    assert found.keys() == {"rule", "@timestamp", "source", "records", "group"}


def test_every_way_of_writing_json_is_read(folder):
    """Lines, an array, pretty-printed, one after the other, compressed, with a mark at the top."""
    events = [_event(n=1), _event(n=2)]
    lines = "".join(json.dumps(each) + "\n" for each in events)
    ways = {
        "lines": lines.encode(),
        "array": json.dumps(events).encode(),
        "pretty": json.dumps(events, indent=2).encode(),
        "apart": "\n".join(json.dumps(each, indent=2) for each in events).encode(),
        "gzip": gzip.compress(lines.encode()),
        "bom": b"\xef\xbb\xbf" + lines.encode(),
        "crlf": lines.replace("\n", "\r\n").encode(),
    }
    rule = _rule(folder)
    found = {
        name: [each["record"] for each in _run(rule, _file(folder, text, name))[0]]
        for name, text in ways.items()
    }

    assert found == {name: [1, 2] for name in ways}


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_pipe_is_read_from_its_first_byte(folder, packed):
    """As in `sentinel detect ... <(zcat old.gz)`: looking what it is must not use it up."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    text = packed(f"{json.dumps(_event())}\n".encode() * 3)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(pipe.write_bytes, text)
        found, summary = _run(_rule(folder), pipe)

    assert [each["record"] for each in found] == [1, 2, 3]
    assert (summary.events, summary.refused) == (3, [])


def test_syslog_lines_are_normalised_and_routed(folder):
    """The fields of the running service; a stamp without year is of the file's time."""
    file = _file(folder, f"{LINE}\n\n{LINE}\n", "auth.log")
    found, summary = _run(_rule(folder, SSHD), file)

    assert [each["record"] for each in found] == [1, 2]
    assert found[0]["@timestamp"] == "2026-11-20T00:41:00Z"
    assert found[0]["matched"] == {"event.outcome": "failure"}
    assert found[0]["event"]["source.ip"] == "203.0.113.45"
    assert (summary.events, summary.refused) == (2, [])


def test_access_lines_are_normalised_and_bound(folder):
    """Sigma's names for web logs find the ECS ones."""
    rule = SSHD.replace("product: linux, service: sshd", "category: webserver").replace(
        "event.outcome: failure", "cs-uri-query|contains: q=1, sc-status: 404"
    )
    (found,), _ = _run(_rule(folder, rule), _file(folder, ACCESS, "access.log"))

    assert found["matched"] == {"url.query": "q=1", "http.response.status_code": 404}


def test_native_takes_lines_as_they_are(folder):
    """A line of text names no fields: there are only words."""
    file = _file(folder, "a bad password\n" + LINE + "\n", "x.log")
    found, _ = _run(_rule(folder, WORDS), file, pipeline="native")

    assert [(each["record"], each["matched"], each["@timestamp"]) for each in found] == [
        (1, {"": "a bad password"}, None)
    ]


def test_lines_that_only_look_like_json_are_lines(folder):
    """An error log may begin with a bracket."""
    file = _file(folder, "[Sun Nov 22] bad password\n[Sun Nov 22] other\n", "error.log")
    found, summary = _run(_rule(folder, WORDS), file)

    assert [each["record"] for each in found] == [1]
    assert (summary.events, summary.refused) == (2, [])


SYSMON = {
    "EventID": 1,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Provider_Name": "Microsoft-Windows-Sysmon",
    "Image": "C:\\cmd.exe",
    "ProcessId": "7",
}


@pytest.mark.parametrize(
    ("pipeline", "matched"),
    [
        ("auto", {"Image": "C:\\cmd.exe"}),
        ("native", {"Image": "C:\\cmd.exe"}),
        ("ecs", {"winlog.event_data.Image": "C:\\cmd.exe"}),
        ("ecs_windows", {"process.executable": "C:\\cmd.exe"}),
    ],
)
def test_the_pipeline_chooses_the_names(folder, pipeline, matched):
    """The same event, the same rule, one detection; in the names that were asked for."""
    nested = {
        "winlog": {
            "event_id": 1,
            "channel": SYSMON["Channel"],
            "event_data": {"Image": "C:\\cmd.exe"},
        }
    }
    file = _file(folder, json.dumps([SYSMON, nested]))
    found, summary = _run(_rule(folder), file, pipeline=pipeline)

    assert [each["matched"] for each in found] == [matched, matched]
    assert summary.refused == []


def test_events_with_a_logsource_are_tried_with_its_rules_only(folder):
    """A rule for process_creation meets no file event, and no event of Linux."""
    others = [
        SYSMON | {"EventID": 11},
        SYSMON | {"Channel": "Linux-Sysmon/Operational", "Provider_Name": "Linux-Sysmon"},
        SYSMON | {"Channel": "Vendor/Operational", "Provider_Name": "Vendor"},
        SYSMON,
    ]
    found, _ = _run(_rule(folder), _file(folder, json.dumps(others)))

    assert [each["record"] for each in found] == [3, 4]


def _event_file(*images):
    system = {
        "Provider": {"Name": SYSMON["Provider_Name"]},
        "EventID": "1",
        "TimeCreated": {"SystemTime": "2026-11-22T05:00:00Z"},
        "Channel": SYSMON["Channel"],
        "Computer": "ws01",
    }
    return evtx(chunk(*((system, {"Image": image}) for image in images)))


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize("format_", ["auto", "evtx"])
def test_event_files_of_windows_are_read(folder, packed, format_):
    """Known by their first bytes, packed or not, with the number of each record."""
    file = _file(folder, packed(_event_file("C:\\a.exe", "C:\\cmd.exe")), "a.evtx")
    (found,), summary = _run(_rule(folder), file, format=format_)

    assert (found["record"], found["@timestamp"]) == (2, "2026-11-22T05:00:00Z")
    assert found["event"]["Computer"] == "ws01"
    assert (summary.events, summary.refused) == (2, [])


def test_a_broken_record_of_an_event_file_is_told_by_its_number(folder):
    """And the others are read."""
    data = bytearray(_event_file("C:\\cmd.exe", "C:\\cmd.exe", "C:\\cmd.exe"))
    second = data.index(b"**\0\0", 4096 + 512 + 4)
    data[second + 24 : second + 40] = b"\xee" * 16
    file = _file(folder, bytes(data), "a.evtx")
    found, summary = _run(_rule(folder), file)

    assert [each["record"] for each in found] == [1, 3]
    assert [str(fault).startswith(f"{file}: record 2: ") for fault in summary.refused] == [True]


def test_json_of_powershell_is_read(folder):
    """Its `>` writes UTF-16."""
    text = json.dumps(_event()).encode("utf-16")
    found, summary = _run(_rule(folder), _file(folder, text))

    assert (len(found), summary.refused) == (1, [])


def test_a_public_pipeline_renames_the_rules_fields(folder):
    """ecs_windows: Image is process.executable."""
    event = {"process": {"executable": "C:\\cmd.exe"}, "event.code": 1}
    found, summary = _run(_rule(folder), _file(folder, json.dumps(event)), pipeline="ecs_windows")

    assert [each["matched"] for each in found] == [{"process.executable": "C:\\cmd.exe"}]
    assert summary.refused == []


def test_events_without_a_time_count_in_the_order_of_the_file(folder):
    """Nothing says when: they count as one moment, and no time is told."""
    file = _file(folder, json.dumps([_event(User="a"), _event(User="a")]))
    (found,), _ = _run(_rule(folder, COUNT), file)

    assert (found["@timestamp"], len(found["records"])) == (None, 2)


def test_broken_records_are_told_and_the_others_are_read(folder):
    """A bounded number of them one by one, then how many more."""
    lines = json.dumps(_event()) + "\n" + "[5]\n" * (FAULTS_TOLD + 7) + json.dumps(_event()) + "\n"
    found, summary = _run(_rule(folder), _file(folder, lines))

    assert [each["record"] for each in found] == [1, FAULTS_TOLD + 9]
    assert len(summary.refused) == FAULTS_TOLD + 1
    assert "events.json:2" in summary.refused[0].place
    assert "7 more" in str(summary.refused[-1])


def test_what_cannot_be_read_is_told_and_the_rest_is_done(folder):
    """A missing file, an event file of Windows, a damaged archive, a file that is no JSON."""
    good = _file(folder, json.dumps(_event()), "good.json")
    bad = [
        folder / "missing.json",
        _file(folder, b"ElfFile\x00rest", "a.evtx"),
        _file(folder, gzip.compress(b"x" * 1000)[:15], "cut.gz"),
        folder,
    ]
    found, summary = _run(_rule(folder), *bad, good)
    no_json, refused = _run(_rule(folder), _file(folder, "text\n", "x"), format="json")

    assert len(found) == 1
    assert [fault.place for fault in summary.refused] == [str(path) for path in bad]
    assert str(summary.refused[0]).endswith("the file cannot be read: No such file or directory")
    assert "EVTX" in str(summary.refused[1])
    assert (no_json, len(refused.refused)) == ([], 1)


def test_refused_rules_are_told_and_the_others_run(folder):
    """In files and folders, missing ones too."""
    rules = folder / "rules"
    rules.mkdir()
    _rule(rules)
    _rule(rules, "title: broken\n", "broken.yml")
    file = _file(folder, json.dumps(_event()))
    found, summary = _run(rules, file)
    nothing, missing = _run(folder / "none.yml", file)

    assert (len(found), summary.rules_loaded) == (1, 1)
    assert all("broken.yml" in fault.place for fault in summary.refused)
    assert summary.refused != []
    assert (nothing, missing.rules_loaded, len(missing.refused)) == ([], 0, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"pipeline": "no_such"}, "ecs_windows"),
        ({"format": "xml"}, "no such format"),
        ({"workers": 0}, "one at least"),
        *(({"format": name}, f"{name} is not supported yet") for name in LATER_FORMATS),
    ],
)
def test_wrong_use_is_refused_before_anything_is_read(folder, options, said):
    """With what would be right."""
    with pytest.raises(InputError, match=said):
        detect(DetectRequest(rules=(folder,), files=(), **options), Summary())


def test_the_summary_says_how_long_it_took(folder):
    """By the clock it is given."""
    summary = Summary()
    request = DetectRequest(rules=(_rule(folder),), files=(_file(folder, json.dumps(_event())),))
    list(detect(request, summary, seconds=lambda: 2.0 * summary.detections))

    assert summary.seconds == 2


def test_placeholders_have_the_values_of_a_file_or_the_shipped_ones(folder):
    """What the file does not name is refused, and the way out names the file."""
    rule = _rule(folder, RULE.replace("Image|endswith: cmd.exe", "User|expand: '%Administrators%'"))
    own = folder / "own.txt"
    own.write_text("Administrators: root\n", encoding="utf-8")
    other = folder / "other.txt"
    other.write_text("Others: root\n", encoding="utf-8")
    file = _file(folder, json.dumps(_event(User="root")) + json.dumps(_event(User="adm_bob")))

    shipped, told = _run(rule, file)
    chosen, _ = _run(rule, file, placeholders=own)
    _, refused = _run(rule, file, placeholders=other)

    assert told.refused == []
    assert [found["record"] for found in shipped] == [2]
    assert [found["record"] for found in chosen] == [1]
    assert f"`Administrators:` in {other}" in str(refused.refused[0])
    with pytest.raises(InputError, match="cannot be read"):
        _run(rule, file, placeholders=folder / "none.txt")


def test_lines_of_examples_become_events():
    """Syslog and access lines through the normaliser, JSON with its own names."""
    line, access = read_line(LINE, "syslog"), read_line(ACCESS.strip(), "access")
    event = read_line('{"EventID": 1, "UtcTime": "2026-11-22 05:00:00"}', "json")

    assert line.fields["source.ip"] == "203.0.113.45"
    assert line.at.year == 2026
    assert access.fields["http.response.status_code"] == 404
    assert (event.fields["EventID"], event.at) == (1, datetime(2026, 11, 22, 5, tzinfo=UTC))
    with pytest.raises(InputError, match="no JSON object"):
        read_line("[1]", "json")


def test_the_summary_knows_where_the_time_went(folder):
    """One of sixteen events is timed, the first included: reading, and what the rules cost."""
    file = folder / "a.json"
    file.write_text('{"Image": "C:\\\\cmd.exe"}\n' * 20, encoding="utf-8")
    summary = Summary()

    list(detect(DetectRequest(rules=(_rule(folder),), files=(file,)), summary))

    assert summary.profile.events == 20
    assert {step.name: step.events for step in summary.profile.steps if step.name == "read"} == {
        "read": 2
    }
    assert len(summary.profile.steps) > 1


def test_the_events_of_one_file_are_those_that_detect_reads(folder):
    """With a fault for each record that cannot be read."""
    file = folder / "some.json"
    file.write_text('{"a": 1}\n{"a": \n{"a": 2}\n', encoding="utf-8")
    summary = Summary()

    found = list(events_of(file, DetectRequest(rules=(), files=(file,)), summary))

    assert [event.fields["a"] for event in found] == [1, 2]
    assert len(summary.refused) == 1


def test_a_pipeline_by_its_name():
    """Three names change no rule; one that nobody installed is refused."""
    assert [pipeline_of(name) for name in ("auto", "native", "ecs")] == [None, None, None]
    with pytest.raises(InputError, match="no such pipeline is installed"):
        pipeline_of("nonsense")


def test_files_are_correlated_in_the_order_of_time(folder):
    """A correlation finds what happened together in two files, whichever is named first."""
    rules = folder / "count.yml"
    rules.write_text(COUNT, encoding="utf-8")
    stamp = '{{"@timestamp": "2026-11-02T08:{:02}:00Z", "Image": "cmd.exe", "User": "{}"}}\n'
    early, late = folder / "early.json", folder / "late.json"
    early.write_text(stamp.format(0, "x") + stamp.format(59, "y"), encoding="utf-8")
    late.write_text(stamp.format(0, "x"), encoding="utf-8")

    for files in ((early, late), (late, early)):
        found = list(detect(DetectRequest(rules=(rules,), files=files), Summary()))
        assert [each["group"] for each in found if "group" in each] == [{"User": "x"}]
