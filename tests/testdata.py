"""Where the public rules and events for tests are: real data, never part of the repository."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder of SENTINEL_TEST_DATA, by default `../shared/data` beside the checkout."""
    return Path(os.environ.get("SENTINEL_TEST_DATA") or ROOT.parent / "shared" / "data")
