"""What arrived never changes."""

from tests.samples import a_record


def test_a_record_is_known_by_the_hash_of_its_bytes():
    """SHA-256 in hex, of the bytes as they came, readable or not."""
    assert a_record(b"abc").sha256 == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert a_record(b"\xff").sha256 != a_record(b"\xfe").sha256
