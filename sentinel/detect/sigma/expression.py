"""How much a regular expression comes to before it is compiled: rules are input too.

`((a{1000}){1000}){1000}` has 23 characters; compiled, each repetition is written out, and memory
ends before it does.
"""

from __future__ import annotations

import re

MAX_LENGTH = 16_384  # characters
MAX_WRITTEN_OUT = 100_000  # single items, each as often as it must be repeated

_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>[0-9]*)(?:,[0-9]*)?\}|[()]|.", re.DOTALL
)


def too_much(expression: str) -> str:
    """Why this expression is not even compiled; "" where nothing speaks against it."""
    if len(expression) > MAX_LENGTH:
        return f"a regular expression has at most {MAX_LENGTH} characters"
    if _written_out(expression) > MAX_WRITTEN_OUT:
        return (
            f"the repetitions of this regular expression come to more than {MAX_WRITTEN_OUT} items"
        )
    return ""


def _written_out(expression: str) -> int:
    around: list[int] = []  # what stands before each open bracket
    total = last = 0
    for piece in _PIECE.finditer(expression):
        if piece[0] == "(":
            around.append(total)
            total = last = 0
        elif piece[0] == ")":
            last = total
            total += around.pop() if around else 0
        elif piece["least"] is not None:
            more = last * (max(int(piece["least"] or 0), 1) - 1)
            total, last = total + more, last + more
        else:
            last = 1
            total += 1
    return total + sum(around)
