"""The claims of README.md hold: its commands, its links, its program, and the copy by hand."""

import importlib.util
import json
import re
import shlex
import subprocess
import sys
import urllib.request
from functools import cache
from pathlib import Path

import pytest
from documentation import readme
from toolkit.environment import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SCRIPT = re.compile(r"python3 (scripts/\w+\.py)([^`\n]*)")


@cache
def help_of(script):
    done = subprocess.run(
        [sys.executable, str(ROOT / script), "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def relative(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_exist(document):
    """Each script named in a document is there and knows the options it is given."""
    for script, rest in SCRIPT.findall(document.read_text(encoding="utf-8")):
        assert (ROOT / script).is_file(), script
        for word in shlex.split(rest, comments=True):
            if word.startswith("--"):
                assert word in help_of(script), f"{script} has no {word}"
            elif "/" in word and not word.startswith("http") and "DIR" not in word:
                assert (ROOT / word.partition("::")[0]).exists() or script.endswith("bench.py"), (
                    word
                )


def test_the_two_commands_are_there():
    assert "python3 scripts/simulate.py" in readme.commands()
    assert "python3 scripts/test.py" in readme.commands()


def test_all_commands_are_known():
    """No sh block of the README holds a command that these tests don't check."""
    for command in readme.commands():
        assert SCRIPT.fullmatch(command) or command.startswith("circup install "), command


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            assert (document.parent / target.partition("#")[0]).exists(), target


@pytest.mark.daily
def test_library_program(boards, vm):
    (program,) = [
        block.text
        for block in readme.blocks(readme.section("Use only the library"))
        if block.language == "python"
    ]
    files = {
        "code.py": program,
        "lib/ehttpserver.py": (ROOT / "lib" / "ehttpserver.py").read_bytes(),
        "lib/adafruit_ticks.py": source_of("adafruit_ticks"),
    }
    board = boards(vm=vm, payload=False, files=files)
    with urllib.request.urlopen(board.url + "/api/value/42", timeout=30) as answer:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.read() == b'{"value": 42}'


def source_of(module):
    return Path(importlib.util.find_spec(module).origin).read_bytes()


def test_copied_by_hand(boards, tmp_path):
    """What the section "By hand" says to copy makes a board that works."""
    assert "python3 scripts/deploy.py --to board" in readme.section("By hand")
    folder = tmp_path / "board"
    folder.mkdir()
    (folder / "boot_out.txt").write_text(
        "Adafruit CircuitPython 10.3.1 on 2026-07-01; Raspberry Pi Pico W with rp2040\n"
        "Board ID:raspberry_pi_pico_w\nUID:E6614103E7452D2F\n"
    )
    command = [sys.executable, str(ROOT / "scripts" / "deploy.py"), "--to", str(folder)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    files = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            # The simulator's interpreter reads the same bytecode with a first byte of its own.
            files[str(path.relative_to(folder))] = (
                b"M" + content[1:] if path.suffix == ".mpy" else content
            )
    assert files["lib/ehttpserver.mpy"]
    board = boards(vm="micropython", payload=False, files=files)
    with urllib.request.urlopen(board.url + "/", timeout=30) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(board.url + "/api/status", timeout=30) as answer:
        assert b'"recorder"' in answer.read()


def test_days_of_data_are_not_promised_in_vain():
    promised = re.search(r"at least (\d+) days of rows fit at\s+one a minute", readme.TEXT)
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "check_budget.py"), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert json.loads(done.stdout)["days_of_recording"] >= int(promised[1])


def test_no_other_server_survives_all_faults():
    """The README says so, and docs/benchmark.md has the measurements."""
    text = (ROOT / "docs" / "benchmark.md").read_text("utf-8")
    table = text.rpartition("## Faults survived")[2].partition("\n\n## ")[0]
    titles, _, *rows = [
        [cell.strip(" *") for cell in line.split("|")[2:-1]]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    survivors = [
        title
        for title, *cells in zip(titles, *rows, strict=True)
        if all(cell == "ok" or cell.startswith("answer after ") for cell in cells)
    ]
    assert survivors == ["ehttpserver"]


def test_all_pictures_are_shown_and_small():
    shown = set(re.findall(r"!\[[^\]]+\]\((docs/images/[^)]+)\)", readme.TEXT))
    assert shown == {relative(path) for path in (ROOT / "docs" / "images").iterdir()}
    assert len(shown) >= 3
    for picture in shown:
        assert (ROOT / picture).stat().st_size < 250_000, picture
