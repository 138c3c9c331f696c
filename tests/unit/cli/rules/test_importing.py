"""`sentinel rules import`: files as they were, a manifest beside them, edits left alone."""

import json

import pytest

from sentinel.settings import Settings
from sentinel.settings.file import RulesSettings


def a_rule(number, extra=""):
    return (
        f"title: Rule {number}\nid: 11111111-1111-4111-8111-11111111111{number}\n"
        "author: Somebody\nlogsource: {product: linux}\n"
        f"detection: {{selection: {{a: {number}}}, condition: selection}}\nlevel: low\n{extra}"
    )


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "public"
    (folder / "linux").mkdir(parents=True)
    (folder / "LICENSE").write_text("Detection Rule License (DRL) 1.1", encoding="utf-8")
    (folder / "linux" / "one.yml").write_text(a_rule(1), encoding="utf-8")
    (folder / "two.yml").write_text(a_rule(2), encoding="utf-8")
    return folder


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules.d"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path, rules):
    return Settings(
        data=tmp_path / "data",
        language="en",
        inputs=(),
        rules=RulesSettings(shipped=False, paths=(rules,)),
    )


@pytest.fixture
def bring(run, desk, source):
    return lambda *options: run("rules", "import", source, *options)


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def test_rules_come_in_byte_for_byte_with_their_licence(bring, source, rules):
    """Into a folder of the source's name, with a manifest."""
    done = bring()

    assert (done.code, done.err) == (0, "")
    assert "new 2, changed 0" in done.out
    assert done.out.endswith("Rules: 2. Licence: DRL 1.1\n")
    files = _files(rules / "public")
    manifest = json.loads(files.pop(".sentinel-import.json"))
    assert files == _files(source)
    assert (manifest["source"], manifest["licence"], manifest["rules"]) == ("public", "DRL 1.1", 2)


def test_a_second_time_changes_nothing(bring, rules):
    """Not even the date."""
    bring()
    before = _files(rules)

    assert "new 0, changed 0, same 2" in bring().out
    assert _files(rules) == before


def test_a_dry_run_writes_nothing(bring, rules):
    """It says the same."""
    done = bring("--dry-run")

    assert ("new 2" in done.out, "Nothing was written" in done.out) == (True, True)
    assert _files(rules) == {}


def test_what_changed_at_the_source_is_changed_here(bring, source, rules):
    """As long as nobody has touched it here."""
    bring()
    (source / "two.yml").write_text(a_rule(2, "status: test\n"), encoding="utf-8")

    done = bring()

    assert "changed: two.yml" in done.out
    assert (rules / "public" / "two.yml").read_text(encoding="utf-8").endswith("status: test\n")


def test_what_was_edited_here_stays_and_the_sources_version_lies_beside_it(bring, source, rules):
    """Not as a rule: two of one id would be a fault."""
    bring()
    mine = rules / "public" / "two.yml"
    mine.write_text(a_rule(2, "# ours\n"), encoding="utf-8")
    (source / "two.yml").write_text(a_rule(2, "status: test\n"), encoding="utf-8")

    done = bring()

    assert "edited: two.yml" in done.out
    assert mine.read_text(encoding="utf-8").endswith("# ours\n")
    beside = mine.with_name("two.yml.upstream")
    assert beside.read_bytes() == (source / "two.yml").read_bytes()


def test_an_edit_that_is_overwritten_is_kept_beside(bring, source, rules):
    """Only when it is asked for."""
    bring()
    mine = rules / "public" / "two.yml"
    mine.write_text(a_rule(2, "# ours\n"), encoding="utf-8")

    bring("--overwrite")

    assert mine.read_bytes() == (source / "two.yml").read_bytes()
    assert b"# ours" in mine.with_name("two.yml.local-edit").read_bytes()


def test_what_is_gone_at_the_source_stays_until_it_is_pruned(bring, source, rules):
    """To detect less is never decided in passing."""
    bring()
    (source / "two.yml").unlink()

    assert "gone: two.yml" in bring().out
    assert (rules / "public" / "two.yml").exists()
    bring("--prune")
    assert not (rules / "public" / "two.yml").exists()


