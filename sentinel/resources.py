"""What the program itself consists of: shipped rules and config, in the wheel or in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

# Our sources, and the libraries, that have a say in what a rule becomes.
_PACKAGES = ("detect", "documents", "model")
LIBRARIES = ("pysigma", "pyyaml", "regex", "hyperscan", "ahocorasick-rs")
_PLUGINS = "pysigma-"

_CHECKOUT = Path(__file__).resolve().parent.parent


def shipped(kind: str) -> Traversable:
    """Return the folder of shipped files of this kind ("rules" or "config").

    In a wheel they sit in `sentinel/_data/`; in an editable install or a plain checkout they are
    the top-level folders of the repository. The result is a Traversable on purpose: no caller
    may take it for a writable path.

    Raises:
        FileNotFoundError: neither place holds them; the message names both.
    """
    packaged = files("sentinel").joinpath("_data", kind)
    if packaged.is_dir():
        return packaged
    checkout = _CHECKOUT / kind
    if (_CHECKOUT / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"no shipped {kind}/: looked in {packaged} and {checkout}")


def program_mark(libraries: Iterable[str] = LIBRARIES) -> str:
    """A name for what makes rules of files: another one for each change of our sources or config.

    It changes with the version of Python, too (letters are folded by its tables), and with the
    versions of these libraries. What was made under one name is not used under another.
    """
    digest = sha256(sys.version.encode())
    for folder in (*(files("sentinel").joinpath(name) for name in _PACKAGES), shipped("config")):
        for name, file in _files_below(folder, ""):
            digest.update(f"{name}\0".encode())
            digest.update(sha256(file.read_bytes()).digest())
    for name in ("sentinel-watch", *libraries):
        digest.update(f"{name} {_version(name)}\0".encode())
    return digest.hexdigest()


def pysigma_plugins() -> tuple[str, ...]:
    """The distributions that bring public pipelines; looked for, so ask only where one is used."""
    names = {str(each.name).lower() for each in distributions()}
    return tuple(sorted(name for name in names if name.startswith(_PLUGINS)))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"


def _files_below(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{above}{each.name}"
        if not each.is_dir():
            yield name, each
        elif each.name != "__pycache__":
            yield from _files_below(each, f"{name}/")
