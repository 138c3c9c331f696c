"""What makes two detections one alert, and what an alert keeps of many."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.alert.group import alert_id, cause, joined, opened
from sentinel.model.alert import AlertEntry, AlertState, Reason, Score
from sentinel.model.ids import AgencyId, AlertId, AssetId, CauseKey, JournalId, Offset, event_id
from tests.samples import JOURNAL, NOON, a_card, a_detection, an_event

AGENCY = AgencyId("so-a")
SCORE = Score(60, (Reason("rule-level", 60, {"level": "high"}),))
SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=8)


def ids(*offsets, journal=JOURNAL):
    return tuple(event_id(journal, Offset(offset)) for offset in offsets)


def seen(offset=1, *, at=NOON, **fields):
    return a_detection(event=an_event(offset, at=at, fields=fields))


def correlated(*offsets, count=None, first=NOON, at=NOON, journal=JOURNAL):
    """A correlation over the events at these offsets."""
    event = an_event(offsets[-1], at=at, id=ids(offsets[-1], journal=journal)[0])
    return a_detection(
        event=event,
        events=ids(*offsets, journal=journal),
        count=len(offsets) if count is None else count,
        first=first,
        group={"source.ip": "203.0.113.45"},
    )


def an_opened(detection):
    return opened(detection, AGENCY, cause(detection, AGENCY), SCORE, None, NOON)


def key_of(fields, group_by=("a", "b"), agency=AGENCY):
    detection = a_detection(
        event=replace(an_event(), fields=fields), rule=a_card(group_by=group_by)
    )
    return cause(detection, agency).key


# -- the cause -----------------------------------------------------------------------------------


def test_the_rule_names_what_makes_a_cause():
    """The subject shows the `group_by` fields; others do not matter."""
    first = cause(seen(1), AGENCY)
    other_user = cause(seen(2, **{"user.name": "root"}), AGENCY)
    other_source = cause(seen(3, **{"source.ip": "203.0.113.46"}), AGENCY)

    assert first.subject == {"source.ip": "203.0.113.45", "host.hostname": "web01"}
    assert first == other_user
    assert first.key != other_source.key


def test_rule_and_agency_are_part_of_the_cause():
    """The same values under another rule, at another agency or at nobody's are other causes."""
    keys = {
        cause(seen(), AGENCY).key,
        cause(replace(seen(), rule=a_card(id="another")), AGENCY).key,
        cause(seen(), AgencyId("so-b")).key,
        cause(seen(), None).key,
    }

    assert len(keys) == 4


def test_a_correlation_without_group_by_uses_its_own_group():
    """Its groups are its causes; one that has no groups has one cause an agency."""
    card = a_card(group_by=())
    grouped = replace(correlated(1, 2), rule=card)
    whole = replace(correlated(1, 2), rule=card, group={})

    assert cause(grouped, AGENCY).subject == {"source.ip": "203.0.113.45"}
    assert cause(whole, AGENCY).subject == {}


def test_a_renamed_field_is_found_in_the_group():
    """A correlation may group by an alias that no event carries."""
    detection = replace(
        correlated(1, 2), rule=a_card(group_by=("attacker",)), group={"attacker": "203.0.113.9"}
    )

    assert cause(detection, AGENCY).subject == {"attacker": "203.0.113.9"}


def test_without_any_grouping_host_address_and_user_tell_apart():
    """Those of the three that are there make the cause."""
    card = a_card(group_by=())
    detection = replace(seen(**{"user.name": None}), rule=card)

    assert (cause(detection, AGENCY).subject) == {
        "host.hostname": "web01",
        "source.ip": "203.0.113.45",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "x|y", "b": "z"}, {"a": "x", "b": "y|z"}),
        ({"a": 'x","b":"y'}, {"a": "x", "b": "y"}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": ""}, {}),
        ({"a": None}, {"a": "None"}),
        ({"a": []}, {"a": [""]}),
        ({"a": ["x", "y"]}, {"a": "x, y"}),
        ({"a": "x" * 300 + "1"}, {"a": "x" * 300 + "2"}),
        ({"a": "\ud800"}, {"a": "\udfff"}),
    ],
)
def test_no_value_can_pretend_to_be_another(one, other):
    """Values out of log lines are an attacker's: separators, quotes, lengths do not help him."""
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "WEB01"}, {"a": "web01"}),
        ({"a": ["192.0.2.1", "192.0.2.2"]}, {"a": ["192.0.2.2", "192.0.2.1"]}),
        ({"a": ["x"]}, {"a": "x"}),
        ({"a": 22}, {"a": "22"}),
        ({"a": "x", "c": "1"}, {"c": "2", "a": "x"}),
    ],
)
def test_what_sigma_holds_equal_is_one_cause(one, other):
    """Case, order of a list and a number written as text do not split an alert."""
    assert key_of(one) == key_of(other)


