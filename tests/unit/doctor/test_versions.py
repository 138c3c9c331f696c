"""Python and every package we need."""

import sys

import pytest

from sentinel.doctor.versions import (
    Need,
    examine_versions,
    packages,
    python,
    read_needs,
    satisfies,
)


def test_where_the_tests_run_all_is_well(patient, standing):
    """Else they would not."""
    assert standing(examine_versions(patient)) == [
        ("versions.python", "ok"),
        ("versions.packages", "ok"),
    ]


@pytest.mark.parametrize(
    ("found", "bounds", "expected"),
    [
        ((3, 11, 0), ">=3.11", "ok"),
        ((3, 10, 9), ">=3.11", "fail"),
        (sys.version_info[:3], "", "ok"),
    ],
)
def test_python(found, bounds, expected):
    """As our own package asks for it."""
    assert python(found, bounds).status.value == expected


@pytest.mark.parametrize(
    ("installed", "expected", "named"),
    [
        ("4.2", "ok", ""),
        ("3.9", "fail", "aiosmtplib 3.9 (>=4,<5)"),
        ("5.0", "fail", "aiosmtplib 5.0 (>=4,<5)"),
        (None, "fail", "aiosmtplib - (>=4,<5)"),
    ],
)
def test_packages(installed, expected, named):
    """What is missing or outside is named with what is wanted."""
    check = packages([Need(package="aiosmtplib", bounds=">=4,<5")], {"aiosmtplib": installed})

    assert check.status.value == expected
    assert named in check.found.en


def test_what_our_metadata_asks_for():
    """Extras are nobody's need."""
    lines = ["aiosmtplib>=4", "pysigma<2,>=1.5.1", "uvicorn[standard]>=0.38", "x>=2; extra == 'y'"]

    assert [(need.package, need.bounds) for need in read_needs(lines)] == [
        ("aiosmtplib", ">=4"),
        ("pysigma", "<2,>=1.5.1"),
        ("uvicorn", ">=0.38"),
    ]


@pytest.mark.parametrize(
    ("found", "bounds", "expected"),
    [
        ("3.54.1", ">=3.51.3", True),
        ("3.51.2.0", ">=3.51.3", False),
        ("3.51.3.0", ">=3.51.3", True),
        ("4.0.0", ">=4", True),
        ("4", ">=4.0.1", False),
        ("10.0", ">=9", True),
        ("1.9", ">=1.5.1,<2", True),
        ("2.0a1", ">=1.5.1,<2", False),
        ("2024.11.6", ">=2024.11.6", True),
        ("1.0", "==1.0.0", True),
        ("1.0", "!=1.0", False),
        ("", ">=1", False),
        ("odd", ">=1", False),
    ],
)
def test_bounds(found, bounds, expected):
    """By number, not by letter."""
    assert satisfies(found, bounds) is expected
