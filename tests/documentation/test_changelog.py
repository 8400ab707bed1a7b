"""CHANGELOG.md lists the versions of the code."""

import re

from toolkit.environment import ROOT


def version_in(path):
    return re.search(
        r'^__version__ = "([0-9.]+)"$', (ROOT / path).read_text("utf-8"), re.MULTILINE
    )[1]


def test_present_versions_are_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## ([0-9]+\.[0-9]+\.[0-9]+)$", text, re.MULTILINE)
    numbers = [tuple(map(int, version.split("."))) for version in released]
    assert numbers == sorted(numbers, reverse=True)
    assert version_in("lib/datalogger/__init__.py") in released
    assert version_in("lib/ehttpserver.py") in released


def test_what_is_not_released_yet_stands_first():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert "Unreleased" not in titles[1:]
