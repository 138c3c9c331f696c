"""Letters as .eml files, for as long as no mail server is set up: to be read, or sent by hand.

A letter that comes twice replaces itself, because its file is named after its Message-ID.
"""

from __future__ import annotations

import asyncio
import os
import re
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from sentinel.errors import TemporaryRefusal

_FOLDER_MODE = 0o700  # letters hold acknowledge links: nobody else reads them
_FILE_MODE = 0o600
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,199}")


class SpoolMailer:
    """A mailer that writes into a folder. A file is there whole, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> str:
        """Write the message to disk and say where.

        Raises:
            TemporaryRefusal: the folder cannot be written.
        """
        del sender, recipient
        path = self._folder / _file_name(str(message["Message-ID"]))
        try:
            await asyncio.to_thread(_write, path, message)
        except OSError as error:
            raise TemporaryRefusal(
                f"cannot write the letter to {path}: {error.strerror}; make room there, or set"
                " `mail.server`"
            ) from error
        return f"250 written to {path}"


def _file_name(message_id: str) -> str:
    name = message_id.strip().removeprefix("<").removesuffix(">")
    if not _PLAIN_NAME.fullmatch(name):
        name = sha256(message_id.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{name}.eml"


def _write(path: Path, message: EmailMessage) -> None:
    content = message.as_bytes()
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name is on disk only after this
    finally:
        os.close(folder)
