"""Counters and sizes, for monitoring."""

from pathlib import Path

from sentinel.service import measures
from tests.unit.service.stage import LINE, send, while_running


def test_a_service_says_what_it_took_and_how_much_lies_where(settings, ports):
    """Four records journalled, none sealed, nothing in the outbox."""
    seen = []

    def play(running):
        send(ports[0], LINE * 4)
        while running.profile().events < 4:
            pass
        seen.append((running.measures(), running.profile()))

    while_running(settings, play)

    measured, profile = seen[0]
    assert {each.name: each.amount for each in measured.counts}["records"] == 4
    assert (measured.journal_records, measured.store_records, measured.outbox) == (4, 0, 0)
    assert measured.journal_bytes > 0
    assert (measured.store_bytes, measured.windows_dropped) == (0, 0)
    assert {"journal", "read", "store"} <= {step.name for step in profile.steps}


def test_a_file_that_goes_away_counts_nothing(tmp_path, monkeypatch):
    """The journal drops files while somebody looks."""
    (tmp_path / "kept").write_bytes(b"12345")
    there = [*tmp_path.iterdir(), tmp_path / "gone"]
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter(there))

    assert measures.folder_bytes(tmp_path) == 5
