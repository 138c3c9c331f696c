"""Guessing takes for ever, and keeps nobody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.web.console.throttle import FORGOTTEN, FREE, LONGEST_WAIT, PLACES, Throttle

HOME, AWAY = "192.0.2.1", "198.51.100.7"


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def throttle(seconds):
    return Throttle(seconds)


def guess(throttle, seconds, name, address, times):
    """Make that many attempts, each as soon as it may be made; returns the waits before them."""
    waits = []
    for _ in range(times):
        wait = throttle.attempt(name, address)
        waits.append(wait)
        seconds.now += wait
        if wait:
            assert throttle.attempt(name, address) == 0
    return waits


def elsewhere(number):
    return f"203.0.113.{number}"


def test_the_first_attempts_cost_nothing_and_then_each_wait_is_twice_as_long(throttle, seconds):
    """Five free ones, then 2 s, 4 s, ... and never more than a quarter of an hour."""
    waits = guess(throttle, seconds, "lan", HOME, 17)

    assert waits[:10] == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32]
    assert waits[-2:] == [LONGEST_WAIT, LONGEST_WAIT]


def test_an_attempt_that_is_told_to_wait_makes_nothing_longer(throttle, seconds):
    """Somebody who keeps pressing Enter is not punished for it."""
    guess(throttle, seconds, "lan", HOME, FREE)

    assert [throttle.attempt("lan", HOME) for _ in range(50)] == [2.0] * 50
    seconds.now += 1.5
    assert throttle.attempt("lan", HOME) == 0.5


def test_of_many_attempts_at_once_five_are_free(throttle):
    """An attempt counts before its password is looked at."""
    waits = [throttle.attempt("lan", elsewhere(each)) for each in range(40)]

    assert waits.count(0) == FREE


def test_a_guesser_at_one_account_is_stopped_wherever_he_comes_from(throttle, seconds):
    """A thousand addresses share the account's count."""
    for each in range(FREE):
        assert throttle.attempt("lan", elsewhere(each)) == 0

    assert throttle.attempt("lan", AWAY) == 2


def test_a_guesser_at_every_account_is_stopped_at_his_address(throttle):
    """One password on many names."""
    for each in range(FREE):
        assert throttle.attempt(f"name-{each}", AWAY) == 0

    assert throttle.attempt("lan", AWAY) == 2
    assert throttle.attempt("lan", HOME) == 0


@pytest.mark.parametrize(
    ("name", "other"),
    [("lan", "Lan"), ("lan", f"{' ' * 300}LAN "), ("l\u00e1n", "la\u0301n")],
)
def test_a_name_typed_in_another_way_is_no_way_around(throttle, seconds, name, other):
    """Accounts know names without regard to case, spaces at the ends, and composition."""
    guess(throttle, seconds, name, HOME, FREE)

    assert throttle.attempt(other, AWAY) == 2


def test_a_right_log_in_forgets_the_wrong_ones_before_it(throttle, seconds):
    """Four mistakes today have no part in tomorrow's."""
    guess(throttle, seconds, "lan", HOME, FREE - 1)
    throttle.attempt("lan", HOME)
    throttle.right("lan", HOME)

    assert guess(throttle, seconds, "lan", HOME, FREE + 1) == [0] * FREE + [2]


def test_a_right_log_in_buys_no_guesses_at_others(throttle, seconds):
    """Whoever owns an account does not start anew at his address."""
    throttle.attempt("mallory", AWAY)
    throttle.right("mallory", AWAY)
    for each in range(FREE):
        throttle.attempt(f"name-{each}", AWAY)
    throttle.attempt("mallory", AWAY)
    throttle.right("mallory", AWAY)

    assert throttle.attempt("lan", AWAY) > 0


def test_right_log_ins_alone_never_make_an_address_wait(throttle):
    """A room of analysts behind one address begins its shift."""
    for each in range(30):
        assert throttle.attempt(f"analyst-{each}", HOME) == 0
        throttle.right(f"analyst-{each}", HOME)


