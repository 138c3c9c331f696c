"""Values that say something else than they seem to."""

import pytest

from tests.unit.detect.lint.cases import cases, check


@pytest.mark.parametrize("case", cases("patterns"))
def test_cases(case):
    """What was meant is not blamed."""
    check(case)
