"""Runs one command and says what it took: `python stopwatch.py RESULT COMMAND...`.

A small process of its own, because a child's highest memory counts what its parent had when it
was started. RESULT gets one JSON object: seconds on the clock, seconds of the processor (user and
system, all threads), the highest resident memory in bytes, and the exit status.
"""

import json
import os
import sys
import time


def main(result: str, command: list[str]) -> int:
    """Run, wait, tell."""
    began = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    told = {
        "clock": time.perf_counter() - began,
        "processor": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
        "status": os.waitstatus_to_exitcode(status),
    }
    with open(result, "w", encoding="ascii") as out:  # noqa: PTH123 - pathlib's memory would count
        json.dump(told, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
