"""Rules that change are noticed, read and handed over; what stops that is told."""

import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog

from sentinel import assembly
from sentinel.errors import SentinelError
from sentinel.service import reload as reload_module
from sentinel.service.reload import Reloader
from sentinel.store.state_memory import MemoryState

GOOD = """
title: {title}
id: {id}
logsource: {{product: linux}}
detection: {{selection: {{event.action: "{action}"}}, condition: selection}}
"""


def a_rule(number, action="ssh_login"):
    return GOOD.format(
        title=f"Rule {number}", id=f"44444444-4444-4444-8444-{number:012}", action=action
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yml").write_text(a_rule(1))
    return tmp_path / "rules"


@pytest.fixture
def house(settings, folder):
    """As much of a house as rules need; what the pipeline was given is remembered."""
    rules = settings.rules.model_copy(update={"shipped": False, "paths": (folder,)})
    settings = settings.model_copy(update={"rules": rules})
    seen = assembly.look_at_rules(settings)
    given = []
    return SimpleNamespace(
        settings=settings,
        rules=assembly.plan_rules(settings).rules,
        rules_seen=seen,
        state=MemoryState(),
        pipeline=SimpleNamespace(renew=given.append),
        given=given,
    )


@pytest.fixture
def logged():
    with structlog.testing.capture_logs() as entries:
        yield entries


def events(logged):
    return [entry["event"] for entry in logged]


def test_nothing_is_read_as_long_as_nothing_changes(house, logged, monkeypatch):
    """A look from outside is cheap; reading is not."""
    reloader = Reloader(house)
    monkeypatch.setattr(assembly, "plan_rules", None)

    for _ in range(3):
        reloader.look()

    assert (house.given, events(logged)) == ([], [])


def test_a_change_is_taken_up_when_it_is_at_rest(house, folder, logged):
    """Not while somebody is still writing: two looks must see the same."""
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2)[:60])
    reloader.look()
    (folder / "b.yml").write_text(a_rule(2))
    reloader.look()
    assert house.given == []

    reloader.look()

    assert len(house.given) == 1
    assert [card.title for card in house.given[0]({}).cards] == ["Rule 1", "Rule 2"]
    assert len(reloader.rules.cards) == 2
    assert logged[0] == {
        "event": "rules_reloaded", "log_level": "info",
        "rules": 2, "refused": 0, "added": 1, "removed": 0, "changed": 0,
    }  # fmt: skip


def test_the_log_says_what_went_and_what_is_another(house, folder, logged):
    """Whoever takes a rule away by mistake sees it there."""
    (folder / "b.yml").write_text(a_rule(2))
    reloader = Reloader(house)
    reloader.ask()
    reloader.look()
    (folder / "a.yml").unlink()
    (folder / "b.yml").write_text(a_rule(2, action="su"))
    reloader.ask()

    reloader.look()

    numbers = {name: logged[1][name] for name in ("rules", "added", "removed", "changed")}
    assert numbers == {"rules": 1, "added": 0, "removed": 1, "changed": 1}


def test_who_asks_need_not_wait_for_a_second_look(house, folder):
    """SIGHUP: whoever sends it has finished writing."""
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2))
    reloader.ask()

    reloader.look()

    assert len(house.given) == 1


def test_files_that_say_the_same_change_nothing(house, folder, logged):
    """Touched, or written anew as they were: the engine at work stays."""
    reloader = Reloader(house)
    (folder / "a.yml").write_text(a_rule(1))
    reloader.ask()

    reloader.look()

    assert (house.given, events(logged)) == ([], [])


def test_the_good_ones_go_on_and_the_refused_are_told(house, folder):
    """A fault in one rule keeps no other from running."""
    reloader = Reloader(house)
    (folder / "a.yml").write_text(a_rule(1).replace("condition: selection", "condition: nothing"))
    (folder / "b.yml").write_text(a_rule(2))
    reloader.ask()

    reloader.look()

    assert [card.title for card in house.given[0]({}).cards] == ["Rule 2"]
    assert "a.yml" in str(reloader.rules.refused[0])
    assert reloader.problem == ""


