"""Settings become objects: which file, which registry, whose token."""

from contextlib import closing
from pathlib import Path

from sentinel import wiring
from sentinel.documents import SourceText
from sentinel.ports import AlertQuery
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
