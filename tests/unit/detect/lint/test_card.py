"""What stands around a detection."""

import pytest

from tests.unit.detect.lint.cases import a_text, cases, check, found


@pytest.mark.parametrize("case", cases("card"))
def test_cases(case):
    """Each thing that is missing or contradicts itself, and nothing else."""
    check(case)


@pytest.mark.parametrize(
    ("path", "codes"), [("rules/good_name.yml", []), ("rules/My Rule.yml", ["file-name"])]
)
def test_the_name_of_the_file(path, codes):
    """Programs and people sort by it."""
    assert [each.code for each in found(a_text(path))] == codes
