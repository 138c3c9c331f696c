"""What detection costs, as values."""

from sentinel.model.profile import MemoryRate, StepCost


def test_a_step_says_its_mean():
    """Two events in three microseconds."""
    assert StepCost(name="route", seconds=3e-6, events=2).microseconds == 1.5
    assert StepCost(name="route", seconds=0.0, events=0).microseconds == 0.0


def test_a_memory_says_how_often_it_knew():
    """Three of four; nothing before anybody asked."""
    assert MemoryRate(name="values", asked=4, known=3, size=1, most=9).rate == 0.75
    assert MemoryRate(name="values", asked=0, known=0, size=0, most=9).rate == 0.0
