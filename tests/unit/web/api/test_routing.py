"""What the API's routes share."""

import pytest

from sentinel.web.api.routing import cut, guarded


@pytest.mark.parametrize(
    ("found", "limit", "expected"),
    [([], 2, ([], False)), ([1, 2], 2, ([1, 2], False)), ([1, 2, 3], 2, ([1, 2], True))],
)
def test_a_list_says_whether_it_was_cut(found, limit, expected):
    """One more than the limit is the sign, and is not shown."""
    assert expected == cut(found, limit)


def test_a_router_describes_its_refusals():
    """401 and 422 are part of every guarded operation, under the API's root."""
    router = guarded("alerts")

    assert router.prefix == "/api/v1"
    assert {401, 422} == set(router.responses)
