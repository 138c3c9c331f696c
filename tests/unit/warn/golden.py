"""Letters kept as files, to be read as an officer would: tests/corpus/warn/letters/.

After a wanted change of words, write them anew and read the difference:

    .venv/bin/python -m tests.unit.warn.golden && git diff tests/corpus/warn/letters
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sentinel.model.alert import Alert, Evidence, Reason, Score
from sentinel.model.ids import AlertId, AssetId, Offset, RuleId, event_id
from sentinel.model.rule import Advice, RuleCard
from sentinel.model.severity import Severity
from sentinel.model.text import Language, LocalList, LocalText
from sentinel.model.warning import Letter
from tests.samples import JOURNAL, NOON, a_card, a_contact, an_agency, an_alert
from tests.unit.warn.letters import a_released

FOLDER = Path(__file__).parents[2] / "corpus" / "warn" / "letters"


def _line(number: int, ago: timedelta, raw: str, **matched: str) -> Evidence:
    return Evidence(
        event=event_id(JOURNAL, Offset(number)), at=NOON - ago, raw=raw, matched=matched
    )


def break_in() -> Alert:
    """Our own rule with advice: passwords guessed until one was right, 413 log records."""
    failed = "web01 sshd[4711]: Failed password for invalid user admin from 203.0.113.45 port 51234"
    accepted = "web01 sshd[4823]: Accepted password for quantri from 203.0.113.45 port 51999 ssh2"
    lines = [
        _line(
            n,
            timedelta(minutes=17 - n, seconds=-7),
            f"Nov 22 11:{43 + n}:07 {failed}",
            **{"user.name": "admin"},
        )
        for n in range(6)
    ]
    lines.append(
        _line(413, timedelta(0), f"Nov 22 12:00:00 {accepted}", **{"user.name": "quantri"})
    )
    card = a_card(
        title="SSH log-in after password guessing",
        level=Severity.CRITICAL,
        author="Sentinel",
        licence="Apache-2.0",
        advice=Advice(
            title=LocalText(
                vi="Đăng nhập SSH thành công sau khi dò mật khẩu",
                en="Successful SSH log-in after password guessing",
            ),
            seen=LocalText(
                vi="{count} lần đăng nhập SSH vào máy chủ {host.hostname} từ địa chỉ {source.ip},"
                " trong đó lần cuối lúc {last} đã thành công.",
                en="{count} SSH log-ins to server {host.hostname} from {source.ip}, of which the"
                " last, at {last}, succeeded.",
            ),
            actions=LocalList(
                vi=(
                    "Ngắt phiên và khóa tài khoản vừa đăng nhập (liên quan: {user.name}).",
                    "Kiểm tra các lệnh đã chạy từ {last}.",
                    "Chặn địa chỉ {source.ip} tại tường lửa biên.",
                    "Giữ nguyên nhật ký /var/log/auth.log và wtmp để điều tra.",
                ),
                en=(
                    "End the session and lock the account that logged in (seen: {user.name}).",
                    "Check the commands run since {last}.",
                    "Block {source.ip} at the border firewall.",
                    "Keep /var/log/auth.log and wtmp as they are for the investigation.",
                ),
            ),
        ),
    )
    score = Score(
        92,
        (
            Reason("rule-level", 80, {"level": "critical"}),
            Reason("asset-level", 12, {"level": "3"}),
            Reason("confidence", 0, {"confidence": "high"}),
            Reason("repetition", 0, {"detections": "1", "from": "1"}),
        ),
    )
    return an_alert(card=card, score=score, events=413, evidence=tuple(lines))


def foreign_rule() -> Alert:
    """A public Sigma rule: no advice, no known system, an IPv6 address, a secret in the line."""
    card = RuleCard(
        id=RuleId("f5c2a1de-0000-4000-8000-00000000c0de"),
        title="Path Traversal Exploitation Attempts",
        level=Severity.HIGH,
        confidence=a_card().confidence,
        author="Example Author (Example Org), @example",
        licence="Detection Rule License (DRL) 1.1",
    )
    raw = (
        '2001:db8::bad:1 - - [21/Nov/2026:23:58:40 +0700] "GET'
        " /tai-lieu?file=../../../../etc/passwd"
        '&token=9f86d081884c7d659a2feaa0c55ad015 HTTP/1.1" 200 1843 "http://evil.example/start"'
        ' "Mozilla/5.0"'
    )
    return an_alert(
        id=AlertId("b2c3d4e5f6071829"),
        card=card,
        score=Score(
            60,
            (
                Reason("rule-level", 60, {"level": "high"}),
                Reason("asset-level", 0, {"level": "none"}),
            ),
        ),
        asset=None,
        events=2,
        first_seen=NOON - timedelta(hours=12, minutes=1, seconds=20),
        subject={"source.ip": "2001:db8::bad:1", "url.path": "/tai-lieu"},
        evidence=(_line(7, timedelta(hours=12, minutes=1, seconds=20), raw),),
    )


def hostile() -> Alert:
    """Everything an attacker writes tries to break out: of the line, the page, the template."""
    evil = (
        "</code></td><script>alert(1)</script> {{ 7*7 }} {% raw %} %(number)s {source.ip}"
        "\r\nBcc: all@so-a.example\r\n\r\n\u202egnp.exe\u200b \x1b[2J"
        ' <img src="http://evil.example/x.png"> ' + "A" * 5000
    )
    return an_alert(
        subject={"source.ip": evil, "host.hostname": "{count}\r\nX: y"},
        asset=AssetId("gone"),
        events=1,
        first_seen=NOON,
        evidence=(_line(9, timedelta(0), evil),),
    )


ALERTS = {"break-in": break_in, "foreign-rule": foreign_rule, "hostile": hostile}


def letter(name: str, language: Language) -> Letter:
    """The letter about one of these alerts, in this language."""
    contact = a_contact(language=language, personal=name == "foreign-rule")
    agency = replace(an_agency(), contacts=(contact,))
    (delivery,) = a_released(alert=ALERTS[name](), agency=agency).deliveries
    return delivery.letter


def files() -> dict[str, str]:
    """Every golden file by name: subject and plain text, and the HTML."""
    texts = {}
    for name in ALERTS:
        for language in Language:
            written = letter(name, language)
            texts[f"{name}.{language.value}.txt"] = f"Subject: {written.subject}\n\n{written.text}"
            texts[f"{name}.{language.value}.html"] = written.html
    return texts


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, text in files().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