def test_a_rule_that_moved_does_not_stand_twice(bring, source, rules):
    """Two of one id would be a fault."""
    bring()
    (source / "two.yml").rename(source / "linux" / "two.yml")

    assert "moved: two.yml" in bring().out
    assert sorted(path.name for path in (rules / "public").rglob("*.yml")) == ["one.yml", "two.yml"]
    assert (rules / "public" / "linux" / "two.yml").exists()


def test_what_does_not_load_is_refused_by_name(bring, source, rules):
    """The others come in; exit 1."""
    (source / "two.yml").write_text(a_rule(2, "status: nonsense\n"), encoding="utf-8")

    done = bring()

    assert (done.code, "refused 1" in done.out) == (1, True)
    assert f"{source}/two.yml:7: status" in done.err
    assert not (rules / "public" / "two.yml").exists()
    assert (rules / "public" / "linux" / "one.yml").exists()


def test_what_counts_a_refused_rule_is_refused_with_it(bring, source, rules):
    """A file that holds a fault takes its good rules along."""
    bad = a_rule(2, "name: two\n") + "---\n" + a_rule(3, "status: nonsense\n")
    (source / "two.yml").write_text(bad, encoding="utf-8")
    (source / "count.yml").write_text(
        "title: Count\nid: 22222222-2222-4222-8222-222222222222\nlevel: low\n"
        "correlation: {type: event_count, rules: [two], timespan: 1m, condition: {gte: 2}}\n",
        encoding="utf-8",
    )

    done = bring()

    assert (done.code, "refused 2" in done.out) == (1, True)
    assert [path.name for path in (rules / "public").rglob("*.yml")] == ["one.yml"]


def test_an_id_of_another_rule_here_is_refused(bring, source, rules):
    """The operator's own rule goes on as it is."""
    (rules / "own.yml").write_text(a_rule(1), encoding="utf-8")

    done = bring()

    assert done.code == 1
    assert f"a rule of this id stands at {rules}/own.yml:1 already" in done.err


def test_single_files(run, desk, source, rules):
    """Into a folder for such; nothing is said of files that were not given."""
    run("rules", "import", source / "two.yml")
    done = run("rules", "import", source / "linux" / "one.yml")

    assert "new 1, changed 0, same 0, moved 0" in done.out
    assert "gone at the source 0" in done.out
    names = sorted(path.name for path in (rules / "single-files").glob("*.yml"))
    assert names == ["one.yml", "two.yml"]


def test_for_machines(bring):
    """Every file by what became of it."""
    told = bring("--json").json

    assert told["files"]["new"] == ["linux/one.yml", "two.yml"]
    assert (told["licence"], told["rules"], told["dry_run"]) == ("DRL 1.1", 2, False)


def test_a_folder_that_is_not_loaded_is_said(bring, tmp_path):
    """Rules that nobody loads detect nothing."""
    done = bring("--to", tmp_path / "elsewhere", "--name", "sigma", "--licence", "MIT")

    assert "is not in `rules.paths`" in done.err
    assert (tmp_path / "elsewhere" / "sigma" / "two.yml").exists()
    assert done.out.endswith("Licence: MIT\n")


def test_without_a_folder_there_is_a_way_out(run, monkeypatch, source, tmp_path):
    """Settings or --to."""
    from sentinel import wiring  # noqa: PLC0415 - only this test replaces the settings

    bare = Settings(data=tmp_path / "data", language="en", inputs=())
    monkeypatch.setattr(wiring, "load", lambda config: bare)

    done = run("rules", "import", source)

    assert done.code == 1
    assert "no folder for rules is set; allowed: a folder in `rules.paths`" in done.err


@pytest.mark.parametrize("paths", [["nowhere"], ["public", "public/two.yml"]])
def test_wrong_sources(run, desk, tmp_path, source, paths):
    """Nothing there, or a folder beside other things."""
    assert run("rules", "import", *(tmp_path / path for path in paths)).code == 1


def test_a_manifest_that_is_none_is_refused(bring, rules):
    """It would be overwritten else."""
    bring()
    (rules / "public" / ".sentinel-import.json").write_text("{}", encoding="utf-8")

    done = bring()

    assert (done.code, "move the folder away to begin anew" in done.err) == (1, True)


def test_the_licence_reaches_the_rules_card(bring, settings):
    """And with it alerts and warnings."""
    from sentinel import assembly  # noqa: PLC0415 - it takes a second to import

    bring()

    assert {card.licence for card in assembly.load_rules(settings).cards} == {"DRL 1.1"}
