"""Is each port there for us?"""

import os
import socket
from contextlib import closing, contextmanager
from dataclasses import replace
from ipaddress import ip_address

import pytest

from sentinel.collect.registry import collectors
from sentinel.doctor import linux
from sentinel.doctor.linux import BoundSocket, Presence, Process, Transport
from sentinel.doctor.ports import (
    Standing,
    Wanted,
    examine_ports,
    listener,
    low,
    overlaps,
    reach,
    wanted,
)
from sentinel.doctor.reading import read_settings
from sentinel.settings import InputSettings, PublicSettings, Settings, SocSettings

SYSLOG = collectors().by_name["syslog"]
OURS, THEIRS = Process(pid=812, name="sentinel"), Process(pid=99, name="nginx")
RUNNING, STOPPED, UNKNOWN = Presence.RUNNING, Presence.STOPPED, Presence.UNKNOWN


def an_address(
    address="127.0.0.1", port=5514, transport=Transport.UDP, name="syslog-udp"
) -> Wanted:
    return Wanted(
        name=name,
        address_key="inputs: syslog, udp",
        port_key="inputs: syslog, udp",
        transport=transport,
        address=ip_address(address),
        port=port,
    )


def with_ports(soc, public, **syslog) -> Settings:
    web = Settings().web.model_copy(
        update={"soc": SocSettings(port=soc), "public": PublicSettings(port=public)}
    )
    one = InputSettings(name="syslog", collector="syslog", options=SYSLOG.Options(**syslog))
    return Settings(inputs=()).model_copy(update={"web": web, "inputs": (one,)})


@contextmanager
def listening():
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        yield bound.getsockname()[1]


def test_what_the_service_listens_on():
    """Two listeners, and each input with an address; port 0 is the kernel's choice."""
    settings = with_ports(8443, 8444, udp="[::1]:5514", tcp="127.0.0.1:0")

    assert [(one.name, str(one)) for one in wanted(settings)] == [
        ("soc", "tcp 127.0.0.1:8443"),
        ("public", "tcp 127.0.0.1:8444"),
        ("syslog-udp", "udp [::1]:5514"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("127.0.0.1", "0.0.0.0", True),
        ("0.0.0.0", "192.0.2.1", True),
        ("127.0.0.1", "::", True),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("127.0.0.1", "::1", False),
        ("::1", "0.0.0.0", False),
        ("::", "0.0.0.0", True),
        ("::", "192.0.2.1", True),
        ("::1", "::", True),
    ],
)
def test_addresses_that_cannot_both_be_bound(ours, theirs, expected):
    """Every address is in the way of each."""
    other = BoundSocket(transport=Transport.UDP, address=ip_address(theirs), port=5514, inode=1)

    assert overlaps(an_address(ours), other) is expected


@pytest.mark.parametrize(("transport", "port"), [(Transport.TCP, 5514), (Transport.UDP, 5515)])
def test_another_port_is_no_hindrance(transport, port):
    """Nor is the other transport."""
    other = BoundSocket(transport=transport, address=ip_address("127.0.0.1"), port=port, inode=1)

    assert overlaps(an_address(), other) is False


@pytest.mark.parametrize(
    ("standing_", "expected"),
    [
        (Standing(presence=STOPPED, bound=False), "ok"),
        (Standing(presence=STOPPED, bound=True), "fail"),
        (Standing(presence=STOPPED, bound=True, holders=[THEIRS]), "fail"),
        (Standing(presence=RUNNING, bound=True, holders=[OURS], service=812), "ok"),
        (Standing(presence=RUNNING, bound=True, holders=[THEIRS, OURS], service=812), "ok"),
        (Standing(presence=RUNNING, bound=True, holders=[THEIRS], service=812), "fail"),
        (Standing(presence=RUNNING, bound=True, service=812), "ok"),
        (Standing(presence=RUNNING, bound=False, service=812), "fail"),
        (Standing(presence=RUNNING, bound=False, service=812, visible=False), "unknown"),
        (Standing(presence=UNKNOWN, bound=True), "unknown"),
    ],
    ids=[
        "free",
        "taken by somebody we may not see",
        "taken",
        "ours",
        "ours beside another",
        "taken while we run",
        "probably ours",
        "nobody listens",
        "another network",
        "nothing is known",
    ],
)
def test_how_an_address_stands(standing_, expected):
    """Free before the start, ours while it runs."""
    assert listener(an_address(), standing_).status.value == expected


def test_who_has_it_is_named():
    """To know what to stop."""
    taken = Standing(presence=STOPPED, bound=True, holders=[THEIRS])

    assert listener(an_address(), taken).found.en == (
        "udp 127.0.0.1:5514 is taken by nginx (process 99)."
    )


def test_a_low_port():
    """It needs a right."""
    assert low(an_address(port=514)).status.value == "warn"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([an_address()], "warn"),
        ([an_address("0.0.0.0")], "ok"),
        ([an_address("::1", name="public")], "warn"),
        ([an_address(name="soc"), an_address("192.0.2.1")], "ok"),
    ],
)
def test_what_others_can_reach(addresses, expected):
    """The SOC's listener may be for this machine alone."""
    assert reach(addresses).status.value == expected


def test_real_ports_while_the_service_is_stopped(patient, standing, free_port):
    """One is taken, by this very process."""
    with listening() as taken:
        settings = with_ports(taken, free_port, udp="0.0.0.0:0")
        checks = list(examine_ports(replace(patient, settings=settings)))

    assert standing(checks) == [
        ("ports.listen:soc", "fail"),
        ("ports.listen:public", "ok"),
        ("ports.reach", "warn"),
    ]
    assert f"(process {os.getpid()})" in checks[0].found.en


def test_real_ports_while_the_service_runs(patient, standing, free_port):
    """This process is the service; nothing listens on the other one."""
    running = replace(patient, presence=RUNNING, pid=os.getpid())
    with listening() as ours:
        settings = with_ports(ours, free_port, tcp="0.0.0.0:0")
        checks = standing(examine_ports(replace(running, settings=settings)))

    assert checks[:2] == [("ports.listen:soc", "ok"), ("ports.listen:public", "fail")]


def test_a_service_that_cannot_be_seen(patient, standing):
    """It may run in a container of its own: nothing is said about its ports."""
    running = replace(patient, presence=RUNNING, settings=with_ports(1024, 1025, udp="[::1]:0"))

    assert standing(examine_ports(running))[:2] == [
        ("ports.listen:soc", "unknown"),
        ("ports.listen:public", "unknown"),
    ]


def test_a_low_port_is_told_where_the_right_is_missing(patient, standing, monkeypatch):
    """By this user."""
    monkeypatch.setattr(linux, "first_free_port", lambda: 1 << 16)
    monkeypatch.setattr(linux, "may_bind_low", lambda: False)
    settings = with_ports(8443, 8444, udp="[::1]:3")

    assert ("ports.low:syslog-udp", "warn") in standing(
        examine_ports(replace(patient, settings=settings))
    )


def test_what_is_wrong_in_the_settings_is_not_judged(patient, tmp_path, standing):
    """The default port is nobody's choice."""
    config = tmp_path / "s.yml"
    config.write_text("web: 7\ninputs: []\n", encoding="utf-8")
    reading = read_settings(config)

    checks = standing(examine_ports(replace(patient, reading=reading, settings=reading.settings)))

    assert checks == [("ports.reach", "ok")]
