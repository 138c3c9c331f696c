"""The stage of the follower tests: a log, what befalls it, a reader that may die at any point."""

import gzip
import os
from pathlib import Path

from collectors.files.follower import Follower
from collectors.files.group import Manner

GRACE = 30.0


class Reader:
    """A follower, the journal it fills, and its deaths.

    A batch counts as kept when the next is asked for or the reader has been told so: death between
    a put and what follows it is death after the batch.
    """

    def __init__(self, *patterns, once=False, longest=1000):
        self.patterns = [str(pattern) for pattern in patterns]
        self.manner = Manner(longest=longest, grace=GRACE, once=once)
        self.marks, self.lines, self.records = {}, [], []
        self.now = 0.0
        self.start()

    def start(self):
        self.follower = Follower(self.patterns, self.manner, dict(self.marks))

    def keep(self, batch):
        self.lines += [record.raw.decode() for record in batch]
        self.records += batch
        self.marks |= {record.position.stream: record.position.mark for record in batch}

    def read(self):
        """Rounds until there is nothing more to do."""
        while True:
            for batch in self.follower.round(self.now):
                self.keep(batch)
            if not self.follower.busy:
                return

    def die_after(self, batches):
        """Be killed in the middle of a round: so many batches were kept, one more was not."""
        for number, batch in enumerate(self.follower.round(self.now)):
            if number == batches:
                break
            self.keep(batch)
        self.restart()

    def restart(self):
        self.follower.close()
        self.start()

    def settle(self):
        """Let the grace of every rotated file pass."""
        self.read()
        self.now += GRACE + 1
        self.read()
        self.read()


class Log:
    """A log, its writer, and what an administrator does to it. Times of change only ever grow."""

    def __init__(self, folder, name="auth.log"):
        self.path = Path(folder) / name
        self.written = 0
        self.half = ""
        self.ticks = 1_000_000_000
        self.path.touch()
        self.touch(self.path)

    def touch(self, path):
        self.ticks += 1_000_000
        os.utime(path, ns=(self.ticks, self.ticks))

    def write(self, text, path=None):
        path = path or self.path
        with path.open("a") as opened:
            opened.write(text)
        self.touch(path)

    def add(self, count=1, width=0, path=None):
        lines = [f"line {self.written + n} {'x' * width}".strip() for n in range(count)]
        if self.half:
            lines[0] = self.half + lines[0]
            self.write("".join(line + "\n" for line in lines)[len(self.half) :], path)
        else:
            self.write("".join(line + "\n" for line in lines), path)
        self.half = ""
        self.written += count
        return lines

    def form(self, number, suffix=""):
        return self.path.with_name(f"{self.path.name}.{number}{suffix}")

    def shift(self):
        """Make room for a new .1, as logrotate does."""
        for number in range(20, 0, -1):
            for suffix in ("", ".gz"):
                old = self.form(number, suffix)
                if old.exists():
                    old.rename(self.form(number + 1, suffix))

    def rotate(self):
        self.shift()
        self.path.rename(self.form(1))
        self.path.touch()
        self.touch(self.path)

    def copytruncate(self, meanwhile=lambda: None):
        self.shift()
        data = self.path.read_bytes()
        for part in (b"", data[: len(data) // 2], data):
            self.form(1).write_bytes(part)
            self.touch(self.form(1))
            meanwhile()
        os.truncate(self.path, 0)
        self.touch(self.path)

    def compress(self, number=1, meanwhile=lambda: None):
        """As gzip does: beside the plain file, which goes when the other is whole."""
        plain = self.form(number)
        times = plain.stat().st_mtime_ns
        squeezed = self.form(number, ".gz")
        data = gzip.compress(plain.read_bytes())
        for part in (b"", data[: len(data) // 2], data):
            squeezed.write_bytes(part)
            meanwhile()
        os.utime(squeezed, ns=(times, times))
        meanwhile()
        plain.unlink()
