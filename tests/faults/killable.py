"""The service as it is, with a way to die: for tests that kill it and look at what is left.

    python -m tests.faults.killable run --config F [--kill-at POINT] [--offset-first]

`--offset-first` is the deliberately broken variant: the offset is committed in a transaction of
its own, before what was found. Tests must catch it.
"""

import argparse
import os
import signal
from contextlib import AbstractContextManager
from pathlib import Path

from sentinel import assembly, service, wiring


class OffsetFirst:
    """A state that breaks its promise: `advance` is on disk before anything else is."""

    def __init__(self, inner):
        self._inner = inner

    def transaction(self):
        return _Broken(self._inner)

    def __getattr__(self, name):
        return getattr(self._inner, name)


class _Broken(AbstractContextManager):
    """Opens the real transaction late, so that the offset's own can come first."""

    def __init__(self, state):
        self._state = state
        self._context = None
        self._open = None

    def __enter__(self):
        return self

    def advance(self, offset):
        with self._state.transaction() as alone:
            alone.advance(offset)

    def __getattr__(self, name):
        if self._open is None:
            self._context = self._state.transaction()
            self._open = self._context.__enter__()
        return getattr(self._open, name)

    def __exit__(self, *error):
        return None if self._context is None else self._context.__exit__(*error)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("run", choices=["run"])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--kill-at", default="")
    parser.add_argument("--offset-first", action="store_true")
    given = parser.parse_args()

    def reach(point: str) -> None:
        if point == given.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def build(settings):
        around = OffsetFirst if given.offset_first else (lambda state: state)
        return assembly.build(settings, reach=reach, around_state=around)

    raise SystemExit(service.run(wiring.load(given.config), lambda running: None, build=build))


if __name__ == "__main__":
    main()
