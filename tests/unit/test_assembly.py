"""The whole house: what is chosen, what is refused, what is let go."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from sentinel import assembly, wiring
from sentinel.documents import SourceText
from sentinel.errors import AlreadyRunning, NotFound, SentinelError
from sentinel.model.ids import EventId, Offset, event_id
from sentinel.settings import load_settings
from sentinel.warn.smtp import SmtpMailer
from sentinel.warn.spool import SpoolMailer
from tests.samples import a_record


def _settings(folder: Path, text: str = "journal: {reserve_mb: 1}\n"):
    known = wiring.collectors().by_name
    return load_settings(SourceText("sentinel.yml", text), folder, known)


def test_the_shipped_rules_load_without_a_fault():
    """And only those named when paths are named."""
    settings = wiring.load(None)
    rules = assembly.load_rules(settings, None)

    assert rules.refused == ()
    assert len(rules.cards) >= 20
    folder = Path(__file__).parents[2] / "rules" / "linux"
    assert 0 < len(assembly.load_rules(settings, [folder]).cards) < len(rules.cards)


def test_rules_are_loaded_with_the_placeholders_of_the_settings(tmp_path):
    """Theirs stand in place of the shipped ones."""
    (tmp_path / "own.yml").write_text("Clerks: [bob]\n", encoding="utf-8")
    rule = tmp_path / "rule.yml"
    rule.write_text(
        "title: r\nlogsource: {category: test}\n"
        "detection: {sel: {user|expand: '%Clerks%'}, condition: sel}\n",
        encoding="utf-8",
    )
    own = _settings(tmp_path, "rules: {placeholders: own.yml}\n")

    assert assembly.load_rules(own, [rule]).refused == ()
    assert "%Clerks%" in str(assembly.load_rules(wiring.load(None), [rule]).refused[0])


def test_the_mail_server_of_the_settings_or_the_spool(tmp_path):
    """As long as no server is set, mails are files."""
    assert isinstance(assembly.mailer(_settings(tmp_path)), SpoolMailer)
    named = _settings(tmp_path, "mail: {server: 127.0.0.1, port: 2525, tls: none}\n")
    assert isinstance(assembly.mailer(named), SmtpMailer)


def test_a_house_is_built_once_a_folder(tmp_path):
    """A second service over the same data folder is refused, and the first goes on."""
    settings = _settings(tmp_path)
    with closing(assembly.build(settings)) as house:
        with pytest.raises(AlreadyRunning):
            assembly.build(settings)

        assert house.pipeline.step() == 0
        assert house.pipeline.lag() == 0


def test_a_state_without_its_journal_is_refused(tmp_path):
    """Offsets mean nothing in another journal: going on would pass over what comes in."""
    settings = _settings(tmp_path)
    assembly.build(settings).close()
    (settings.data / "journal").rename(tmp_path / "old")

    with pytest.raises(SentinelError, match="put the right journal back"):
        assembly.build(settings)


def test_a_journal_that_is_older_than_the_state_is_refused(tmp_path):
    """It would give offsets out again, and what comes at those would never be detected on."""
    settings = _settings(tmp_path)
    assembly.build(settings).close()
    state = wiring.open_state(settings)
    with state.transaction() as writer:
        writer.advance(Offset(7))
    state.close()

    with pytest.raises(SentinelError, match=r"seen record 7, but the journal ends at 0"):
        assembly.build(settings)


def test_every_file_is_let_go_even_where_one_makes_trouble(tmp_path, monkeypatch):
    """A disk that is full when the service stops keeps nothing locked."""
    settings = _settings(tmp_path)
    house = assembly.build(settings)

    def refused():
        raise OSError("no space left on device")

    monkeypatch.setattr(house.store, "seal", refused)
    with pytest.raises(OSError, match="no space"):
        house.close()

    assembly.build(settings).close()


def test_nobody_else_on_the_machine_reads_what_is_kept(tmp_path):
    """Log lines, letters and links are the agencies', also where the folder was there before."""
    settings = _settings(tmp_path)
    settings.data.mkdir(mode=0o755)
    house = assembly.build(settings)
    open_to_others = [path for path in settings.data.iterdir() if path.stat().st_mode & 0o077]
    house.close()

    assert {path.name for path in settings.data.iterdir()} >= {"state.db", "journal", "events"}
    assert open_to_others == []


def test_a_lost_state_beside_a_full_journal_is_refused(tmp_path):
    """Going on would warn every agency once more, under numbers that were given before."""
    settings = _settings(tmp_path)
    with closing(assembly.build(settings)) as house:
        house.journal.append([a_record()])
    (settings.data / "state.db").unlink()

    with pytest.raises(SentinelError, match="the journal holds 1 records"):
        assembly.build(settings)


