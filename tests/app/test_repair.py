"""boot.py after power was cut while a file was being replaced."""

import ast

import pytest
from toolkit.environment import ROOT

from .client import PASSWORDS, Client, with_drive

MARK = b"\n\x00whole\n"
OLD = b"old " * 300
NEW = b"new " * 400
FILES = ("www/page.txt", "lib/datalogger/extra.py", "lib/extra.py", "www/a/b/c.txt")


def boot(boards, vm, files, **more):
    board = boards(vm=vm, files=files, start=False, settings=PASSWORDS, **more)
    return board.start()


def content(board, path):
    file = board.drive / path
    return file.read_bytes() if file.exists() else None


def constants(path):
    """{name: value} of the constants of a module of the device, as they stand in its source."""
    found = {}
    for statement in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(statement, ast.Assign):
            value = statement.value
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "const":
                value = value.args[0]
            if isinstance(value, ast.Constant):
                found[statement.targets[0].id] = value.value
    return found


@pytest.mark.parametrize("module", ["nonvolatile", "rare/replacing"])
def test_boot_py_has_the_same_constants_as_the_app(module):
    own = constants("boot.py")
    theirs = constants(f"lib/datalogger/{module}.py")
    assert set(own) & set(theirs)
    assert all(own[name] == theirs[name] for name in set(own) & set(theirs))


@pytest.mark.parametrize("path", FILES)
def test_what_is_whole_is_finished(boards, vm, path):
    board = boot(boards, vm, {path: OLD, path + ".new": NEW + MARK})
    assert content(board, path) == NEW
    assert content(board, path + ".new") is None
    assert f"Finished the replacement of /{path}" in board.output()


def test_what_was_half_copied_is_finished(boards, vm):
    board = boot(boards, vm, {"www/page.txt": NEW[:512], "www/page.txt.new": NEW + MARK})
    assert content(board, "www/page.txt") == NEW


def test_a_new_file_is_finished(boards, vm):
    board = boot(boards, vm, {"www/page.txt.new": NEW + MARK})
    assert content(board, "www/page.txt") == NEW


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 1600, 1607])
def test_what_is_not_whole_is_undone(boards, cut):
    board = boot(boards, "cpython", {"www/page.txt": OLD, "www/page.txt.new": (NEW + MARK)[:cut]})
    assert content(board, "www/page.txt") == OLD
    assert content(board, "www/page.txt.new") is None


def test_settings_and_code(boards, vm):
    settings = b'AP_PASSWORD = "whatever else"\nLIVE_SECONDS = 7\n'
    board = boot(
        boards,
        vm,
        {
            "settings.toml.new": settings + MARK,
            "code.py.new": b"raise SystemExit",
            "boot.py.new": b"",
        },
    )
    assert content(board, "settings.toml") == settings
    entries = Client(board).get("/api/settings").json["settings"]
    assert [entry["value"] for entry in entries if entry["key"] == "LIVE_SECONDS"] == [7]
    for path in ("settings.toml.new", "code.py.new", "boot.py.new"):
        assert content(board, path) is None


def test_boot_itself_is_finished(boards, vm):
    board = boards(vm=vm, start=False)
    whole = content(board, "boot.py")
    (board.drive / "boot.py.new").write_bytes(b"# newer\n" + whole + MARK)
    board.start()
    assert content(board, "boot.py") == b"# newer\n" + whole
    assert content(board, "boot.py.new") is None


def test_a_boot_that_was_half_copied_is_finished_by_the_app(boards, vm):
    """boot.py cannot repair itself when it is the file that was cut."""
    board = boards(vm=vm, start=False)
    whole = content(board, "boot.py")
    (board.drive / "boot.py").write_bytes(whole[:512])
    (board.drive / "boot.py.new").write_bytes(whole + MARK)
    with_drive(board.start())
    assert content(board, "boot.py") == whole
    assert content(board, "boot.py.new") is None


def test_interrupted_removals_are_finished(boards, vm):
    """FAT leaves a file with its short name only when power is cut while a long one is removed."""
    left = ("www/PAGETX~1.NEW", "CODEPY~1.NEW", "www/a/PAGETX~1.GZ", "data/2026-1~2.CSV")
    kept = ("data/2026-11-22.csv", "data/NOTES~1.TXT", "NOTES~1.TXT", "www/a~b.txt")
    board = boot(boards, vm, dict.fromkeys(left + kept, OLD + MARK))
    for path in left:
        assert content(board, path) is None
    for path in kept:
        assert content(board, path) == OLD + MARK


def test_nothing_to_repair_prints_nothing(boards):
    """What boot.py prints goes to boot_out.txt, and a changed one is written anew."""
    board = boot(boards, "cpython", {"data/notes.new": "mine", ".hidden/x.new": "mine"})
    assert (board.drive / "boot_out.txt").read_text().endswith("boot.py output:\n")
    assert content(board, "data/notes.new") == b"mine"
    assert content(board, ".hidden/x.new") == b"mine"


def test_the_computer_gets_the_drive_after_the_repair(boards):
    board = boot(boards, "cpython", {"www/page.txt.new": NEW + MARK}, usb="mounted")
    assert content(board, "www/page.txt") == NEW
    assert Client(board).status()["drive"]["owner"] == "computer"


def test_a_drive_without_room_starts_all_the_same(boards):
    board = boards(
        files={"www/page.txt": OLD, "www/page.txt.new": NEW * 40 + MARK},
        start=False,
        clusters=700,
    )
    used = sum(-(-f.stat().st_size // 512) for f in board.drive.rglob("*") if f.is_file())
    (board.drive / "ballast.bin").write_bytes(bytes(max(0, 700 - used - 60) * 512))
    board.start()
    assert Client(board).get("/api/status")
