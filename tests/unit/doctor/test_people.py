"""Can somebody log in who may let others in?"""

from contextlib import closing
from dataclasses import replace

import pytest

from sentinel.doctor.people import admin, examine_people, first_passwords
from sentinel.model.ids import PersonName
from sentinel.model.person import Person, PersonRole
from sentinel.wiring import open_state
from tests.samples import NOON

ADMIN = Person(name=PersonName("lan"), role=PersonRole.ADMIN, password="x", created=NOON)
ANALYST = replace(ADMIN, name=PersonName("minh"), role=PersonRole.ANALYST)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], "warn"),
        ([ADMIN, ANALYST], "ok"),
        ([ANALYST], "fail"),
        ([replace(ADMIN, active=False), ANALYST], "fail"),
    ],
    ids=["nobody yet", "an admin", "an analyst alone", "an admin who is switched off"],
)
def test_an_admin(people, expected):
    """Active, or it is none."""
    assert admin(people).status.value == expected


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (ADMIN, "ok"),
        (replace(ADMIN, must_change=True), "warn"),
        (replace(ADMIN, must_change=True, active=False), "ok"),
    ],
)
def test_first_passwords(person, expected):
    """Somebody else has seen it."""
    assert first_passwords([person]).status.value == expected


def test_the_state_database_is_asked(patient, standing):
    """Before the first start there is nobody."""
    before = standing(examine_people(patient))
    with closing(open_state(patient.settings)) as state, state.transaction() as writer:
        writer.put_person(replace(ADMIN, must_change=True))

    assert before == [("people.admin", "warn"), ("people.first-password", "ok")]
    assert standing(examine_people(patient)) == [
        ("people.admin", "ok"),
        ("people.first-password", "warn"),
    ]
