"""Which files are one log: `auth.log`, `auth.log.1`, `auth.log-20261122`, `auth.log.2.gz`."""

from __future__ import annotations

import re
from functools import lru_cache

# What logrotate, newsyslog and the usual log libraries add: a number, a date (with a time), "old".
_ADDED = r"(?:\.\d{1,3}|[-._](?:\d{8}|\d{4}-\d{2}-\d{2})(?:[-_.T]?\d{2,10})?|\.old)"
_AT_THE_END = re.compile(_ADDED + r"$")
_BEFORE_THE_EXTENSION = re.compile(_ADDED + r"(?=\.[A-Za-z]{1,8}$)")


@lru_cache(maxsize=65536)
def base_of(name: str) -> str:
    """The name of the log that a file name is a rotated form of; the name itself when it is none.

    A name is not shortened to one without letters: files are called after IP addresses too.
    """
    base = name.removesuffix(".gz")
    while True:
        found = _AT_THE_END.search(base) or _BEFORE_THE_EXTENSION.search(base)
        if not found:
            return base
        shorter = base[: found.start()] + base[found.end() :]
        if not any(letter.isalpha() for letter in base[: found.start()]):
            return base
        base = shorter
