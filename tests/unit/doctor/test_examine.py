"""Everything the doctor looks at: nothing is left out, nothing keeps the next look away."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sentinel.doctor.examine import SUBJECTS, Doctor, Subject, examine
from sentinel.doctor.reading import read_settings
from sentinel.doctor.say import as_is, ok
from sentinel.errors import SentinelError
from sentinel.model.checkup import CheckStatus
from tests.samples import FixedClock

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")


def named_in_the_code() -> set[str]:
    """Every id that a check can have, without the name of its listener or input."""
    subjects = "|".join(subject.name for subject in SUBJECTS)
    found = {
        name
        for source in (ROOT / "sentinel" / "doctor").glob("*.py")
        for name in re.findall(
            rf'"((?:{subjects})\.[a-z-]+)[:"]', source.read_text(encoding="utf-8")
        )
    }
    return found - {"state.db"}  # a file


def test_every_check_has_a_row_in_the_page_and_the_other_way_round():
    """An admin who looks an id up finds it."""
    rows = set(re.findall(r"^\| `([a-z0-9.-]+)(?::[A-Z]+)?` \|", PAGE, re.MULTILINE))

    assert rows == named_in_the_code()


def test_every_check_that_was_seen_is_one_of_them(patient):
    """The page is not fooled by how the code writes its ids."""
    rows = set(re.findall(r"^\| `([a-z0-9.-]+)(?::[A-Z]+)?` \|", PAGE, re.MULTILINE))

    assert {check.id.partition(":")[0] for check in examine(patient)} <= rows


def test_a_fresh_folder_has_no_failure_and_nothing_is_made(patient):
    """But that it has no input."""
    checks = examine(patient)

    assert [check.id for check in checks if check.status is CheckStatus.FAIL] == [
        "collectors.inputs"
    ]
    assert not patient.settings.data.exists()


def test_each_check_has_an_id_of_its_own(patient):
    """For machines."""
    names = [check.id for check in examine(patient)]

    assert sorted(names) == sorted(set(names))


def test_what_needs_doing_is_said(patient):
    """A remedy for everything that is not well; none is an empty sentence in either language."""
    for check in examine(patient):
        texts = [check.found, check.why, *([check.remedy] if check.remedy else [])]

        assert all(text.en and text.vi for text in texts), check.id
        assert check.status in {CheckStatus.OK, CheckStatus.UNKNOWN} or check.remedy, check.id


@pytest.mark.parametrize(
    "error",
    [SentinelError("odd"), OSError(5, "odd"), ValueError("odd"), KeyError("odd"), TypeError("odd")],
)
def test_a_look_that_breaks_off_is_told_and_the_next_is_taken(patient, standing, error):
    """What was seen before it counts."""

    def breaks(_patient):
        yield ok("a.seen", as_is("f"), as_is("w"))
        raise error

    def works(_patient):
        yield ok("b.seen", as_is("f"), as_is("w"))

    checks = examine(patient, [Subject("a", breaks), Subject("b", works)])

    assert standing(checks) == [("a.seen", "ok"), ("a.look", "unknown"), ("b.seen", "ok")]
    assert type(error).__name__ in checks[1].found.en


def test_what_may_not_be_seen_is_not_said_to_be_broken(patient, standing):
    """Another user has to look."""

    def forbidden(_patient):
        raise PermissionError(13, "Permission denied", "/srv/data")

    checks = examine(patient, [Subject("a", forbidden)])

    assert standing(checks) == [("a.look", "unknown")]
    assert "/srv/data" in checks[0].found.en
    assert checks[0].remedy is not None
    assert "sudo -u USER" in checks[0].remedy.en


def test_what_needs_a_setting_that_is_wrong_is_not_looked_at(patient, tmp_path):
    """Everything else is."""
    config = tmp_path / "s.yml"
    config.write_text("data: 7\nrules: 8\n", encoding="utf-8")
    reading = read_settings(config)
    broken = replace(patient, reading=reading, settings=reading.settings)

    found = {check.id: check.status.value for check in examine(broken)}

    looks = {name for name in found if name.endswith(".look")}
    assert looks == {
        f"{subject.name}.look" for subject in SUBJECTS if subject.keys & {"data", "rules"}
    }
    assert found["settings.file"] == "fail"
    assert found["versions.python"] == "ok"
    assert found["mail.server"] == "warn"


def test_the_running_service_s_own_doctor(settings):
    """It knows that it runs, and asks it how it is."""
    health = SimpleNamespace(status=lambda: SimpleNamespace(problems=["the disk is full"]))

    found = {check.id: check for check in Doctor(settings, FixedClock(), health).examine()}

    assert found["service.running"].status is CheckStatus.OK
    assert found["service.problems"].found.en == "the disk is full"
    assert found["settings.file"].status is CheckStatus.OK
