"""Where the shipped rules and default config live: in the wheel, or in a checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

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
