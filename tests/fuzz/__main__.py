"""Runs a fuzz target: `python -m tests.fuzz loader --seconds 60`. What it finds stays in a file.

atheris leads the bytes to code that was not run yet. It exists for CPython before 3.13 on x86_64;
elsewhere this says so and ends well.
"""

import argparse
import sys
from hashlib import sha256
from importlib import import_module
from pathlib import Path

TARGETS = ("loader", "matcher", "formats")
LONGEST = 8_192  # bytes of an input
SLOWEST = 60  # seconds for one input: more is a finding
MEMORY = 3_000  # megabytes


def main():
    options = _options()
    try:
        import atheris  # noqa: PLC0415 - it is not everywhere
    except ImportError:
        sys.stderr.write("not run: atheris is for CPython before 3.13 on x86_64 alone\n")
        return
    with atheris.instrument_imports(include=["sentinel"]):
        target = import_module(f"tests.fuzz.fuzz_{options.target}")
    folder = options.folder / options.target
    folder.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (folder / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    arguments = [
        sys.argv[0],
        f"-max_total_time={options.seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={options.folder}/found-{options.target}-",
        "-verbosity=1",
        str(folder),
    ]
    atheris.Setup(arguments, target.check)
    atheris.Fuzz()


def _options():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, help="how long to look")
    parser.add_argument("--folder", type=Path, default=Path(".make/fuzz"), help="inputs, findings")
    return parser.parse_args()


if __name__ == "__main__":
    main()
