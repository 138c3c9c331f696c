"""What can be wrong with a request before a file is opened."""

from pathlib import Path

import pytest

from sentinel.batch.request import FORMATS, LATER_FORMATS, DetectRequest, check
from sentinel.errors import InputError


def _request(**parts):
    return DetectRequest(rules=(Path("rules"),), files=(Path("a.json"),), **parts)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_that_there_is_may_be_asked_for(name):
    """None of them raises."""
    assert check(_request(format=name)) is None


@pytest.mark.parametrize("name", [*LATER_FORMATS, "docx"])
def test_a_format_that_there_is_not_names_those_there_are(name):
    """With the way out."""
    with pytest.raises(InputError, match="--format") as caught:
        check(_request(format=name))

    assert "evtx" in str(caught.value)


def test_every_fault_is_told_at_once():
    """Format and workers."""
    with pytest.raises(InputError) as caught:
        check(_request(format="docx", workers=0))

    assert [fault.place for fault in caught.value.faults] == ["--format", "--workers"]
