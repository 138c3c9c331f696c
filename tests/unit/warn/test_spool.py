"""Letters as files."""

import asyncio
import os
import stat

import pytest

from sentinel.errors import TemporaryRefusal
from sentinel.model.ids import MessageId
from sentinel.warn.message import build
from sentinel.warn.spool import SpoolMailer
from tests.samples import NOON
from tests.unit.warn.letters import a_released, an_issuer

(COPY,) = a_released().deliveries


def _message(*, message_id=COPY.message_id, repeat=False):
    message = build(COPY, an_issuer(), NOON, repeat=repeat)
    message.replace_header("Message-ID", message_id)
    return message


def _send(folder, message):
    return asyncio.run(SpoolMailer(folder).send(message, "a@b.example", COPY.address))


def test_a_letter_is_a_file_named_after_its_message_id(tmp_path):
    answer = _send(tmp_path / "mail", _message())

    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == COPY.message_id.strip("<>") + ".eml"
    assert path.read_bytes() == _message().as_bytes()
    assert answer == f"250 written to {path}"


def test_only_the_owner_may_read(tmp_path):
    """Letters hold acknowledge links."""
    before = os.umask(0)
    try:
        _send(tmp_path / "mail", _message())
    finally:
        os.umask(before)

    (path,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_repeat_replaces_the_first(tmp_path):
    _send(tmp_path, _message())
    _send(tmp_path, _message(repeat=True))

    (path,) = tmp_path.iterdir()
    assert b"X-Sentinel-Repeat: possible" in path.read_bytes()


def test_what_a_crash_left_half_written_is_no_letter_and_stands_in_nobodys_way(tmp_path):
    name = COPY.message_id.strip("<>") + ".eml"
    (tmp_path / f".{name}.part").write_bytes(b"half a let")

    _send(tmp_path, _message())

    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "message_id",
    [
        "<../../etc/x@y.example>",
        "<.hidden@y.example>",
        "<a/b@y.example>",
        f"<{'x' * 300}@y.example>",
    ],
)
def test_a_message_id_never_leads_out_of_the_folder(tmp_path, message_id):
    _send(tmp_path / "mail", _message(message_id=MessageId(message_id)))

    (path,) = (tmp_path / "mail").iterdir()
    assert len(path.stem) == 64
    assert [entry.name for entry in tmp_path.iterdir()] == ["mail"]


def test_a_folder_that_cannot_be_written_is_a_reason_to_wait(tmp_path):
    """The error says where, and what to do."""
    (tmp_path / "mail").write_text("a file is in the way")

    with pytest.raises(TemporaryRefusal, match=r"cannot write the letter to .*mail.server"):
        _send(tmp_path / "mail", _message())
