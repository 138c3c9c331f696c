"""What every state keeps for the desk: suppressions, jobs, people, marks. One suite over all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sentinel.errors import NotFound
from sentinel.model.alert import AlertState, Disposition
from sentinel.model.job import AlertAction, AlertStanding, Job, JobItem
from sentinel.model.person import LoginSession, Person, PersonRole, Preferences, Theme
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Scope, Suppression
from sentinel.model.text import Language
from tests.samples import NOON

MINUTE = timedelta(minutes=1)


def a_suppression(name="s", **changes):
    scope = Scope(rule="r", agency="so-a", subject={"source.ip": "203.0.113.45"})
    first = Suppression(
        id=name,
        version=1,
        scope=scope,
        title="SSH password guessing",
        reason="máy quét của ta",
        by="lan",
        at=NOON,
        begun=NOON,
        expires=NOON + 60 * MINUTE,
    )
    return replace(first, **changes)


def a_job(name="j", **changes):
    job = Job(id=name, action=AlertAction.CLOSE, by="lan", at=NOON, total=3, filter="status:open")
    return replace(job, **changes)


def a_person(name, **changes):
    person = Person(name=name, role=PersonRole.ANALYST, password="$argon2id$", created=NOON)
    return replace(person, **changes)


def a_session(token, person="lan", started=NOON, seen=NOON):
    return LoginSession(token=token, person=person, started=started, seen=seen)


def a_mark(source, agency, **changes):
    mark = SourceMark(
        source=source, agency=agency, events=10, unparsed=1, received=NOON, at=NOON - MINUTE
    )
    return replace(mark, **changes)


def items(*names):
    return [JobItem(alert=name) for name in names]


# -- suppressions --------------------------------------------------------------------------------


def test_of_each_suppression_the_newest_version_is_listed(state):
    """Those begun last come first; of those begun at once, the last id."""
    lifted = a_suppression(version=2, lifted=True, by="minh", at=NOON + 9 * MINUTE)
    later = a_suppression("a", begun=NOON + MINUTE)
    with state.transaction() as change:
        for version in (a_suppression(), a_suppression("t"), lifted, later):
            change.put_suppression(version)
    with state.reading() as look:
        assert [later, a_suppression("t"), lifted] == look.suppressions()
        assert [a_suppression(), lifted] == look.suppression("s")


def test_a_suppression_that_is_not_there_is_not_found(state):
    """The message names it."""
    with state.reading() as look, pytest.raises(NotFound, match="no suppression 's'"):
        look.suppression("s")


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_version_follows_the_newest(state, version):
    """Whoever changed it meanwhile was first."""
    with state.transaction() as change:
        change.put_suppression(a_suppression())
        with pytest.raises(ValueError, match=f"version {version} cannot follow version 1"):
            change.put_suppression(a_suppression(version=version))


def test_what_a_suppression_hides_adds_up(state):
    """The last time only moves forward; one that hid nothing is left out."""
    with state.transaction() as change:
        change.add_hidden("s", 2, NOON)
        change.add_hidden("s", 3, NOON - MINUTE)
        change.add_hidden("t", 0, NOON)
    with state.reading() as look:
        assert look.hidden() == {"s": Hidden(detections=5, last=NOON)}


# -- jobs ----------------------------------------------------------------------------------------


def test_a_job_is_replaced_and_its_items_only_grow(state):
    """Counts go up, the items stay in their order."""
    finished = a_job(
        changed=2,
        refused=1,
        refusals=("a is closed",),
        finished=NOON + MINUTE,
        disposition=Disposition.BENIGN,
    )
    with state.transaction() as change:
        change.put_job(a_job(), items("a", "b"))
        change.put_job(finished, items("c"))
        change.put_job(finished)
    with state.reading() as look:
        assert (finished, items("a", "b", "c")) == (look.job("j"), look.job_items("j", 9))


def test_items_are_read_in_pieces_and_written_over_in_their_place(state):
    """What follows and what stands before stays."""
    before = AlertStanding(state=AlertState.NEW, assignee="", disposition=None)
    done = [JobItem(alert=name, done=True, before=before) for name in "bc"]
    with state.transaction() as change:
        change.put_job(a_job(), items("a", "b", "c", "d"))
        change.put_job_items("j", 1, done)
        change.put_job_items("j", 4, [])
    with state.reading() as look:
        pieces = [look.job_items("j", 2, after=after) for after in (0, 2, 4)]
    assert pieces == [[items("a")[0], done[0]], [done[1], items("d")[0]], []]


@pytest.mark.parametrize(("job", "after"), [("j", 1), ("j", 9), ("other", 0)])
def test_items_that_a_job_does_not_have_are_not_written(state, job, after):
    """A job's alerts are those it began with."""
    with state.transaction() as change:
        change.put_job(a_job(), items("a", "b"))
        with pytest.raises(ValueError, match=f"job {job}: .* more than it has"):
            change.put_job_items(job, after, items("x", "y"))
    with state.reading() as look:
        assert (items("a", "b"), []) == (look.job_items("j", 9), look.job_items("other", 9))


