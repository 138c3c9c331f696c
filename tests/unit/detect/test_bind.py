"""Which ECS field a Sigma name is, by the rule's logsource."""

import pytest

from sentinel.detect.bind import BY_CATEGORY, bind, bound_name
from sentinel.detect.condition import NullAtom
from sentinel.detect.ruleset import Logsource


@pytest.mark.parametrize(
    ("category", "name", "bound"),
    [
        ("webserver", "cs-method", "http.request.method"),
        ("webserver", "url.path", "url.path"),
        ("webserver", "unheard-of", "unheard-of"),
        ("proxy", "cs-method", "cs-method"),
        (None, "cs-method", "cs-method"),
    ],
)
def test_a_name_is_bound_by_category(category, name, bound):
    """Names outside of a category's table stay."""
    assert bound == bound_name(Logsource(category=category), name)


def test_a_condition_is_bound_whole():
    """Binding goes through the condition tree."""
    bound = bind(NullAtom("cs-referer"), Logsource(category="webserver"))

    assert NullAtom("http.request.referrer") == bound


def test_no_binding_needs_a_second_one():
    """What a table leads to is no name that it would lead elsewhere."""
    for table in BY_CATEGORY.values():
        assert set(table) & set(table.values()) == set()
