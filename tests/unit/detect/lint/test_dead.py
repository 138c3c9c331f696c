"""Parts of a rule that change nothing."""

import pytest

from tests.unit.detect.lint.cases import cases, check


@pytest.mark.parametrize("case", cases("dead"))
def test_cases(case):
    """Each is named by its line, and what has its use is not."""
    check(case)
