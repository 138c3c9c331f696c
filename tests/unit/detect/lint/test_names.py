"""Names of fields."""

import pytest

from tests.unit.detect.lint.cases import a_text, cases, check, found


@pytest.mark.parametrize("case", cases("names"))
def test_cases(case):
    """A slip is told from a name that nobody knows."""
    check(case)


def test_what_several_rules_of_a_logsource_ask_for_is_usual():
    """Then it is no slip, and a slip of it is found."""
    somebody = {"product": "somebody"}
    texts = [
        a_text(
            f"rules/{number}.yml",
            id=f"11111111-1111-4111-8111-11111111111{number}",
            title=f"Rule {number}",
            logsource=somebody,
            detection={"selection": {name: number}, "condition": "selection"},
        )
        for number, name in enumerate(["srcAddress", "srcAddress", "srcAddress", "srcAdress"])
    ]

    (finding,) = found(*texts)

    assert (finding.code, finding.place) == ("unknown-field", "rules/3.yml:13")
    assert "srcAddress" in finding.advice.en
