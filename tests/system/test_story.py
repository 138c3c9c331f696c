"""From a real attack to a closed loop: sshd is guessed at, the agency acknowledges."""

import re
import unicodedata
from urllib.parse import urlsplit

import pytest

from tests.system import lab, running

pytestmark = [pytest.mark.root, pytest.mark.server]

SYSLOG_PORT = 5514


@pytest.fixture
def story(tmp_path):
    """Every host of the story, up."""
    forward = (
        f'*.* action(type="omfwd" target="{lab.HERE}" port="{SYSLOG_PORT}" protocol="tcp"'
        ' TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")'
    )
    settings = running.Settings(
        folder=tmp_path / "sentinel",
        ports=(18443, 18444),
        inputs=[
            {
                "name": "in",
                "collector": "syslog",
                "options": {"tcp": f"{lab.HERE}:{SYSLOG_PORT}"},
            }
        ],
        mail={"server": "127.0.0.1", "port": lab.MAIL_PORT, "tls": "none"},
    )
    with (
        lab.network(),
        lab.mail_server(tmp_path / "mail") as box,
        running.service(settings) as service,
    ):
        service.wait_ready()
        with lab.agency_host(tmp_path / "host", forward):
            yield service, box, tmp_path


def _plain(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_password_guessing_ends_in_an_acknowledged_warning(story):
    """hydra guesses at sshd; the agency's officer gets a mail and presses the button."""
    service, box, folder = story
    token = service.token()

    lab.guess_passwords(folder, "canbo", [f"sai-{n}" for n in range(30)])
    alerts = lab.wait_until(
        "the alert is in the API", lambda: service.get("/api/v1/alerts", token)["alerts"]
    )
    letters = lab.wait_until(
        "both mails are there", lambda: len(found := running.mails(box)) == 2 and found
    )

    # The alert: the right agency, the right system, a score whose reasons add up to it.
    guessing = [alert for alert in alerts if alert["subject"].get("source.ip") == lab.ATTACKER]
    assert len(guessing) == 1
    alert = service.get(f"/api/v1/alerts/{guessing[0]['id']}", token)
    assert (alert["agency"], alert["asset"]) == ("so-a", "dvc")
    assert alert["score"] == sum(reason["points"] for reason in alert["reasons"])
    assert 60 <= alert["score"] <= 100
    assert len(alert["evidence"]) >= 5
    assert all(lab.ATTACKER in evidence["raw"] for evidence in alert["evidence"])

    # The mails: one a recipient, each in its language, both parts in correct Vietnamese.
    by_address = {mail["To"].addresses[0].addr_spec: mail for mail in letters}
    assert set(by_address) == {"truc@so-a.example", "an.nguyen@so-a.example"}
    vietnamese = by_address["truc@so-a.example"]
    assert vietnamese["Subject"].startswith("[TLP:AMBER] Cảnh báo số CB-")
    for kind in ("plain", "html"):
        text = vietnamese.get_body((kind,)).get_content()
        assert unicodedata.is_normalized("NFC", text)
        assert "Cổng dịch vụ công" in text
        assert "203.0.113[.]45" in text
        assert "203.0.113.45" not in text
    for heading in ("VIỆC CẦN LÀM NGAY", "THỜI HẠN", "XÁC NHẬN", "BẰNG CHỨNG"):
        assert heading in _plain(vietnamese)
    assert by_address["an.nguyen@so-a.example"]["Subject"].startswith("[TLP:AMBER] Warning")

    # A mail scanner follows the link: nothing happens. The officer presses the button: it does.
    link = urlsplit(running.link_in(vietnamese)).path
    number = alert["warnings"][0]["number"]
    assert number in vietnamese["Subject"]
    with service.client(public=True) as client:
        for method in ("HEAD", "GET", "GET"):
            assert client.request(method, link).status_code == 200
        assert service.get(f"/api/v1/warnings/{number}", token)["state"] == "sent"
        page = client.get(link).text
        form = dict(re.findall(r'<button[^>]* name="(\w+)"[^>]* value="(\w+)"', page))
        form["name"] = "Trần Thị Bình"
        pressed = client.post(link, data=form, follow_redirects=True)
    assert pressed.status_code == 200
    assert "Trần Thị Bình" in pressed.text

    warning = service.get(f"/api/v1/warnings/{number}", token)
    assert (warning["state"], warning["acknowledged_by"]) == ("acknowledged", "Trần Thị Bình")

    # The commands see the same while the service runs, and after it has ended.
    shown = running.as_json(service.settings, "warnings", "show", number)
    assert shown["state"] == "acknowledged"
    assert service.stop() == 0
    assert [a["id"] for a in running.as_json(service.settings, "alerts", "list")] == [
        a["id"] for a in alerts
    ]
