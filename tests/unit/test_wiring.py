"""Settings become objects: what is chosen, what is refused."""

from contextlib import closing
from pathlib import Path

import pytest

from sentinel import wiring
from sentinel.documents import SourceText
from sentinel.errors import AlreadyRunning, SentinelError
from sentinel.model.ids import Offset
from sentinel.ports import AlertQuery
from sentinel.settings import load_settings
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer


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


def test_the_shipped_rules_load_without_a_fault():
    """And only those named when paths are named."""
    settings = wiring.load(None)
    rules = wiring.load_rules(settings, None)

    assert rules.refused == ()
    assert len(rules.cards) >= 20
    folder = Path(__file__).parents[2] / "rules" / "linux"
    assert 0 < len(wiring.load_rules(settings, [folder]).cards) < len(rules.cards)


def test_the_mail_server_of_the_settings_or_the_spool(tmp_path):
    """As long as no server is set, mails are files."""
    assert isinstance(wiring.mailer(_settings(tmp_path)), SpoolMailer)
    named = _settings(tmp_path, "mail: {server: 127.0.0.1, port: 2525, tls: none}\n")
    assert isinstance(wiring.mailer(named), SmtpMailer)


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


def test_a_house_is_built_once_a_folder(tmp_path):
    """A second service over the same data folder is refused, and the first goes on."""
    settings = _settings(tmp_path)
    with closing(wiring.build(settings)) as house:
        with pytest.raises(AlreadyRunning):
            wiring.build(settings)

        assert house.pipeline.step() == 0
        assert house.pipeline.lag() == 0


def test_a_state_without_its_journal_is_refused(tmp_path):
    """Offsets mean nothing in another journal: going on would pass over what comes in."""
    settings = _settings(tmp_path)
    wiring.build(settings).close()
    (settings.data / "journal").rename(tmp_path / "old")

    with pytest.raises(SentinelError, match="put the right journal back"):
        wiring.build(settings)


def test_a_journal_that_is_older_than_the_state_is_refused(tmp_path):
    """It would give offsets out again, and what comes at those would never be detected on."""
    settings = _settings(tmp_path)
    wiring.build(settings).close()
    state = wiring.open_state(settings)
    with state.transaction() as writer:
        writer.advance(Offset(7))
    state.close()

    with pytest.raises(SentinelError, match=r"seen record 7, but the journal ends at 0"):
        wiring.build(settings)


def test_every_file_is_let_go_even_where_one_makes_trouble(tmp_path, monkeypatch):
    """A disk that is full when the service stops keeps nothing locked."""
    settings = _settings(tmp_path)
    house = wiring.build(settings)

    def refused():
        raise OSError("no space left on device")

    monkeypatch.setattr(house.store, "seal", refused)
    with pytest.raises(OSError, match="no space"):
        house.close()

    wiring.build(settings).close()


def test_nobody_else_on_the_machine_reads_what_is_kept(tmp_path):
    """Log lines, letters and links are the agencies', also where the folder was there before."""
    settings = _settings(tmp_path)
    settings.data.mkdir(mode=0o755)
    house = wiring.build(settings)
    open_to_others = [path for path in settings.data.iterdir() if path.stat().st_mode & 0o077]
    house.close()

    assert {path.name for path in settings.data.iterdir()} >= {"state.db", "journal", "events"}
    assert open_to_others == []
