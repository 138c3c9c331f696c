"""What Linux tells everybody."""

import fcntl
import os
import socket
import sys
from ipaddress import IPv4Address, IPv6Address

import pytest

from sentinel.doctor import linux
from sentinel.doctor.linux import BoundSocket, Presence, Process, Transport

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when ...  inode\n"
TAIL = "00000000:00000000 00:00000000 00000000     0        0"

little_endian = pytest.mark.skipif(sys.byteorder != "little", reason="tables of such a machine")


@little_endian
def test_listening_sockets_of_a_table():
    """A connection is no listener; UDP has no such state."""
    table = (
        HEAD
        + f"   0: 0100007F:1F90 00000000:0000 0A {TAIL} 111 1 0000000000000000 100 0 0 10 0\n"
        + f"   1: 0100007F:1F90 0200007F:9C40 01 {TAIL} 222 1 0000000000000000 20 4 30 10 -1\n"
    )

    assert [
        BoundSocket(transport=Transport.TCP, address=IPv4Address("127.0.0.1"), port=8080, inode=111)
    ] == list(linux.parse_sockets(Transport.TCP, table))
    assert [each.inode for each in linux.parse_sockets(Transport.UDP, table)] == [111, 222]


@little_endian
def test_an_address_of_ipv6():
    """Each 32 bits in the machine's order."""
    row = f"   0: B80D0120000000000000000001000000:0202 {'0' * 32}:0000 07 {TAIL} 5 2 0 0\n"

    (found,) = linux.parse_sockets(Transport.UDP, HEAD + row)

    assert (found.address, found.port) == (IPv6Address("2001:db8::1"), 514)


@pytest.mark.parametrize(
    ("kind", "transport"),
    [(socket.SOCK_STREAM, Transport.TCP), (socket.SOCK_DGRAM, Transport.UDP)],
)
def test_a_real_socket_is_found_with_its_program(kind, transport):
    """Ours."""
    with socket.socket(socket.AF_INET, kind) as bound:
        bound.bind(("127.0.0.1", 0))
        if transport is Transport.TCP:
            bound.listen()
        port = bound.getsockname()[1]

        (found,) = [
            each for each in linux.sockets() if (each.transport, each.port) == (transport, port)
        ]
        holder = linux.holder(found.inode)

    assert found.address == IPv4Address("127.0.0.1")
    assert holder == Process(pid=os.getpid(), name=linux.process_name(os.getpid()))


def test_a_kernel_without_ipv6(tmp_path):
    """It has no such tables."""
    (tmp_path / "net").mkdir()
    for name in ("tcp", "udp"):
        (tmp_path / "net" / name).write_text(HEAD, encoding="ascii")

    assert linux.sockets(tmp_path) == []


def test_a_socket_that_nobody_we_see_has(tmp_path):
    """A process whose files are another's is passed over."""
    (tmp_path / "1" / "fd").mkdir(parents=True)
    (tmp_path / "2").mkdir()
    (tmp_path / "net").mkdir()

    assert linux.holder(4711, tmp_path) is None


def test_a_lock_tells_whether_the_service_runs(tmp_path):
    """Asking does not take it."""
    lock = tmp_path / "lock"
    before = linux.presence(lock)
    lock.touch()
    free = linux.presence(lock)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        taken = (linux.presence(lock), linux.lock_holder(lock))

    assert (before, free) == (Presence.STOPPED, Presence.STOPPED)
    assert taken == (Presence.RUNNING, os.getpid())
    assert (linux.presence(lock), linux.lock_holder(lock)) == (Presence.STOPPED, None)


def test_a_lock_that_cannot_be_opened(tmp_path):
    """Not to see is not "stopped"."""
    lock = tmp_path / "lock"
    lock.symlink_to(lock)  # a loop, even for root

    assert linux.presence(lock) is Presence.UNKNOWN


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("1: FLOCK  ADVISORY  WRITE 812 fe:00:77 0 EOF\n", 812),
        ("1: POSIX  ADVISORY  WRITE 812 fe:00:77 0 EOF\n", None),
        ("1: FLOCK  ADVISORY  READ 812 fe:00:77 0 EOF\n", None),
        ("1: FLOCK  ADVISORY  WRITE 812 fe:00:770 0 EOF\n", None),
        ("1: FLOCK  ADVISORY  WRITE 0 fe:00:77 0 EOF\n", None),
        ("", None),
    ],
    ids=["ours", "another kind", "shared", "another file", "another namespace", "none"],
)
def test_who_holds_a_lock(table, expected):
    """An exclusive flock on this inode, by a process that we see."""
    assert linux.parse_locks(table, 77) == expected


def test_networks(tmp_path):
    """Ours is ours; of a process that is gone nothing is known."""
    assert linux.same_network(os.getpid()) is True
    assert linux.same_network(1, tmp_path) is None


@pytest.mark.parametrize(("text", "expected"), [("80\n", 80), ("odd", 1024), (None, 1024)])
def test_the_first_port_for_everybody(tmp_path, text, expected):
    """A setting of the kernel; 1024 where it does not tell."""
    path = tmp_path / "sys" / "net" / "ipv4" / "ip_unprivileged_port_start"
    path.parent.mkdir(parents=True)
    if text is not None:
        path.write_text(text, encoding="ascii")

    assert linux.first_free_port(tmp_path) == expected


@pytest.mark.parametrize(
    ("effective", "expected"), [("0000000000000400", True), ("00000000000003ff", False)]
)
def test_the_right_to_low_ports(tmp_path, effective, expected):
    """CAP_NET_BIND_SERVICE."""
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "status").write_text(f"Name:\tx\nCapEff:\t{effective}\n", encoding="ascii")

    assert linux.may_bind_low(tmp_path) is expected


def test_without_that_file_root_may(tmp_path, monkeypatch):
    """The user decides."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert linux.may_bind_low(tmp_path) is True