@given(st.tuples(SCALARS, SCALARS), st.tuples(SCALARS, SCALARS))
def test_equal_keys_mean_equal_values(one, other):
    """Two causes share a key only where their folded values are the same."""

    def folded(values):
        return [None if value is None else str(value).casefold() for value in values]

    same_key = key_of(dict(zip("ab", one, strict=True))) == key_of(
        dict(zip("ab", other, strict=True))
    )

    assert (folded(one) == folded(other)) == same_key


def test_a_subject_is_short_enough_to_read():
    """An endless value is cut and says how long it was; the key is as short as ever."""
    its_cause = cause(seen(**{"source.ip": "x" * 100_000}), AGENCY)

    assert its_cause.subject["source.ip"].endswith("… [100000 characters]")
    assert len(its_cause.subject["source.ip"]) < 300
    assert len(its_cause.key) == 64


# -- opening -------------------------------------------------------------------------------------


def test_an_alert_opens_with_what_its_first_detection_knows():
    """Counts, times, subject, evidence and the first line of its history."""
    detection = correlated(1, 2, 3, first=NOON - timedelta(minutes=9))

    alert = opened(detection, AGENCY, cause(detection, AGENCY), SCORE, AlertId("0" * 16), NOON)

    assert (alert.state, alert.detections, alert.events) == (AlertState.NEW, 1, 3)
    assert (NOON - timedelta(minutes=9), NOON) == (alert.first_seen, alert.last_seen)
    assert alert.subject == {"source.ip": "203.0.113.45", "host.hostname": "web01"}
    assert ids(3) == tuple(each.event for each in alert.evidence)
    assert alert.evidence[0].matched == {
        "event.outcome": "failure",
        "host.hostname": "web01",
        "source.ip": "203.0.113.45",
    }
    assert ("0" * 16, AssetId("dvc")) == (alert.previous, alert.asset)
    assert (AlertEntry(at=NOON, who="", action="opened"),) == alert.history


def test_a_correlation_shows_its_witnesses_and_a_repeat_adds_only_new_lines():
    """The completing line stands last; a line that is shown already is not shown twice."""
    detection = replace(correlated(1, 2, 3), witnesses=(an_event(1), an_event(2)))
    alert = opened(detection, AGENCY, cause(detection, AGENCY), SCORE, None, NOON)

    again = replace(correlated(2, 3, 4), witnesses=(an_event(2), an_event(3)))

    assert [line.event for line in alert.evidence] == list(ids(1, 2, 3))
    assert [line.event for line in joined(alert, again, SCORE).evidence] == list(ids(1, 2, 3, 4))
    assert alert.evidence[0].matched == {"host.hostname": "web01", "source.ip": "203.0.113.45"}


def test_an_alert_is_named_by_agency_cause_and_first_event():
    """The same replayed is the same name; any part changed is another."""
    key = CauseKey("k")
    names = [
        alert_id(AGENCY, key, *ids(1)),
        alert_id(None, key, *ids(1)),
        alert_id(AGENCY, CauseKey("l"), *ids(1)),
        alert_id(AGENCY, key, *ids(2)),
    ]

    assert names[0] == alert_id(AGENCY, key, *ids(1))
    assert len(set(names)) == 4
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in names)
    assert alert_id(AGENCY, cause(seen(7), AGENCY).key, *ids(7)) == an_opened(seen(7)).id


def test_an_endless_line_is_cut_in_the_evidence():
    """The event store has the whole line; the alert says how long it was."""
    detection = a_detection(
        event=an_event(raw="A" * 50_000), matched={"": ["a", "b"], "message": "M" * 50_000}
    )

    evidence = an_opened(detection).evidence[0]

    assert evidence.raw.endswith("… [50000 characters]")
    assert evidence.matched[""] == "a, b"
    assert evidence.matched["message"].endswith("… [50000 characters]")


# -- joining -------------------------------------------------------------------------------------


def test_a_detection_joins_without_touching_state_or_history():
    """People's decisions stay as they are; counts and the newest card change."""
    alert = replace(an_opened(seen(1)), state=AlertState.ACKNOWLEDGED, assignee="lan")
    newer_card = a_card(title="SSH password guessing, second edition")

    after = joined(alert, replace(seen(2), rule=newer_card), SCORE)

    assert (after.detections, after.events) == (2, 2)
    assert newer_card == after.card
    assert (alert.state, alert.assignee, alert.history) == (
        after.state,
        after.assignee,
        after.history,
    )
    assert (alert.id, alert.cause, alert.subject, alert.opened) == (
        after.id,
        after.cause,
        after.subject,
        after.opened,
    )


