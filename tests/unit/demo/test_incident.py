"""The recording: what is sent, and when."""

import re
from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.demo.incident import Over, load_incident
from sentinel.documents import SourceText
from sentinel.errors import InputError
from tests.samples import NOON

TEXT = """
senders:
  a: {address: 127.0.0.11, over: tcp}
  b: {address: 127.0.0.12, over: udp}
programs: {sshd: 86, nginx: 190}
lines:
  - {at: 10, sender: b, host: b1, program: nginx, text: '[{time}] {odd}'}
  - at: 4
    times: 3
    every: 2
    sender: a
    host: a1
    program: sshd
    vary: {user: [root, admin]}
    text: "{n}: {user} from port {port}, {user}"
background:
  - {at: 1, every: 3, sender: a, host: a1, program: sshd, text: quiet}
"""


@pytest.fixture
def incident():
    return load_incident(SourceText("incident.yml", TEXT))


def _said(cue):
    return cue.message(NOON).decode()


def test_lines_come_in_order_of_time_with_the_background_between_them(incident):
    """And the background goes on when the incident is over."""
    played = [(due, cue.script.text[:5]) for due, cue in islice(incident.play(), 9)]

    assert played == [
        (1, "quiet"),
        (4, "{n}: "),
        (4, "quiet"),
        (6, "{n}: "),
        (7, "quiet"),
        (8, "{n}: "),
        (10, "[{tim"),
        (10, "quiet"),
        (13, "quiet"),
    ]


def test_speed_is_the_incident_s_alone(incident):
    """An ordinary day at a hundred times its pace would look like an attack."""
    played = [(due, cue.script.text[:5]) for due, cue in islice(incident.play(speed=2), 7)]

    assert [due for due, text in played if text == "quiet"] == [1, 4, 7]
    assert [due for due, text in played if text != "quiet"] == [2, 3, 4, 5]


@given(speed=st.floats(0.1, 1000))
def test_at_any_speed_every_line_comes_once_and_in_order(speed):
    """Nothing is left out, nothing comes early."""
    incident = load_incident(SourceText("incident.yml", TEXT))
    until = takewhile(lambda each: each[0] <= incident.seconds / speed, incident.play(speed))
    dues, cues = zip(*until, strict=True)

    assert list(dues) == sorted(dues)
    assert sum(cue.script.times is not None for cue in cues) == 4


def test_a_line_is_rfc_5424_with_the_time_of_sending(incident):
    """Priority, version, time, host, program, process, no id, no data, message."""
    first = next(cue for _, cue in incident.play() if cue.script.program == "sshd")

    assert re.fullmatch(
        r"<86>1 2026-11-22T12:00:00\.000\+07:00 a1 sshd \d+ - - quiet", _said(first)
    )


def test_places_in_a_text_are_filled_in_turn(incident):
    """Values that vary go round, the same place twice has one value, unknown ones stay."""
    cues = [cue for _, cue in islice(incident.play(), 8) if cue.script.times is not None]

    assert [_said(cue).partition(" - - ")[2] for cue in cues] == [
        "1: root from port 50000, root",
        "2: admin from port 50037, admin",
        "3: root from port 50074, root",
        "[22/Nov/2026:12:00:00 +0700] {odd}",
    ]


def test_senders_have_an_address_and_a_way(incident):
    """Each of its own."""
    assert {name: (one.address, one.over) for name, one in incident.senders.items()} == {
        "a": ("127.0.0.11", Over.TCP),
        "b": ("127.0.0.12", Over.UDP),
    }


def test_the_incident_s_length_is_known(incident):
    """Without its background."""
    assert incident.seconds == 10


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("sender: b,", "sender: c,"),
            "incident.yml:7: lines[0].sender: it is none of the senders",
        ),
        (("program: nginx,", "program: ftpd,"), "lines[0].program: it is none of the programs"),
        (("text: quiet", "txt: quiet"), "background[0].txt: there is no such key"),
        (("over: udp", "over: smoke"), "senders.b.over"),
        (("times: 3", "times: 0"), "lines[1].times"),
        (("every: 3", "every: 0"), "background[0].every"),
        (("[root, admin]", "[]"), "lines[1].vary.user"),
    ],
)
def test_what_is_wrong_with_a_recording_is_said_with_its_line(wrong, said):
    """A name that nothing stands behind, a key or a number that cannot be."""
    with pytest.raises(InputError, match=re.escape(said)):
        load_incident(SourceText("incident.yml", TEXT.replace(*wrong)))