def test_a_folder_that_is_gone_leaves_the_rules_at_work(house, folder, logged):
    """A mount that comes later must not switch detection off; when it is back, all is well."""
    reloader = Reloader(house)
    folder.rename(folder.with_name("away"))
    for _ in range(3):
        reloader.look()
    assert "so those of before go on" in reloader.problem
    assert (house.given, events(logged)) == ([], ["rules_not_reloaded"])
    folder.with_name("away").rename(folder)
    (folder / "b.yml").write_text(a_rule(2))

    for _ in range(3):
        reloader.look()

    assert (reloader.problem, len(reloader.rules.cards)) == ("", 2)


def test_a_folder_that_comes_back_as_it_was_ends_the_problem(house, folder, logged):
    """And nothing is swapped for its like."""
    reloader = Reloader(house)
    folder.rename(folder.with_name("away"))
    reloader.look()
    folder.with_name("away").rename(folder)

    for _ in range(2):
        reloader.look()

    assert (reloader.problem, house.given) == ("", [])
    assert events(logged) == ["rules_not_reloaded", "rules_reloaded"]


def test_an_empty_folder_is_an_order(house, folder):
    """Whoever takes every rule away gets none; the doctor says so, too."""
    reloader = Reloader(house)
    shutil.rmtree(folder)
    folder.mkdir()
    reloader.ask()

    reloader.look()

    assert house.given[0]({}).cards == ()


def test_windows_that_cannot_be_taken_up_leave_the_rules_at_work(house, folder, monkeypatch):
    """What the pipeline could not begin with is found out here, where it stops nothing."""

    def broken(rules):
        def make(windows):
            raise ValueError("these windows are odd")

        return make

    monkeypatch.setattr(assembly, "engines", broken)
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2))
    reloader.ask()

    reloader.look()

    assert house.given == []
    assert "these windows are odd" in reloader.problem
    assert len(reloader.rules.cards) == 1


def test_a_fault_of_ours_is_not_tried_again_until_something_changes(house, folder, monkeypatch):
    """Reading takes long: an error in our code must not keep the machine busy."""
    calls = []

    def fall(settings):
        calls.append(settings)
        raise KeyError("ours")

    monkeypatch.setattr(assembly, "plan_rules", fall)
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2))
    for _ in range(5):
        reloader.look()

    assert len(calls) == 1


def test_what_a_state_refuses_now_is_tried_again(house, folder, monkeypatch):
    """A locked database is no reason to keep the old rules for ever."""
    reading = house.state.reading

    def locked():
        monkeypatch.setattr(house.state, "reading", reading)
        raise SentinelError("locked")

    monkeypatch.setattr(house.state, "reading", locked)
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2))
    reloader.look()
    reloader.look()
    assert "locked" in reloader.problem

    reloader.look()

    assert (reloader.problem, len(house.given)) == ("", 1)


def test_the_thread_looks_by_itself_and_ends_when_closed(house, folder, monkeypatch):
    """Nobody has to ask."""
    monkeypatch.setattr(reload_module, "LOOK", timedelta(milliseconds=1))
    reloader = Reloader(house)
    (folder / "b.yml").write_text(a_rule(2))
    house.pipeline.renew = lambda make: (house.given.append(make), reloader.close())

    reloader.run()

    assert len(house.given) == 1
    assert reloader.problem == ""


def test_a_thread_that_falls_says_that_nobody_looks_any_more(house, monkeypatch):
    """Silence would look like rules that never change."""

    class UnknownError(Exception):
        pass

    def fall():
        raise UnknownError

    reloader = Reloader(house)
    monkeypatch.setattr(reloader, "look", fall)
    reloader.ask()

    with pytest.raises(UnknownError):
        reloader.run()

    assert "no longer noticed" in reloader.problem
