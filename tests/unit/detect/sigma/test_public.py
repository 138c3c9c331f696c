"""Public pySigma pipelines by name."""

import pytest

from sentinel.detect.sigma.public import pipeline_names, public_pipeline


def test_the_extra_brings_pipelines():
    """Those that the documentation names are there, in order."""
    names = pipeline_names()

    assert "ecs_windows" in names
    assert list(names) == sorted(names)


def test_a_pipeline_is_fresh_each_time():
    """Pipelines keep state; none is shared."""
    assert public_pipeline("ecs_windows") is not public_pipeline("ecs_windows")


def test_an_unknown_pipeline_is_an_error():
    """The caller says which there are."""
    with pytest.raises(KeyError):
        public_pipeline("no_such_pipeline")
