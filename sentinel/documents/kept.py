"""What was made of files once, kept on disk so that it need not be made again.

A file holds named sections of bytes under a key; the key says what they were made of, so nothing
in it is ever out of date, and whoever loses it loses time alone:

    magic | digest of the rest | length of the head | {"key", "sections": {name: length}} | bytes

Only this user's own files are read, whole and undamaged or not at all.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path

import orjson

from sentinel.documents.source import SourceText

_MAGIC = b"sentinel kept 1\n"
_DIGEST = 32
_HEAD = len(_MAGIC) + _DIGEST + 4
_LARGEST = 1 << 30
_ENDING = ".kept"
_UNFINISHED = ".part"
_STALE = 3600  # seconds after which an unfinished file is one of a process that died

Tell = Callable[[str], None]


def key_of(texts: Iterable[SourceText], *more: str) -> str:
    """A name for what is made of these files and whatever else has a say in it."""
    digest = sha256()
    for text in texts:
        fault = "" if text.unreadable is None else str(text.unreadable)
        _feed(digest.update, text.path, text.text, fault)
    _feed(digest.update, "", *more)
    return digest.hexdigest()[:40]


class KeptFiles:
    """A folder of such files: at most `most`, those that were not used for longest go first.

    `tell` hears a sentence where something could not be read or kept; nothing is ever raised.
    """

    def __init__(self, folder: Path, tell: Tell, *, most: int = 8) -> None:
        self._folder = folder
        self._tell = tell
        self._most = most

    def tell(self, sentence: str) -> None:
        """Pass a sentence on to whoever listens."""
        self._tell(sentence)

    def get(self, key: str) -> Mapping[str, bytes] | None:
        """The sections under this key; None where there are none, or they cannot be used."""
        file = self._folder / f"{key}{_ENDING}"
        try:
            data = _own(file)
        except FileNotFoundError:
            return None
        except PermissionError as error:
            self.tell(f"{file}: what was kept is not used: {error.strerror}")
            return None
        except OSError as error:
            self.tell(f"{file}: what was kept cannot be read: {error.strerror or error}")
            return None
        try:
            sections = _unpacked(data, key)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.tell(f"{file}: what was kept is damaged; it is made again")
            return None
        with suppress(OSError):  # on a disk that is read-only nothing has to go either
            os.utime(file)
        return sections

    def put(self, key: str, sections: Mapping[str, bytes]) -> None:
        """Keep these sections under this key, in place of what was there."""
        try:
            _make_folder(self._folder)
            self._write(key, _packed(key, sections))
            self._let_go()
        except OSError as error:
            self.tell(f"{self._folder}: nothing can be kept here: {error.strerror or error}")

    def _write(self, key: str, parts: Sequence[bytes]) -> None:
        """Write aside, sync, rename: another process finds all of it or nothing."""
        aside = self._folder / f"{key}.{os.getpid()}{_UNFINISHED}"
        aside.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(aside, flags, 0o600), "wb") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(self._folder / f"{key}{_ENDING}")

    def _let_go(self) -> None:
        files = sorted(self._folder.glob(f"*{_ENDING}"), key=_used, reverse=True)
        newest = _used(files[0]) if files else 0
        unfinished = self._folder.glob(f"*{_UNFINISHED}")
        stale = [each for each in unfinished if _used(each) < newest - _STALE]
        for each in (*files[self._most :], *stale):
            each.unlink(missing_ok=True)


def _own(file: Path) -> bytes:
    """The bytes of a file that only we can have written.

    Raises:
        OSError: it is not there, cannot be read, or is somebody else's.
    """
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            raise OSError(0, "it is no file of ours")
        if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(0, "it belongs to another user, or others may write to it")
        return stream.read()


def _packed(key: str, sections: Mapping[str, bytes]) -> list[bytes]:
    lengths = {name: len(data) for name, data in sections.items()}
    head = orjson.dumps({"key": key, "sections": lengths})
    parts = [len(head).to_bytes(4, "big"), head, *sections.values()]
    digest = blake2b(digest_size=_DIGEST)
    for part in parts:
        digest.update(part)
    return [_MAGIC, digest.digest(), *parts]


def _unpacked(data: bytes, key: str) -> dict[str, bytes]:
    rest = memoryview(data)[len(_MAGIC) + _DIGEST :]
    expected = _MAGIC + blake2b(rest, digest_size=_DIGEST).digest()
    if not data.startswith(expected):
        raise ValueError("the digest is another")
    at = _HEAD + int.from_bytes(rest[:4], "big")
    head = orjson.loads(data[_HEAD:at])
    if head["key"] != key:
        raise ValueError("the key is another")
    sections = {}
    for name, length in head["sections"].items():
        sections[name] = data[at : at + length]
        at += length
    return sections


def _feed(update: Callable[[bytes], None], *texts: str) -> None:
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        update(len(data).to_bytes(8, "big"))
        update(data)


def _make_folder(folder: Path) -> None:
    """Make it and what is above it for this user alone."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def _used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # another process let it go
        return 0.0
