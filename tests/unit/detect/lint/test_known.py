"""The fields that are known of logsources."""

from sentinel.detect.bind import BY_CATEGORY
from sentinel.detect.lint.known import KNOWN
from sentinel.detect.taxonomy import CATEGORIES, PRODUCTS


def test_every_logsource_is_one_of_the_taxonomy():
    """A slip here would say nothing of any rule."""
    assert {category for _, category in KNOWN} <= CATEGORIES
    assert {product for product, _ in KNOWN if product} <= PRODUCTS


def test_what_web_logs_are_bound_by_is_known():
    """The names that have a meaning in normalised events."""
    assert set(BY_CATEGORY["webserver"]) <= KNOWN["", "webserver"]
