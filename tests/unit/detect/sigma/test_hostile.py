"""Rules are input too: what is made to keep the service busy is refused with its line."""

import pytest

from sentinel.detect.sigma.load import load
from sentinel.detect.sigma.split import MAX_CHARACTERS
from sentinel.documents import SourceText

HEAD = "title: R\nlogsource: {category: test}\ndetection:\n"


def _faults(detection, condition="a", head=HEAD):
    text = f"{head}{detection}  condition: {condition}\n"
    ruleset = load([SourceText("r.yml", text), SourceText("good.yml", GOOD)])
    assert [rule.card.title for rule in ruleset.rules] == ["Good"]
    return [str(fault) for fault in ruleset.refused]


GOOD = HEAD.replace("R", "Good") + "  a: {x: 1}\n  condition: a\n"


@pytest.mark.parametrize(
    ("detection", "condition", "said"),
    [
        ("  a: {x: " + "v" * MAX_CHARACTERS + "}\n", "a", "r.yml:1: the file is too large"),
        (
            "  a: &a [x, x]\n" + "".join(f"  b{n}: [*a, *a]\n" for n in range(20)),
            "a",
            "r.yml:1: the file has too many aliases",
        ),
        ("  a: " + "[" * 40 + "x" + "]" * 40 + "\n", "a", "r.yml:4: values are nested too deeply"),
        ("  a: {x: 1}\n", " or ".join(["a"] * 10_000), "r.yml:5: detection.condition: the cond"),
        ("  a: {x: 1}\n", f"[{', '.join(['a'] * 9_000)}]", "r.yml:5: detection.condition: the c"),
        ("  a: {x: 1}\n", "(" * 33 + "a" + ")" * 33, "r.yml:5: detection.condition: the cond"),
        ("  a: {x: 1}\n", "not " * 2_000 + "a", "r.yml:3: detection: this is nested too deeply"),
        ("  a: {x: 1}\n", "1 of " + "a*" * 30, "r.yml:5: detection.condition: `of a*a*"),
        (
            f"  a: {{x: [{', '.join(map(str, range(2000)))}]}}\n",
            " or ".join(["1 of *"] * 800),
            "r.yml:5: detection.condition: the condition stands for 1600000 tests",
        ),
        ("  a:\n    x|windash: '" + " -a" * 400 + "'\n", "a", "r.yml:3: detection: this is too"),
        ("  a:\n    x|re: '" + "(" * 9 + "a" + "{99})" * 9 + "'\n", "a", "r.yml:5: "),
        ("  a:\n    x|re: " + "a" * 20_000 + "\n", "a", "r.yml:5: "),
    ],
    ids=lambda value: value.strip()[:12],
)
def test_it_is_refused_with_its_line_and_the_others_run(detection, condition, said):
    """Before anything large is built."""
    (fault,) = _faults(detection, condition)

    assert fault.startswith(said)
    assert len(fault) < 500


def test_a_large_honest_rule_is_loaded():
    """Thousands of indicators are no attack."""
    values = "".join(f"      - host{number}.so-a.example\n" for number in range(3_000))
    ruleset = load([SourceText("r.yml", f"{HEAD}  a:\n    QueryName:\n{values}  condition: a\n")])

    assert ruleset.refused == ()
    assert len(ruleset.rules[0].condition.parts) == 3_000
