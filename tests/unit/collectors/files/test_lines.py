"""Lines come out with the offset of their end, whatever pieces the bytes come in."""

from hypothesis import given
from hypothesis import strategies as st

from collectors.files.lines import Line, LineCutter

PIECES = [b"\n", b"\r", b"a", b"b" * 7, b"c" * 8, b"d" * 20]


def expected_of(content, longest, start):
    """The obvious way, with everything in memory."""
    lines, end = [], start
    *complete, rest = content.split(b"\n")
    for raw in complete:
        end += len(raw) + 1
        whole = raw.removesuffix(b"\r")
        lines.append(Line(whole[:longest], end, len(whole) > longest))
    last = rest.removesuffix(b"\r")
    return lines, [Line(last[:longest], end + len(rest), len(last) > longest)] if rest else []


@given(st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join), st.integers(1, 9))
def test_any_pieces_give_the_same_lines(content, size):
    """And never more than one line of the allowed length is held."""
    lines, rest = expected_of(content, 8, 100)
    cutter = LineCutter(100, 8)
    got = []

    for begin in range(0, len(content), size):
        got += cutter.feed(content[begin : begin + size])
        assert len(cutter._held) <= 10

    assert got == lines
    assert cutter.start == (lines[-1].end if lines else 100)
    assert cutter.rest() == rest
