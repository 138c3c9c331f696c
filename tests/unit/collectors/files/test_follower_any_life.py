"""Any order of writing, rotating, compressing, reading and dying: every line, once."""

import shutil
import tempfile

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.collectors.files.rotation import Log, Reader

MEANWHILE = st.lists(st.sampled_from(["nothing", "read", "restart", "settle"]), max_size=4)


class AnyLife(RuleBasedStateMachine):
    """Any order of writing, rotating, compressing, reading and dying: every line, once."""

    @initialize(every=st.booleans())
    def begin(self, every):
        self.folder = tempfile.mkdtemp()
        self.log = Log(self.folder)
        self.expected = self.log.add(1, width=20)
        self.reader = Reader(f"{self.log.path}*" if every else self.log.path)
        self.reader.read()

    def teardown(self):
        if hasattr(self, "reader"):
            self.reader.settle()
            self.reader.restart()
            self.reader.settle()
            lines = sorted(self.reader.lines)
            self.reader.follower.close()
            shutil.rmtree(self.folder)
            assert lines == sorted(self.expected)

    @rule(count=st.integers(1, 5), width=st.sampled_from([0, 200, 1500, 90_000]))
    def write(self, count, width):
        self.expected += [line[:1000] for line in self.log.add(count, width=width)]

    @rule()
    def rotate(self):
        self.log.rotate()

    @rule(meanwhile=MEANWHILE)
    def copytruncate(self, meanwhile):
        self.log.copytruncate(self.steps(meanwhile))

    @rule(number=st.integers(1, 3), meanwhile=MEANWHILE)
    def compress(self, number, meanwhile):
        if self.log.form(number).exists():
            self.log.compress(number, self.steps(meanwhile))

    def steps(self, meanwhile):
        """What the reader does in each moment of something that takes its time."""
        steps = iter(meanwhile)

        def step():
            action = next(steps, "nothing")
            if action != "nothing":
                getattr(self.reader, action)()

        return step

    @rule()
    def read(self):
        self.reader.read()

    @rule()
    def wait(self):
        self.reader.settle()

    @rule(batches=st.integers(0, 4))
    def die(self, batches):
        self.reader.die_after(batches)

    @invariant()
    def nothing_is_doubled(self):
        if hasattr(self, "reader"):
            assert len(self.reader.lines) == len(set(self.reader.lines))


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyLife = AnyLife.TestCase
