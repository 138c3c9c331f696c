"""The API on the service itself."""

from tests.unit.web.fakes import Browser, FakeHealth, an_api


def a_browser(**status):
    app = an_api(health=FakeHealth(**status))
    return Browser(app, {"Authorization": "Bearer x"})


def test_the_agencies_are_shown_with_contacts_systems_and_sources():
    """Levels and roles have their words."""
    agency = a_browser().get("/api/v1/agencies").json()["agencies"][0]

    assert (agency["id"], agency["name"]) == ("so-a", {"vi": "Sở A", "en": "Department A"})
    assert agency["contacts"][0]["role_word"] == "đầu mối"
    assert (
        agency["assets"][0]["level"],
        agency["assets"][0]["level_word"],
        agency["assets"][0]["networks"],
    ) == (3, "cấp độ 3", ["192.0.2.0/24"])
    assert agency["sources"][0]["addresses"] == []
    assert agency["policy"] == {"threshold": 60, "release": "at-once", "tlp": "TLP:AMBER"}


def test_the_status_shows_inputs_counters_and_problems():
    """What an operator looks at first."""
    status = a_browser().get("/api/v1/status").json()

    assert (status["ready"], status["lag"], status["rules"]) == (True, 3, 7)
    assert (
        status["inputs"][0]["name"],
        status["inputs"][0]["state"],
        status["inputs"][0]["last_record"],
    ) == ("syslog-udp", "running", "2026-11-22T05:00:00Z")
    assert status["counters"] == {'events{source="so-a-syslog"}': 12}
    assert status["problems"] == ["the disk reserve is reached"]
    assert status["rules_refused"] == ["rules/x.yml:3: unknown modifier"]


def test_a_service_that_is_not_ready_says_503():
    """Alive all the same; and why it is not ready is not for strangers."""
    browser = a_browser(ready=False)

    ready = browser.get("/health/ready")

    assert (ready.status_code, ready.json()) == (503, {"ready": False})
    assert browser.get("/health/live").status_code == 200