def test_a_look_at_the_events_is_at_those_the_service_writes(tmp_path):
    """For the doctor: the same folder, and nothing is made in it."""
    settings = _settings(tmp_path)
    with closing(assembly.build(settings)):
        pass

    seen = assembly.look_at_events(settings)

    assert (seen.segments, seen.broken, seen.aside) == (0, (), ())
    assert assembly.events_folder(settings).is_dir()
    assert assembly.journal_folder(settings).is_dir()


def test_an_event_is_found_by_its_id_in_the_store_or_in_the_journal(tmp_path):
    """Beside a running service: what is not sealed yet is read from its record."""
    settings = _settings(tmp_path)
    with closing(assembly.build(settings)) as house:
        house.journal.append([a_record()])
        wanted = event_id(house.journal.id, Offset(1))

        from_journal = assembly.find_event(settings, wanted)
        house.store.append([replace(from_journal, raw="as it was stored")])
        house.store.seal()
        stored = assembly.find_event(settings, wanted)

    assert (from_journal.id, from_journal.fields["event.action"]) == (wanted, "ssh_login")
    assert stored.raw == "as it was stored"
    with pytest.raises(NotFound, match="there is no event 'nowhere'"):
        assembly.find_event(settings, EventId("nowhere"))


def test_nothing_is_odd_in_the_shipped_rules():
    """And every one of them is for something that is read here."""
    ruleset, findings = assembly.check_rules(wiring.load(None))

    assert len(ruleset.cards) >= 20
    assert findings == []


def test_rules_that_came_in_have_the_licence_of_their_folder(tmp_path):
    """As the manifest beside them says."""
    (tmp_path / "rule.yml").write_text(
        "title: r\nlogsource: {category: test}\ndetection: {sel: {a: b}, condition: sel}\n",
        encoding="utf-8",
    )
    manifest = '{"source": "x", "licence": "DRL 1.1", "imported": "2026-11-22T00:00:00Z"}'
    (tmp_path / ".sentinel-import.json").write_text(manifest, encoding="utf-8")

    (card,) = assembly.load_rules(_settings(tmp_path), [tmp_path]).cards

    assert card.licence == "DRL 1.1"


def test_the_service_keeps_its_rules_and_commands_find_them(tmp_path, monkeypatch):
    """Kept beside the other data, for this user alone; who only looks leaves nothing behind."""
    settings = _settings(tmp_path, "data: data\n")
    read = assembly.load_rules(settings)
    assert not settings.data.exists()

    planned = assembly.plan_rules(settings)

    (file,) = (settings.data / "kept").iterdir()
    assert (file.stat().st_mode & 0o777, settings.data.stat().st_mode & 0o777) == (0o600, 0o700)
    monkeypatch.setattr("sentinel.detect.sigma.load.load", None)
    assert assembly.load_rules(settings) == assembly.plan_rules(settings).rules == planned.rules
    assert read == planned.rules


def test_kept_rules_are_not_used_when_a_rule_or_a_placeholder_is_another(tmp_path):
    """Whatever has a part in what rules become is in the name of what is kept."""
    folder, values = tmp_path / "own", tmp_path / "values.yml"
    folder.mkdir()
    text = (
        "title: r\nlogsource: {category: test}\ndetection: {s: {a|expand: '%A%'}, condition: s}\n"
    )
    (folder / "rule.yml").write_text(text)
    values.write_text("A: one\n")
    settings = _settings(
        tmp_path, "rules: {shipped: false, paths: [own], placeholders: values.yml}\n"
    )
    plans = [assembly.plan_rules(settings)]
    values.write_text("A: two\n")
    plans.append(assembly.plan_rules(settings))
    (folder / "rule.yml").write_text(text.replace("title: r", "title: q"))
    plans.append(assembly.plan_rules(settings))

    assert len({repr(plan.rules) for plan in plans}) == 3
    assert len({plan.key for plan in plans}) == 3


def test_a_damaged_file_of_kept_rules_is_told_and_made_again(tmp_path):
    """The start takes longer; nothing else happens."""
    settings = _settings(tmp_path, "data: data\n")
    planned = assembly.plan_rules(settings)
    (file,) = (settings.data / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:-1])

    with structlog.testing.capture_logs() as logged:
        again = assembly.plan_rules(settings)

    assert [entry["event"] for entry in logged] == ["rules_not_kept"]
    assert "is damaged" in logged[0]["what"]
    assert again == planned == assembly.plan_rules(settings)


def test_a_second_start_does_not_import_pysigma(tmp_path):
    """The whole service is put together without it: it takes long to import, and longer to read."""
    (tmp_path / "sentinel.yml").write_text("data: data\njournal: {reserve_mb: 1}\n")
    code = (
        "import sys; from pathlib import Path; from sentinel import assembly, service, wiring\n"
        "assembly.build(wiring.load(Path('sentinel.yml'))).close()\n"
        "print('sigma' in sys.modules)"
    )

    said = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        ).stdout.split()[-1]
        for _ in range(2)
    ]

    assert said == ["True", "False"]
