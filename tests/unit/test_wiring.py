"""Settings become objects: which file, which registry, whose token."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import structlog

from sentinel import wiring
from sentinel.documents import SourceText
from sentinel.errors import SentinelError
from sentinel.model.person import PersonRole
from sentinel.ports import AlertQuery, Tables
from sentinel.settings import load_settings


def _settings(folder: Path, text: str = "journal: {reserve_mb: 1}\n"):
    known = wiring.collectors().by_name
    return load_settings(SourceText("sentinel.yml", text), folder, known)


def test_settings_are_those_named_then_the_local_ones_then_the_shipped(tmp_path, monkeypatch):
    """Relative paths start from the settings' folder, the shipped ones from where one stands."""
    monkeypatch.chdir(tmp_path)
    assert wiring.load(None).data == tmp_path / "data"

    (tmp_path / "sentinel.yml").write_text("data: here\n")
    assert wiring.load(None).data == tmp_path / "here"

    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "named.yml").write_text("data: there\n")
    assert wiring.load(Path("etc/named.yml")).data == tmp_path / "etc" / "there"


def test_a_new_registry_begins_with_the_example_and_is_never_overwritten(tmp_path):
    """What was imported or removed later stays so."""
    settings = _settings(tmp_path)
    with wiring.open_desk(settings) as desk:
        before = desk.agencies()
        assert len(before) == 1
        renamed = wiring.read_agencies(_renamed_example(tmp_path))
        desk.import_agencies(renamed, "lan")

    with wiring.open_desk(settings) as desk:
        assert desk.agencies() == list(renamed)
        assert desk.alerts(AlertQuery()) == []


def _renamed_example(folder: Path) -> Path:
    example = wiring.shipped("config").joinpath("agencies.example.yml").read_text("utf-8")
    path = folder / "agencies.yml"
    path.write_text(example.replace("Sở A", "Sở B"))
    return path


def test_an_api_token_is_shown_once_and_kept_as_a_hash(tmp_path):
    """The first start makes one; later ones are asked for."""
    settings = _settings(tmp_path)
    with closing(wiring.open_state(settings)) as state:
        first = wiring.first_token(state)
        assert first is not None
        assert wiring.first_token(state) is None
        made = wiring.make_token(state, "máy của lan")

        assert wiring.check_token(state, first) == "admin"
        assert wiring.check_token(state, made) == "máy của lan"
        assert wiring.check_token(state, "another") is None
    assert first.encode() not in (settings.data / "state.db").read_bytes()


@pytest.fixture
def _log_as_before():
    """What a test configures counts for it alone."""
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_log_as_before")
def test_people_are_kept_in_the_state_database_whether_or_not_the_service_runs(tmp_path, capsys):
    """A command adds them; what is logged of it leaves standard output to the answer."""
    settings = _settings(tmp_path)
    with wiring.open_accounts(settings) as accounts:
        _, password = accounts.add("lan", PersonRole.ANALYST, "root")

    with wiring.open_accounts(settings) as accounts:
        token, person = accounts.log_in("lan", password)
        assert person == accounts.who(token)

    said = capsys.readouterr()
    assert said.out == ""
    assert "person_added" in said.err
    assert password not in said.err


def test_a_password_costs_what_rfc_9106_recommends_and_a_session_ends_as_the_settings_say(tmp_path):
    """argon2id with 64 MiB; minutes without acting."""
    settings = _settings(tmp_path, "web: {soc: {idle_minutes: 5}}\n")
    with closing(wiring.open_state(settings)) as state:
        accounts = wiring.accounts(state, settings)
        made = accounts.first_admin()
        assert made is not None
        token, person = accounts.log_in(*made)
        with state.transaction() as writer:
            session = writer.session(sha256(token.encode()).hexdigest())
            writer.put_session(replace(session, seen=session.seen - timedelta(minutes=5)))

        assert "$argon2id$v=19$m=65536,t=3,p=4$" in person.password
        assert accounts.who(token) is None


def test_a_look_at_the_state_makes_nothing_and_sees_what_is_there(tmp_path):
    """For the doctor."""
    settings = _settings(tmp_path)
    with pytest.raises(SentinelError, match=r"state\.db"), wiring.look_at_state(settings):
        pass
    assert not settings.data.exists()

    wiring.open_state(settings).close()

    with wiring.look_at_state(settings) as seen:
        assert seen.tables() is Tables.CURRENT


def test_wal_is_for_repaired_versions_of_sqlite():
    """The others could lose a commit."""
    assert [wiring.may_use_wal(version) for version in ((3, 51, 2), (3, 51, 3))] == [False, True]
