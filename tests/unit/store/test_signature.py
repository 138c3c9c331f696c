"""The signature of a Parquet file: no byte of it can change unseen."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sentinel.errors import StoreDamaged
from sentinel.store.signature import Part, check, sign, signature


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table({"a": [1, 2, 3]}).replace_schema_metadata({b"key": signature() + b"text"})
    pq.write_table(table, path)
    sign(path)
    return path


def test_a_signed_file_is_what_was_signed(path):
    """And any reader of Parquet reads it."""
    check(path, Part.FOOTER)
    check(path, Part.WHOLE)

    assert pq.read_table(path).column("a").to_pylist() == [1, 2, 3]
    assert pq.read_metadata(path).metadata[b"key"].endswith(b" text")


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_every_flipped_byte_is_found(path, mask):
    """One after the other, the signature's own too; the footer's without reading the rest."""
    whole = path.read_bytes()
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")

    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
        with pytest.raises(StoreDamaged):
            check(path, Part.FOOTER if place >= footer else Part.WHOLE)


@pytest.mark.parametrize("body", [b"", b"PAR1", b"PAR1PAR1", b"\xff\xff\xff\xffPAR1", b"x" * 99])
def test_what_is_no_parquet_file_is_told(path, body):
    """Cut, empty, or something else."""
    path.write_bytes(body)

    with pytest.raises(StoreDamaged):
        check(path, Part.FOOTER)


def test_a_file_without_a_blank_signature_is_not_signed(path):
    """Twice would be once too often."""
    with pytest.raises(StoreDamaged, match="no signature to fill in"):
        sign(path)
