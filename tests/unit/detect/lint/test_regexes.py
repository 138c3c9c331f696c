"""Expressions: plainer ones, and dangerous ones."""

import pytest

from tests.unit.detect.lint.cases import cases, check


@pytest.mark.parametrize("case", cases("regexes"))
def test_cases(case):
    """A plain text is said to be one; a repetition of a repetition is found."""
    check(case)
