"""Pages of a list."""

import pytest

from sentinel.web.console.triage.paging import SIZE, paging


@pytest.mark.parametrize(
    ("asked", "total", "number", "last", "links"),
    [
        (1, 0, 1, 1, (1,)),
        (1, SIZE, 1, 1, (1,)),
        (2, SIZE + 1, 2, 2, (1, 2)),
        (9, SIZE + 1, 2, 2, (1, 2)),
        (-3, SIZE + 1, 1, 2, (1, 2)),
        (1, 20 * SIZE, 1, 20, (1, 2, None, 20)),
        (4, 20 * SIZE, 4, 20, (1, 2, 3, 4, 5, None, 20)),
        (10, 20 * SIZE, 10, 20, (1, None, 9, 10, 11, None, 20)),
        (18, 20 * SIZE, 18, 20, (1, None, 17, 18, 19, 20)),
    ],
)
def test_a_page_that_is_there_is_shown_with_its_neighbours(asked, total, number, last, links):
    """A page beyond the end is the last; a gap of one page is that page."""
    found = paging(asked, total)

    assert (number, last, links) == (found.number, found.last, found.links)
    assert (number - 1) * SIZE == found.skip
