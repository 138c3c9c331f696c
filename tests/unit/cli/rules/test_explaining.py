"""`sentinel rules explain`: the rule and the event are found, and the answer is a sentence."""

import json

import pytest

from sentinel import assembly
from sentinel.cli.rules import explaining
from sentinel.errors import NotFound
from tests.samples import an_event

RULE = """title: Download in a shell
id: 11111111-1111-4111-8111-111111111111
name: download
logsource: {product: linux}
detection:
  selection:
    CommandLine|contains:
      - curl
      - wget
  filter:
    User: root
  condition: selection and not filter
level: high
"""


@pytest.fixture
def rules(desk, tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "download.yml").write_text(RULE, encoding="utf-8")
    return folder


@pytest.fixture
def event(tmp_path):
    def write(*records):
        path = tmp_path / "event.json"
        path.write_text("\n".join(json.dumps(each) for each in records), encoding="utf-8")
        return path

    return write


def test_a_match_says_why(run, rules, event):
    """Each part with what came of it, and the line it stands in."""
    done = run("rules", "explain", "download", event({"CommandLine": "wget x"}), "--rules", rules)

    lines = [line.strip() for line in done.out.splitlines()]
    assert done.code == 0
    assert lines[0] == "Download in a shell (11111111-1111-4111-8111-111111111111)"
    assert "✗  CommandLine contains 'curl'; found 'wget x' (:8)" in lines
    assert "✓  CommandLine contains 'wget'; found 'wget x' (:9)" in lines
    assert "∅  User is 'root'; the field is missing (:11)" in lines
    assert lines[-1] == "Matched because CommandLine contains 'wget'; filter (:10) is not met."


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"User": "an"}, "Did not match: CommandLine is missing."),
        ({"CommandLine": "ls"}, "Did not match: CommandLine passes none of 2 tests."),
        (
            {"CommandLine": "curl", "User": "root"},
            "Did not match: filter (:10) is met and must not be (User is 'root').",
        ),
    ],
)
def test_a_miss_says_why(run, rules, event, record, expected):
    """Missing, different, or excluded: exit 0 all the same, the question was answered."""
    done = run("rules", "explain", rules / "download.yml", event(record))

    assert (done.code, done.out.splitlines()[-1].strip()) == (0, expected)


def test_what_the_event_says_cannot_act(run, rules, event):
    """A terminal obeys nothing of it, and a long value is cut."""
    long = event({"CommandLine": "\x1b[2J" + "x" * 500})

    out = run("rules", "explain", "download", long, "--rules", rules).out

    assert "\x1b" not in out
    assert "\\x1b[2Jxxx" in out
    assert "x" * 200 not in out


def test_an_event_of_another_logsource_is_not_tried(run, rules, event):
    """And it is said which part is lacking."""
    windows = event({"CommandLine": "curl", "EventID": 1, "Channel": "Security"})

    done = run("rules", "explain", "download", windows, "--rules", rules)

    assert "the rule is not tried on it (product)" in done.out
    assert done.out.splitlines()[-1].strip() == (
        "Would match, but events of this logsource do not concern the rule."
    )


def test_for_machines(run, rules, event):
    """The tree, node by node."""
    done = run(
        "rules", "explain", "download", event({"User": "root"}), "--rules", rules, "--json"
    ).json

    assert (done["outcome"], done["tree"]["kind"]) == ("not-matched", "all")
    selection = done["tree"]["parts"][0]
    assert selection["parts"][0]["verdict"] == "missing"
    assert {name["name"] for name in selection["names"]} == {"selection", "CommandLine|contains"}


def test_one_record_of_several(run, rules, event):
    """The first unless another is asked for; one that is not there is refused."""
    several = event({"CommandLine": "ls"}, {"CommandLine": "curl"})

    first = run("rules", "explain", "download", several, "--rules", rules)
    second = run("rules", "explain", "download", several, "--rules", rules, "--record", "2")
    third = run("rules", "explain", "download", several, "--rules", rules, "--record", "3")

    assert "--record N takes another one" in first.err
    assert ("Did not match" in first.out, "Matched because" in second.out) == (True, True)
    assert (third.code, "there is no record 3" in third.err) == (1, True)


def test_standard_input(run, rules, event, monkeypatch):
    """`-`, as with other commands."""
    monkeypatch.setattr(explaining, "STDIN", event({"CommandLine": "curl"}))

    assert "Matched because" in run("rules", "explain", "download", "-", "--rules", rules).out


def test_a_stored_event_by_its_id(run, rules, monkeypatch):
    """What is no file is looked for in the store."""
    stored = an_event(1, fields={"CommandLine": "curl"})
    monkeypatch.setattr(assembly, "find_event", lambda settings, event: stored)

    assert "Matched because" in run("rules", "explain", "download", stored.id, "--rules", rules).out


def test_an_event_that_is_nowhere(run, rules, monkeypatch):
    """A sentence that says what was looked for."""

    def nowhere(settings, event):
        raise NotFound("no")

    monkeypatch.setattr(assembly, "find_event", nowhere)

    done = run("rules", "explain", "download", "nowhere", "--rules", rules)

    assert (done.code, done.err) == (1, "there is no file and no stored event 'nowhere'\n")


def test_a_shipped_correlation_names_its_group(run, desk, tmp_path):
    """By the id that `run` loads, with a line as it comes."""
    line = tmp_path / "auth.log"
    line.write_text(
        "Nov 22 12:00:00 web01 sshd[1]: Failed password for root from 192.0.2.7 port 5 ssh2\n",
        encoding="utf-8",
    )

    out = run("rules", "explain", "SSH password guessing", line, "--format", "syslog").out

    assert "group: source.ip = '192.0.2.7'" in out
    assert out.splitlines()[-1].strip().startswith("The event counts;")
