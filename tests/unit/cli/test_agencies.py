"""The registry on a terminal."""

import pytest

from sentinel import wiring
from sentinel.errors import Fault, RegistryError
from sentinel.model.agency import Others
from tests.samples import an_agency


def test_the_list(run, desk):
    """A row an agency."""
    row = run("agencies", "list").out.splitlines()[1]

    assert row.split() == ["so-a", "Department", "A", "1", "1", "1", "60", "at-once"]


def test_one_agency(run, desk):
    """Contacts, systems, sources, and when it is warned."""
    desk.agencies_ = [an_agency(code="H00.01", parent="top")]

    shown = run("agencies", "show", "so-a").out

    for expected in (
        "Department A (so-a)",
        "Identification code: H00.01",
        "Superior: top",
        "truc@so-a.example",
        "level 3",
        "the whole input",
        "From score 60 on, at-once, TLP:AMBER",
    ):
        assert expected in shown


def test_one_that_is_not_there(run, desk):
    """Refused, with a way to go on."""
    done = run("agencies", "show", "so-z")

    assert (done.code, done.out) == (1, "")
    assert done.err == "there is no agency 'so-z'; `sentinel agencies list` names them all\n"


def test_for_machines(run, desk):
    """The API's agencies."""
    assert [one["id"] for one in run("agencies", "list", "--json").json] == ["so-a"]
    assert (
        run("agencies", "show", "so-a", "--json").json["contacts"][0]["email"]
        == "truc@so-a.example"
    )


def test_importing(run, desk, monkeypatch):
    """It says who, and what was changed."""
    monkeypatch.setattr(wiring, "read_agencies", lambda path: (an_agency(), an_agency(id="so-b")))

    done = run("agencies", "import", "agencies.yml", "--as", "An")

    assert desk.asked == [("import", ("so-a", "so-b"), "An", Others.KEEP)]
    run("agencies", "import", "agencies.yml", "--replace", "--as", "An")
    assert desk.asked[-1][-1] is Others.REMOVE
    assert done.out == "Agencies read: 2. Added, changed or removed: so-a, so-b\n"
    assert run("agencies", "import", "agencies.yml", "--json").json == {
        "read": 2,
        "changed": ["so-a", "so-b"],
    }


@pytest.mark.parametrize("error", [RegistryError([Fault("a.yml:3", "no"), Fault("a.yml:7", "no")])])
def test_a_file_with_faults_changes_nothing(run, desk, monkeypatch, error):
    """All faults are told, and the desk is not asked."""

    def refused(path):
        raise error

    monkeypatch.setattr(wiring, "read_agencies", refused)

    done = run("agencies", "import", "a.yml")

    assert (done.code, done.out, done.err) == (1, "", "a.yml:3: no\na.yml:7: no\n")
    assert desk.asked == []