def test_jobs_come_newest_first_and_unfinished_ones_oldest_first(state):
    """Unfinished ones go on in the order in which they were given."""
    with state.transaction() as change:
        for place, name in enumerate("abcd"):
            finished = NOON if name in "bd" else None
            change.put_job(a_job(name, at=NOON + place * MINUTE, finished=finished))
    with state.reading() as look:
        all_jobs, unfinished = look.jobs(3), look.jobs(3, unfinished=True)
        one = look.jobs(1, unfinished=True)
    assert ["".join(job.id for job in found) for found in (all_jobs, unfinished, one)] == [
        "dcb",
        "ac",
        "a",
    ]


def test_a_job_that_is_not_there_is_not_found(state):
    """The message names it."""
    with state.reading() as look, pytest.raises(NotFound, match="no job 'j'"):
        look.job("j")


# -- people and sessions -------------------------------------------------------------------------


def test_people_come_by_name_as_they_were_put_last(state):
    """Inactive ones too, with their habits."""
    habits = Preferences(language=Language.VI, theme=Theme.DARK, views={"của tôi": "who:me"})
    minh = a_person("minh", role=PersonRole.ADMIN, preferences=habits)
    with state.transaction() as change:
        for person in (a_person("minh"), a_person("lan", active=False), minh):
            change.put_person(person)
    with state.reading() as look:
        found = look.people()
        assert ([a_person("lan", active=False), minh], minh) == (found, look.person("minh"))


def test_somebody_unknown_is_not_found(state):
    """Names are compared as they are."""
    with state.transaction() as change:
        change.put_person(a_person("lan"))
        with pytest.raises(NotFound, match="nobody of the name 'Lan'"):
            change.person("Lan")


def test_a_session_is_found_by_its_token_alone(state):
    """Put again, it has been seen again."""
    seen = a_session("t", seen=NOON + MINUTE)
    with state.transaction() as change:
        change.put_session(a_session("t"))
        change.put_session(seen)
    with state.reading() as look:
        assert (seen, None) == (look.session("t"), look.session("lan"))


@pytest.mark.parametrize(
    ("removal", "expected"),
    [
        ({}, ""),
        ({"token_sha256": "a"}, "a"),
        ({"token_sha256": "nothing"}, ""),
        ({"person": "minh"}, "bd"),
        ({"seen_before": NOON + 2 * MINUTE}, "ab"),
        ({"seen_before": NOON}, ""),
        ({"started_before": NOON + MINUTE}, "ad"),
        ({"token_sha256": "c", "person": "minh"}, "bcd"),
        ({"person": "nobody", "started_before": NOON + MINUTE, "token_sha256": None}, "ad"),
    ],
)
def test_sessions_that_fit_any_condition_are_removed_and_counted(state, removal, expected):
    """Without a condition none does."""
    everyone = {
        "a": a_session("a", "lan", NOON, NOON),
        "b": a_session("b", "minh", NOON + MINUTE, NOON + MINUTE),
        "c": a_session("c", "lan", NOON + MINUTE, NOON + 2 * MINUTE),
        "d": a_session("d", "minh", NOON, NOON + 3 * MINUTE),
    }
    with state.transaction() as change:
        for session in everyone.values():
            change.put_session(session)
        removed = change.remove_sessions(**removal)
    with state.reading() as look:
        gone = [token for token in everyone if look.session(token) is None]
    assert (len(expected), list(expected)) == (removed, gone)


# -- marks of sources ----------------------------------------------------------------------------


def test_marks_add_up_by_source_and_agency(state):
    """Those of no source come first; times are those of the newer record."""
    newer = a_mark("b", "so-a", events=5, received=NOON + MINUTE, at=NOON + MINUTE)
    unclaimed = a_mark(None, None)
    with state.transaction() as change:
        change.add_source_marks([newer, a_mark("b", "so-a"), a_mark("a", "so-b")])
        change.add_source_marks([unclaimed, a_mark("b", "so-b"), a_mark("b", None)])
        change.add_source_marks([])
    with state.reading() as look:
        found = look.source_marks()
    assert found == [
        unclaimed,
        a_mark("a", "so-b"),
        a_mark("b", None),
        replace(newer, events=15, unparsed=2),
        a_mark("b", "so-b"),
    ]


def test_a_block_that_fails_leaves_nothing_of_all_this(state):
    """As with everything else."""

    def write_much_and_fail():
        with state.transaction() as change:
            change.put_suppression(a_suppression())
            change.add_hidden("s", 1, NOON)
            change.put_job(a_job(), items("a"))
            change.put_person(a_person("lan"))
            change.put_session(a_session("t"))
            change.add_source_marks([a_mark("a", "so-a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_much_and_fail()
    with state.reading() as look:
        found = (
            look.suppressions(),
            look.hidden(),
            look.jobs(9),
            look.job_items("j", 9),
            look.people(),
            look.session("t"),
            look.source_marks(),
        )
    assert found == ([], {}, [], [], [], None, [])
