"""Which page of a list: numbers only, so that the first, the last and the neighbours are right."""

from __future__ import annotations

from dataclasses import dataclass

SIZE = 50  # rows of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Page `number` (from 1) of `last`, of `total` things."""

    number: int
    last: int
    total: int

    @property
    def skip(self) -> int:
        """How many things stand on the pages before this one."""
        return (self.number - 1) * SIZE

    @property
    def links(self) -> tuple[int | None, ...]:
        """The pages to lead to: first, last, this one and its neighbours; None is a gap."""
        wanted = {1, self.last, self.number - 1, self.number, self.number + 1}
        shown = sorted(page for page in wanted if 1 <= page <= self.last)
        links: list[int | None] = []
        for page in shown:
            previous = links[-1] if links else page - 1
            if previous is not None and page > previous + 1:
                links.append(page - 1 if page == previous + 2 else None)
            links.append(page)
        return tuple(links)


def paging(asked: int, total: int) -> Paging:
    """Return the page that was asked for, or the nearest that there is."""
    last = max(1, -(-total // SIZE))
    return Paging(number=min(max(asked, 1), last), last=last, total=total)