def test_guessing_from_elsewhere_keeps_nobody_out_where_they_are_known(throttle, seconds):
    """The account's wait is for strangers; who logged in here before goes in at once."""
    throttle.attempt("admin", HOME)
    throttle.right("admin", HOME)
    for each in range(200):
        seconds.now += throttle.attempt("admin", elsewhere(each))
        throttle.attempt("admin", elsewhere(each))

    assert throttle.attempt("admin", "192.0.2.99") > 0
    assert throttle.attempt("admin", HOME) == 0


def test_a_guesser_at_the_same_address_meets_the_same_waits(throttle, seconds):
    """To be known is no way to guess: the place has a count of its own."""
    throttle.attempt("admin", HOME)
    throttle.right("admin", HOME)

    assert guess(throttle, seconds, "admin", HOME, FREE + 2) == [0] * FREE + [2, 4]


def test_a_wait_at_a_known_address_is_not_the_account_s(throttle, seconds):
    """Who guesses at one's own place makes nobody wait elsewhere."""
    throttle.attempt("admin", HOME)
    throttle.right("admin", HOME)
    guess(throttle, seconds, "admin", HOME, FREE + 3)

    assert throttle.attempt("admin", AWAY) == 0


def test_the_longest_an_owner_waits_at_a_new_address(throttle, seconds):
    """Under attack, never more than a quarter of an hour for the next chance."""
    for each in range(100):
        seconds.now += throttle.attempt("admin", elsewhere(each))
        throttle.attempt("admin", elsewhere(each))

    assert throttle.attempt("admin", HOME) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "testclient"),
    ],
)
def test_one_client_is_one_address(throttle, first, second):
    """A /64 belongs to one; an IPv4 address is the same in IPv6's clothes; a name is a name."""
    for each in range(FREE):
        throttle.attempt(f"name-{each}", first)

    assert throttle.attempt("lan", second) == 2
    assert throttle.attempt("lan", "2001:db8:1:3::1") == 0


def test_after_an_hour_of_peace_all_is_forgotten(throttle, seconds):
    """Yesterday's mistakes cost nothing."""
    guess(throttle, seconds, "lan", HOME, 9)
    seconds.now += FORGOTTEN

    assert guess(throttle, seconds, "lan", HOME, FREE + 1) == [0] * FREE + [2]


def test_made_up_names_do_not_push_out_the_account_under_attack(seconds):
    """Memory is bounded, and what was tried most is forgotten last."""
    throttle = Throttle(seconds, most=10)
    guess(throttle, seconds, "admin", HOME, FREE + 3)
    for each in range(1000):
        throttle.attempt(f"made-up-{each}", f"2001:db8:{each:x}::1")

    assert throttle.attempt("admin", AWAY) > 0
    assert throttle.remembered() <= 30


def test_an_account_is_known_at_its_newest_addresses(throttle, seconds):
    """At so many and no more; the one not used for longest goes."""
    for each in range(PLACES + 1):
        assert throttle.attempt("lan", elsewhere(each)) == 0
        throttle.right("lan", elsewhere(each))
    for each in range(100, 100 + FREE):
        throttle.attempt("lan", elsewhere(each))

    assert throttle.attempt("lan", elsewhere(1)) == 0
    assert throttle.attempt("lan", elsewhere(0)) == 2


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lan", "minh"]),
            st.sampled_from([HOME, AWAY]),
            st.booleans(),
            st.floats(0, 2000),
        )
    )
)
def test_no_wait_is_ever_longer_than_the_longest(steps):
    """Whatever happened before."""
    seconds = Seconds()
    throttle = Throttle(seconds)
    for name, address, is_right, later in steps:
        seconds.now += later
        wait = throttle.attempt(name, address)
        assert 0 <= wait <= LONGEST_WAIT
        if is_right and not wait:
            throttle.right(name, address)
