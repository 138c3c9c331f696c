"""Files in the service: put into the sink, gone on with after a stop, told when unreadable."""

import asyncio
import gzip
import os

import pytest
from pydantic import ValidationError

from collectors.files import FilesCollector, FilesOptions, Mode
from tests.samples import KeepingSink


def options(*paths, **changes):
    fields = {"paths": [str(path) for path in paths], "poll_seconds": 0.01}
    return FilesOptions(**(fields | changes))


def raws(sink):
    return [record.raw for record in sink.kept]


async def stopped(running):
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def test_following_goes_on_where_the_journal_stopped(tmp_path):
    """A second life has the first one's positions and takes only what is new."""
    path = tmp_path / "a.log"
    path.write_bytes(b"one\n")

    async def life(sink, scene):
        running = asyncio.ensure_future(FilesCollector(options(path)).run(sink))
        await scene(sink)
        await stopped(running)
        return sink

    async def first(sink):
        await sink.until_kept(1)
        with path.open("ab") as into:
            into.write(b"two\n")
        await sink.until_kept(2)
        await sink.until(lambda: "1 open" in sink.where)

    before = asyncio.run(life(KeepingSink(), first))
    path.rename(tmp_path / "a.log.1")
    path.write_bytes(b"three\n")
    after = asyncio.run(life(KeepingSink(before.marks), lambda sink: sink.until_kept(1)))

    assert raws(before) == [b"one", b"two"]
    assert raws(after) == [b"three"]
    assert before.where == f"1 open: {path}"


def test_once_returns_when_everything_is_put(tmp_path):
    """Plain, compressed, with and without a last line end."""
    (tmp_path / "a.log").write_bytes(b"one\ntwo")
    (tmp_path / "b.log.gz").write_bytes(gzip.compress(b"three\n"))
    sink = KeepingSink()

    asyncio.run(FilesCollector(options(tmp_path / "*", mode=Mode.ONCE)).run(sink))

    assert sorted(raws(sink)) == [b"one", b"three", b"two"]


def test_once_says_which_files_could_not_be_read_after_all_others_were(tmp_path, monkeypatch):
    """The error names the file, so that the input's status does."""
    (tmp_path / "a.log").write_bytes(b"one\n")
    (tmp_path / "b.log").write_bytes(b"two\n")
    real = os.open

    def refuse(path, *arguments):
        if str(path).endswith("a.log"):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    sink = KeepingSink()

    with pytest.raises(OSError, match=r"could not be read: .*a\.log: Permission denied"):
        asyncio.run(FilesCollector(options(tmp_path / "*", mode=Mode.ONCE)).run(sink))

    assert raws(sink) == [b"two"]


def test_a_broken_archive_is_counted_as_a_loss(tmp_path):
    """With its path, for the status page."""
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(os.urandom(5000))[:2000])
    sink = KeepingSink()

    asyncio.run(FilesCollector(options(path, mode=Mode.ONCE)).run(sink))

    assert sink.lost == [(1, f"{path}: the gzip data end too early")]


def test_a_stop_in_the_middle_of_a_put_neither_loses_nor_doubles(tmp_path):
    """The put is seen through; the next life begins after it."""
    path = tmp_path / "a.log"
    lines = [b"line %d" % number for number in range(20_000)]
    path.write_bytes(b"\n".join(lines) + b"\n")

    async def play():
        sink = KeepingSink()
        sink.gate.clear()
        running = asyncio.ensure_future(FilesCollector(options(path)).run(sink))
        await sink.putting.wait()
        asyncio.get_running_loop().call_later(0.01, sink.gate.set)
        await stopped(running)
        again = KeepingSink(sink.marks)
        await FilesCollector(options(path, mode=Mode.ONCE)).run(again)
        return raws(sink) + raws(again)

    assert asyncio.run(play()) == lines


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"paths": []}, "at least 1 item"),
        ({"paths": ["var/log/a.log"]}, "is relative; allowed: a path that begins with /"),
        ({"paths": ["/a"], "mode": "twice"}, "'follow' or 'once'"),
        ({"paths": ["/a"], "encoding": "utf-8"}, "not permitted"),
    ],
)
def test_options_that_cannot_be_are_refused(fields, message):
    """In a sentence that says what may stand there."""
    with pytest.raises(ValidationError, match=message):
        FilesOptions(**fields)
