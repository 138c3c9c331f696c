"""Databases are made once, kept as bytes, and made anew where the bytes are no use."""

import pytest

from sentinel.detect.match.scan import CASELESS, MAYBE, Databases, Refused, numbers


def test_texts_are_found_by_their_number_once():
    """Case of ASCII letters is ignored."""
    database = Databases().of_texts([b"cmd", b"a\x00b", b"x"])

    assert sorted(numbers(database, b"CMD cmd A\x00B")) == [0, 1]


def test_expressions_are_found_with_their_flags():
    """Each has its own."""
    database = Databases().of_expressions([(b"^a.c$", CASELESS), (b"b+", MAYBE)])

    assert sorted(numbers(database, b"ABC")) == [0]
    assert sorted(numbers(database, b"bb")) == [1]


def test_what_hyperscan_cannot_use_is_refused_with_its_word():
    """A sentence of the library, as our error."""
    with pytest.raises(Refused, match=r"."):
        Databases().of_expressions([(b"(", MAYBE)])


def test_the_same_is_made_once():
    """Columns of several logsources share it."""
    databases = Databases()

    assert databases.of_texts([b"a"]) is databases.of_texts([b"a"])
    assert len(databases.made) == 1


def test_what_was_kept_is_not_made_again():
    """The next start begins with it."""
    first = Databases()
    first.of_texts([b"cmd"])
    second = Databases(first.made)

    assert numbers(second.of_texts([b"cmd"]), b"cmd") == [0]
    assert second.made == {}


@pytest.mark.parametrize("kept", [b"", b"x", b"\0" * 64, b"\xff" * 10_000])
def test_damaged_bytes_are_made_anew(kept):
    """And are among what is worth keeping again."""
    first = Databases()
    first.of_texts([b"cmd"])
    second = Databases(dict.fromkeys(first.made, kept))

    assert numbers(second.of_texts([b"cmd"]), b"cmd") == [0]
    assert second.made.keys() == first.made.keys()


def test_texts_and_expressions_of_the_same_bytes_are_two_databases():
    """`a.c` is a text or an expression."""
    databases = Databases()

    assert numbers(databases.of_texts([b"a.c"]), b"abc") == []
    assert numbers(databases.of_expressions([(b"a.c", MAYBE)]), b"abc") == [0]
