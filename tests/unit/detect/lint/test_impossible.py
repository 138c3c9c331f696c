"""Conditions that no event can meet."""

import pytest

from tests.unit.detect.lint.cases import cases, check


@pytest.mark.parametrize("case", cases("impossible"))
def test_cases(case):
    """Only what is certain is said."""
    check(case)