def test_a_late_event_moves_the_beginning_back():
    """Times are those of the events, not of their arrival."""
    late = seen(2, at=NOON - timedelta(hours=1))
    late = replace(late, first=late.event.at)

    after = joined(an_opened(seen(1)), late, SCORE)

    assert (NOON - timedelta(hours=1), NOON) == (after.first_seen, after.last_seen)


def test_an_open_alert_keeps_its_highest_score():
    """A rule that was made milder meanwhile does not lower what is being worked on."""
    alert = an_opened(seen(1))
    lower, equal, higher = (Score(points, ()) for points in (40, 60, 80))

    assert joined(alert, seen(2), lower).score == SCORE
    assert equal == joined(alert, seen(2), equal).score
    assert higher == joined(alert, seen(2), higher).score


def test_a_system_found_later_is_noted():
    """An alert that knew no system takes the one its next event concerns."""
    alert = replace(an_opened(seen(1)), asset=None)

    assert AssetId("dvc") == joined(alert, seen(2), SCORE).asset


def test_a_closed_alert_takes_nothing():
    """The next detection has to open a new one."""
    with pytest.raises(ValueError, match="open a new one"):
        joined(replace(an_opened(seen(1)), state=AlertState.CLOSED), seen(2), SCORE)


def test_evidence_keeps_the_first_and_the_newest():
    """Three of the beginning, seven of the end, however many came."""
    alert = an_opened(seen(1))
    for offset in range(2, 101):
        alert = joined(alert, seen(offset), SCORE)

    assert ids(1, 2, 3, 94, 95, 96, 97, 98, 99, 100) == tuple(e.event for e in alert.evidence)
    assert (alert.detections, alert.events) == (100, 100)


# -- counting what correlations name again ---------------------------------------------------------


def test_a_window_that_fires_again_adds_its_new_events_alone():
    """Events 1-5, then 1-6, then 3-8: eight events, not sixteen."""
    alert = an_opened(correlated(1, 2, 3, 4, 5))
    alert = joined(alert, correlated(1, 2, 3, 4, 5, 6), SCORE)
    alert = joined(alert, correlated(3, 4, 5, 6, 7, 8), SCORE)

    assert (alert.detections, alert.events) == (3, 8)


def test_a_new_window_counts_in_full():
    """A window that begins after everything seen adds its exact count, also where ids are cut."""
    alert = an_opened(correlated(1, 2, 3))
    later = NOON + timedelta(hours=1)

    alert = joined(alert, correlated(490, 491, count=412, first=later, at=later), SCORE)

    assert alert.events == 415


def test_an_overlapping_window_with_cut_ids_is_not_counted_twice():
    """What the bounded list does not name may be known already: too few rather than too many."""
    alert = an_opened(correlated(98, 99, 100, count=100))

    alert = joined(alert, correlated(100, 101, 102, count=102), SCORE)

    assert alert.events == 102


def test_a_window_that_touches_the_last_one_counts_what_outnumbers_it():
    """Time stamps of whole seconds let windows meet: five known, so 5,995 of 6,000 are new."""
    alert = an_opened(correlated(1, 2, 3, 4, 5))

    alert = joined(alert, correlated(6004, 6005, count=6000), SCORE)

    assert alert.events == 6000


def test_events_of_another_journal_are_new():
    """After the journal was replaced, small numbers do not mean old events."""
    other = JournalId("ffffffff")
    alert = an_opened(correlated(500, 501))

    alert = joined(alert, correlated(1, 2, journal=other), SCORE)

    assert alert.events == 4


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.integers(2, 30))
def test_a_sliding_window_counts_each_event_once(steps, width):
    """However far the window moves between firings, the count is the number of events named."""
    named = set()
    alert = None
    end = width
    for step in steps:
        window = range(max(1, end - width + 1), end + 1)
        named |= set(window)
        detection = correlated(*window)
        alert = joined(alert, detection, SCORE) if alert else an_opened(detection)
        end += step

    assert len(named) == alert.events
    assert len(steps) == alert.detections


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=12),
    st.integers(1, 5),
)
def test_cut_ids_never_make_the_count_too_large(windows, kept):
    """Never more than there are, never fewer than those named that came after the last one."""
    seen_so_far, named = set(), set()
    alert, end = None, 0
    for step, width in windows:
        last, end = end, end + step
        window = range(max(1, end - width + 1), end + 1)
        seen_so_far |= set(window)
        named |= {event for event in window[-kept:] if event > last or alert is None}
        detection = correlated(*window[-kept:], count=len(window))
        alert = joined(alert, detection, SCORE) if alert else an_opened(detection)

    assert len(named) <= alert.events <= len(seen_so_far)
