"""What keeps contributions alike: the hooks before a commit, the form for problems."""

import re

import yaml
from toolkit.environment import ROOT


def test_ruff_before_a_commit_is_the_one_of_the_tests():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    (ruff,) = (repo for repo in config["repos"] if "ruff" in repo["repo"])
    pinned = re.search(
        r"^ruff==(\S+)", (ROOT / "tests/requirements.txt").read_text("utf-8"), re.MULTILINE
    )
    assert ruff["rev"] == f"v{pinned[1]}"
    assert [hook["id"] for hook in ruff["hooks"]] == ["ruff-check", "ruff-format"]


def test_a_problem_comes_with_firmware_mode_and_log():
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/problem.yml").read_text("utf-8"))
    needed = {part["id"] for part in form["body"] if part["validations"]["required"]}
    assert {"firmware", "mode", "log"} <= needed
