"""`sentinel demo`."""

from pathlib import Path

import pytest

from sentinel.cli import house
from sentinel.cli.demo import guessing, hello
from sentinel.cli.screen import Screen
from sentinel.demo import show
from sentinel.demo.show import Begin, Opened, Order
from sentinel.errors import PortTaken
from sentinel.model.text import Language
from tests.unit.demo.mails import ADDRESSES

OPENED = Opened(
    addresses=ADDRESSES,
    name="demo",
    password="k7mw-p3xq",
    settings=Path("data-demo/sentinel.yml"),
    syslog=5514,
    trouble=(),
)


@pytest.fixture
def orders(monkeypatch):
    """What the demo was asked for; it greets and ends."""
    orders = []

    def run(order, greet):
        orders.append(order)
        greet(OPENED)
        return 0

    monkeypatch.setattr(show, "run", run)
    return orders


def test_without_options_it_begins_anew_beside_where_one_stands(run, orders):
    """Four minutes, usual ports, in the language of the terminal."""
    assert run("demo").code == 0
    assert orders == [Order(data=Path("data-demo"), language=Language.EN)]


def test_the_options(run, orders, tmp_path, monkeypatch):
    """How fast, where, with what was there, on which ports."""
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")

    run("demo", "--speed", "60", "--data", tmp_path, "--keep", "--shift", "10000")

    assert orders == [
        Order(data=tmp_path, begin=Begin.KEEP, speed=60, shift=10_000, language=Language.VI)
    ]


@pytest.mark.parametrize("options", [["--speed", "0"], ["--speed", "x"], ["--shift", "-1"]])
def test_wrong_options_are_wrong_use(run, orders, options):
    """Nothing is begun."""
    assert run("demo", *options).code == 2
    assert orders == []


def test_the_greeting_says_where_to_look_and_how_to_get_in(run, orders):
    """Three addresses, name and password, the certificate, the tour, lines of one's own."""
    shown = run("demo").out

    assert "https://127.0.0.1:8443/ (name demo, password k7mw-p3xq)" in shown
    assert "https://127.0.0.1:8445/" in shown
    assert "https://127.0.0.1:8444/" in shown
    assert "certificate" in shown
    assert [f"{number}. " in shown for number in range(1, 8)] == [True] * 6 + [False]
    assert guessing(5514) in shown.splitlines()


def test_it_says_at_the_end_where_the_data_are(run, orders):
    """With the whole path."""
    assert run("demo").out.splitlines()[-1].endswith(str(Path.cwd() / "data-demo"))


def test_the_greeting_in_vietnamese(capsys):
    """All of it."""
    hello(OPENED, Screen(Language.VI))

    shown = capsys.readouterr().out
    assert "Bản trình diễn đang chạy. Ctrl-C để kết thúc." in shown
    assert "1. Mở hàng đợi" in shown
    assert "the " not in shown


def test_trouble_with_an_input_is_said_on_top(capsys):
    """Before anybody looks for alerts."""
    trouble = Opened(
        **{name: getattr(OPENED, name) for name in OPENED.__slots__}
        | {"trouble": ("port 5514 is taken",)}
    )

    hello(trouble, Screen(Language.EN))

    assert (
        capsys.readouterr().out.splitlines()[1] == "Nothing can be sent to it: port 5514 is taken"
    )


def test_what_keeps_it_from_starting_is_a_sentence(run, monkeypatch):
    """On standard error, without a traceback."""

    def refused(order, greet):
        raise PortTaken("port 8443 is in use")

    monkeypatch.setattr(show, "run", refused)

    done = run("demo")

    assert (done.code, done.out, done.err) == (1, "", "port 8443 is in use\n")


def test_the_demo_is_fetched_when_it_is_asked_for():
    """Other commands need not wait for it."""
    assert house.show is show


def test_the_line_to_try_is_python_that_works():
    """It must survive a shell's double quotes."""
    line = guessing(5514)

    code = line.removeprefix('python3 -c "').removesuffix('"')
    assert '"' not in code
    assert "$" not in code
    compile(code, "line", "exec")
