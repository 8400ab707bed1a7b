"""Every Python package and all its dependencies are pinned with hashes: pip refuses any others."""

import re

import pytest
from packaging.requirements import Requirement
from toolkit.environment import ROOT

SOURCES = sorted(
    file for top in ("scripts", "tests") for file in (ROOT / top).rglob("*requirements*.in")
)


def named(file):
    """{package: its requirement} of a list that people write."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def locked(file):
    """{package: (its requirement, its hashes)} of the list that scripts/lock.py makes from it."""
    text = file.with_suffix(".txt").read_text("utf-8").replace(" \\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement = Requirement(line.partition(" --hash")[0])
            found[requirement.name] = requirement, re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
    return found


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_package_is_locked_as_it_is_named(file):
    pins = locked(file)
    assert pins
    for name, requirement in named(file).items():
        assert pins[name][0].specifier == requirement.specifier, "run: python3 scripts/lock.py"
    for name, (requirement, hashes) in pins.items():
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), name
        assert hashes, name


def test_there_is_a_list_for_each_purpose():
    assert len(SOURCES) == 8
    lists = {
        file for top in ("scripts", "tests") for file in (ROOT / top).rglob("*requirements*.txt")
    }
    assert lists == {file.with_suffix(".txt") for file in SOURCES}


def test_no_package_has_two_versions():
    found = {}
    for file in SOURCES:
        for name, (requirement, _) in locked(file).items():
            found.setdefault(name, set()).add(str(requirement.specifier))
    assert {name for name, versions in found.items() if len(versions) > 1} == set()
