"""The lanes hold what their names say, the same every time (with invented rules and events)."""

import orjson
import pytest

from tests.bench.detect import known, lanes, logsources, material

EVENTS = 300


@pytest.fixture(autouse=True, scope="module")
def nothing_at_hand(tmp_path_factory):
    """Only invented rules and events, which are everywhere the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENTINEL_TEST_DATA", str(tmp_path_factory.mktemp("none")))
        _forget()
        yield
    _forget()


def _forget():
    for each in (material.rules, material.windows, material.zeek):
        each.cache_clear()


def _lane(name):
    return next(lane for lane in lanes.LANES if lane.name == name)


def _judge(rules, events):
    """Every fifth event meets three rules."""
    return {number: 3 for number, _ in enumerate(events, 1) if number % 5 == 0}


def _events(name):
    return list(_lane(name).events(EVENTS, _judge))


@pytest.mark.parametrize("name", [lane.name for lane in lanes.LANES])
def test_a_lane_is_the_same_each_time_and_says_whose_logsource_its_events_are(name):
    """A measurement can be repeated; both engines route."""
    events = _events(name)

    assert len(events) == EVENTS
    assert events == _events(name)
    assert all(event[field] for event in events for field in logsources.FIELDS.values())


@pytest.mark.parametrize(("percent", "least", "most"), [(100, 300, 300), (50, 120, 180)])
def test_so_many_command_lines_are_new(percent, least, most):
    """An engine that remembers command lines has this much use of it."""
    known = {event.get("CommandLine") for event in material.windows()}

    lines = [event["CommandLine"] for event in _events(f"processes-{percent}")]
    new = [line for line in lines if line not in known]

    assert len(set(new)) == len(new)
    assert least <= len(new) <= most


def test_no_url_comes_twice():
    """Nor does its path."""
    events = _events("web")

    assert len({event["c-uri"] for event in events}) == EVENTS
    assert len({event["cs-uri-stem"] for event in events}) == EVENTS


def test_the_smaller_set_of_rules_is_part_of_the_larger():
    """So both find the same."""
    small, large = _lane("rules-300").rules(), _lane("rules-3000").rules()

    assert (len(small), len(large)) == (300, 3000)
    assert large[:300] == small


def test_a_lane_as_files(tmp_path):
    """A file a rule, a numbered line an event."""
    lane = _lane("web")

    made = lanes.make(lane, 5, tmp_path / "web", _judge)

    lines = [orjson.loads(line) for line in made.events.read_bytes().splitlines()]
    assert [line[lanes.NUMBER] for line in lines] == [1, 2, 3, 4, 5]
    texts = [path.read_text("utf-8") for path in made.rules.iterdir()]
    assert made.rule_count == len(texts)
    assert sorted(texts) == sorted(lane.rules())
    assert made.empty.read_bytes() == b""


def test_a_rule_that_a_peer_reads_otherwise_is_in_no_lane():
    """It is named with the reason, and no engine gets it."""
    shell = next(rule.id for rule in material.rules() if "Shell Of A Web" in rule.text)

    assert (
        shell in known.left_out(material.rules())["rsigma meets no rule with keywords under `|all`"]
    )
    assert not any(shell in text for lane in lanes.LANES[:6] for text in lane.rules())


@pytest.mark.parametrize(
    ("event", "category", "service"),
    [
        (
            {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1},
            "process_creation",
            "sysmon",
        ),
        (
            {
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "EventID": 12,
                "EventType": "DeleteKey",
            },
            "registry_delete",
            "sysmon",
        ),
        ({"Channel": "Security", "EventID": 4625}, "none", "security"),
        ({"Channel": "Seldom/Log", "EventID": 1}, "none", "none"),
    ],
)
def test_the_logsource_of_a_windows_event(event, category, service):
    """Channel and number say it, in one word each."""
    assert logsources.of_windows(event) == logsources.words("windows", category, service)
