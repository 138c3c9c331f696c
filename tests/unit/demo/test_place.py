"""Where the demo lives: only a folder of its own is emptied, and taken ports are said first."""

import re
import socket

import pytest

from sentinel import wiring
from sentinel.demo import place
from sentinel.demo.place import MARK, Ports
from sentinel.errors import AlreadyRunning, PortTaken, SentinelError
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.text import Language


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


@pytest.fixture
def folder(tmp_path):
    """A folder that a demo made, with what it left."""
    folder = tmp_path / "data-demo"
    place.claim(folder)
    (folder / "state.db").write_text("x")
    (folder / "events").mkdir()
    (folder / "events" / "1.parquet").write_text("x")
    return folder


def _names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_new_folder_is_made_for_its_owner_alone(tmp_path):
    """With the sentence that says whose it is."""
    place.claim(tmp_path / "below" / "data-demo")

    assert (tmp_path / "below" / "data-demo").stat().st_mode & 0o777 == 0o700
    assert "everything in it is removed" in (tmp_path / "below" / "data-demo" / MARK).read_text()


def test_an_empty_folder_may_be_taken(tmp_path):
    """There is nothing to lose."""
    place.claim(tmp_path)

    assert _names(tmp_path) == [MARK]


def test_claiming_alone_removes_nothing(folder):
    """For those who go on with an earlier demo."""
    place.claim(folder)

    assert _names(folder) == sorted(["events", MARK, "state.db"])


def test_a_demo_s_folder_is_emptied(folder):
    """All but the mark."""
    place.empty(folder)

    assert _names(folder) == [MARK]


def test_what_a_link_points_to_is_not_emptied(folder, tmp_path):
    """The link goes, the folder behind it stays."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis").write_text("x")
    (folder / "link").symlink_to(mine)

    place.empty(folder)

    assert (_names(folder), _names(mine)) == ([MARK], ["thesis"])


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    """And stays as it is."""
    (tmp_path / "thesis").write_text("x")

    with pytest.raises(SentinelError, match=re.escape(f"{tmp_path} was not made by the demo")):
        place.claim(tmp_path)

    assert _names(tmp_path) == ["thesis"]


def test_a_mark_that_leads_elsewhere_is_nobody_s(tmp_path):
    """Whoever laid it wants what it leads to to be written over."""
    precious = tmp_path / "precious"
    precious.write_text("x")
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / MARK).symlink_to(precious)

    with pytest.raises(SentinelError, match="was not made by the demo"):
        place.claim(trap)

    assert precious.read_text() == "x"


def test_a_file_is_no_folder(tmp_path):
    """In the same sentence."""
    file = tmp_path / "file"
    file.write_text("x")

    with pytest.raises(SentinelError, match="another one with --data"):
        place.claim(file)


def test_a_folder_that_a_service_works_in_is_refused(folder):
    """Another demo on other ports must not lose its data."""
    (folder / "journal").mkdir()
    journal = SqliteJournal(folder / "journal")
    try:
        with pytest.raises(AlreadyRunning, match="stop it first"):
            place.claim(folder)
    finally:
        journal.close()

    place.claim(folder)


def test_the_usual_ports(tmp_path):
    """Those of `run`, and two that only the demo has."""
    assert place.plan(Language.EN).ports == Ports(
        console=8443, public=8444, mailbox=8445, mail=8025, syslog=5514
    )


def test_all_ports_move_together():
    """The way out where one is taken."""
    assert place.plan(Language.EN, 10_000).ports == Ports(
        console=18443, public=18444, mailbox=18445, mail=18025, syslog=15514
    )


@pytest.mark.parametrize("language", Language)
def test_the_settings_that_are_written_can_be_used_by_every_command(tmp_path, language):
    """They name the folder they stand in, its registry, the language and the moved ports."""
    file = place.plan(language, 10_000).write(tmp_path)

    settings = wiring.load(file)

    assert settings.data.resolve() == tmp_path.resolve()
    assert [agency.id for agency in wiring.first_agencies(settings)] == ["so-a", "tinh-b", "bo-c"]
    assert settings.language is language
    assert (settings.web.soc.port, settings.web.public.port) == (18443, 18444)
    assert (settings.mail.server, settings.mail.port, settings.mail.tls) == (
        "127.0.0.1",
        18025,
        "none",
    )
    options = settings.inputs[0].options
    assert (options.udp, options.tcp) == ("127.0.0.1:15514", "127.0.0.1:15514")


@pytest.mark.parametrize("name", ["console", "public", "mailbox", "mail", "syslog"])
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_taken_port_is_one_sentence_with_a_way_out(name, kind):
    """Syslog is heard on UDP too, the others are not."""
    ports = {each: _free_port() for each in ("console", "public", "mailbox", "mail", "syslog")}
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", ports[name]))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        if kind is socket.SOCK_DGRAM and name != "syslog":
            place.check_ports(Ports(**ports))
            return
        with pytest.raises(PortTaken, match=f"port {ports[name]} is in use.*--shift 10000"):
            place.check_ports(Ports(**ports))


def test_a_checked_port_is_free_again():
    """Looking takes nothing."""
    ports = Ports(
        **{each: _free_port() for each in ("console", "public", "mailbox", "mail", "syslog")}
    )

    place.check_ports(ports)

    place.check_ports(ports)
