"""What an alert's page is made of."""

import pytest

from sentinel.model.ids import AlertId, CauseKey
from sentinel.model.text import Language
from sentinel.web.console.triage.dossier import dossier
from sentinel.web.console.visit import Visit
from tests.samples import NOON, a_card, an_alert
from tests.unit.web.console.house import a_person
from tests.unit.web.console.triage.floor import Floor

A_PERSON = a_person()
VISIT = Visit(
    person=A_PERSON,
    language=Language.EN,
    theme=A_PERSON.preferences.theme,
    zone="Asia/Ho_Chi_Minh",
    now=NOON,
    token="",
    csrf="",
    path="/",
)


def of(alert, *others):
    floor = Floor(alert, *others)
    return dossier(floor.parts, VISIT, floor.alert(alert.id))


def test_the_rules_words_are_filled():
    """With this alert's values, as an analyst needs them: not defanged."""
    found = of(an_alert())

    assert found.seen == "12 failed SSH log-ins to web01 from 203.0.113.45."
    assert list(found.advised) == ["Block 203.0.113.45 at the border firewall."]
    assert list(found.reasons) == [
        "rule of high level: +60",
        "information system of level 3: +12",
    ]
    assert [line.hits for line in found.lines] == [()]


def test_a_rule_without_advice_has_no_words():
    """Its own title and description stand alone."""
    found = of(an_alert(card=a_card(advice=None)))

    assert (found.seen, list(found.advised)) == ("", [])


def test_related_alerts_come_by_entity_with_the_way_to_all_of_them():
    """A value with a blank in it stays one value in the link."""
    subject = {"user.name": "an anh", "host.hostname": "web01"}
    alert = an_alert(subject=subject)
    other = an_alert(id=AlertId("b1"), cause=CauseKey("b1"), subject=subject)
    found = of(alert, other)

    assert {
        (each.to.entity.value, each.path, tuple(row.id for row in each.rows))
        for each in found.related
    } == {
        ("an anh", "/?q=user%3A%22an+anh%22+status%3Aany", ("b1",)),
        ("web01", "/?q=host%3Aweb01+status%3Aany", ("b1",)),
    }


@pytest.mark.parametrize(("kept", "expected"), [(True, "b1"), (False, None)])
def test_the_alert_before_is_there_or_it_is_not(kept, expected):
    """What is not kept any more is no error."""
    before = an_alert(id=AlertId("b1"), cause=CauseKey("b1"), subject={})
    found = of(an_alert(previous=before.id), *([before] if kept else []))

    assert expected == (found.previous.id if found.previous else None)
