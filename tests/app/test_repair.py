"""What lib/rescue/power_up.py, which boot.py runs, does after a power cut or an update."""

import ast
import socket
import struct

import pytest
from toolkit.environment import ROOT

from .client import PASSWORDS, Client

MARK = b"\n\x00whole\n"
OLD = b"old " * 300
NEW = b"new " * 400


def boot(boards, vm, files, **more):
    board = boards(vm=vm, files=files, start=False, settings=PASSWORDS, **more)
    return board.start()


def content(board, path):
    file = board.drive / path
    return file.read_bytes() if file.exists() else None


def constants(path):
    """{name: value} of the constants in the source of a device module."""
    found = {}
    for statement in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(statement, ast.Assign):
            value = statement.value
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "const":
                value = value.args[0]
            if isinstance(value, ast.Constant):
                found[statement.targets[0].id] = value.value
    return found


def test_copies_of_constants_are_the_same():
    """Code that must work without lib/datalogger/ has copies of its constants."""
    theirs = constants("lib/datalogger/nonvolatile.py") | {"MARK": MARK}
    for path, names in (
        ("boot.py", {"DRIVE_AT", "BOARD_HAS_DRIVE", "RESET_AT"}),
        ("code.py", {"STARTS_AT", "FAILURE_AT", "RESET_AT"}),
        ("safemode.py", {"FAULT_AT"}),
        ("lib/rescue/power_up.py", {"MARK"}),
        ("lib/rescue/restore.py", {"MARK"}),
    ):
        own = {name.lstrip("_"): value for name, value in constants(path).items()}
        assert names <= set(own), path
        assert all(own[name] == theirs[name] for name in names), path


# The first start ends in a hard fault, as the firmware had one; each later one is the usual.
FAULTY = """
import microcontroller
if microcontroller.nvm[100] != 1:
    microcontroller.nvm[100] = 1
    import socketpool, wifi
    wifi.radio.start_ap("test", "12345678")
    pool = socketpool.SocketPool(wifi.radio)
    listener = pool.socket(pool.AF_INET, pool.SOCK_STREAM)
    listener.bind(("0.0.0.0", 80))
    listener.listen(1)
    connection = listener.accept()[0]
    print("accepted")
    try:
        connection.recv_into(bytearray(1))
    except OSError:
        connection.setsockopt(pool.IPPROTO_TCP, pool.TCP_NODELAY, 1)
exec(open("/usual.py").read())
"""


def hard_fault(boards, vm, **more):
    usual = (ROOT / "code.py").read_text()
    files = {"code.py": FAULTY, "usual.py": usual}
    board = boards(
        vm=vm, files=files, settings=PASSWORDS, start=False, expected=("fault",), **more
    ).start()
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as client:
        board.wait_or_fail(lambda: "accepted" in board.output(), "not accepted")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    board.wait_or_fail(lambda: board.events("fault"), "no hard fault")
    return board


def test_a_board_comes_back_after_a_hard_fault(boards, vm):
    board = hard_fault(boards, vm)
    board.wait_or_fail(lambda: board.runs == 2, "the board stays in safe mode")
    board.wait_or_fail(lambda: len(board.events("listening")) == 2, "the app did not start")
    log = Client(board).log_in().get("/api/log").json["entries"]
    assert [entry["text"] for entry in log if entry["level"] == "error"] == [
        "CircuitPython itself failed (a hard fault or the like); the board was restarted."
    ]


def test_safe_mode_stays_where_somebody_sits_at_a_computer(boards, vm):
    board = hard_fault(boards, vm, usb="mounted")
    board.wait_or_fail(lambda: "Safe mode:" in board.output(), "safemode.py did not run")
    board.wait_or_fail(
        lambda: "safemode.py has ended." in board.output(), "safemode.py did not end"
    )
    assert not board.wait(lambda: board.runs > 1, 1) and board.status == "safe mode"


def test_settings_that_were_being_saved_are_finished(boards, vm):
    """The journal replaces settings.toml if the byte says that it is whole."""
    settings = b'AP_PASSWORD = "whatever else"\nLIVE_SECONDS = 7\n'.ljust(6144, b"\n")
    for byte, stands in ((0x4A, True), (0, False)):
        board = boards(vm=vm, files={"settings.jnl": settings}, start=False)
        before = content(board, "settings.toml")
        nonvolatile = bytearray(4096)
        nonvolatile[2] = byte
        (board.state_folder / "nvm.bin").write_bytes(nonvolatile)
        board.start()
        assert content(board, "settings.toml") == (settings if stands else before)


def test_the_journal_is_there_before_a_setting_is_saved(boards, vm):
    """As large as settings.toml needs it, of blank lines; made once."""
    board = boards(vm=vm)
    size = len(content(board, "settings.toml"))
    journal = content(board, "settings.jnl")
    assert journal == b"\n" * (-(-size // 512) * 512)
    (board.drive / "settings.jnl").write_bytes(b"used")
    board.restart()
    assert content(board, "settings.jnl") == b"used"


def test_no_journal_is_made_where_there_is_little_room(boards):
    board = boards(start=False)
    fill(board, 20)
    (board.drive / "settings.jnl").unlink()
    board.restart()
    assert content(board, "settings.jnl") is None


def test_settings_that_are_whole_are_finished(boards, vm):
    settings = b'AP_PASSWORD = "whatever else"\nLIVE_SECONDS = 7\n'
    board = boot(boards, vm, {"settings.toml.new": settings + MARK})
    assert content(board, "settings.toml") == settings
    entries = Client(board).get("/api/settings").json["settings"]
    assert [entry["value"] for entry in entries if entry["key"] == "LIVE_SECONDS"] == [7]
    assert content(board, "settings.toml.new") is None
    assert "Finished the replacement of /settings.toml" in board.output()


def test_what_a_cable_has_left_whole_is_finished(boards, vm):
    left = ("lib/datalogger/extra.py", "www/a/b/page.txt")
    board = boot(boards, vm, {path + ".new": NEW * 4 + MARK for path in left})
    for path in left:
        assert content(board, path) == NEW * 4 and content(board, path + ".new") is None


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 1600, 1607])
def test_settings_that_are_not_whole_are_undone(boards, cut):
    board = boards(settings=PASSWORDS, start=False)
    before = content(board, "settings.toml")
    (board.drive / "settings.toml.new").write_bytes((NEW + MARK)[:cut])
    board.start()
    assert content(board, "settings.toml") == before
    assert content(board, "settings.toml.new") is None


def test_interrupted_removals_are_finished(boards, vm):
    """A power cut while FAT removes a long name leaves the file under its short name. Only the
    short names of recordings count as such leftovers."""
    left = ("data/2026-1~2.CSV", "data/BOOT-1~1.CSV")
    kept = ("data/2026-11-22.csv", "data/NOTES~1.TXT", "NOTES~1.TXT", "www/a~b.txt")
    kept += ("data/OLD~1.CSV", "lib/README~", "www/whats.new", "MY~FILE.NEW")
    kept += ("data/2026-A~1.CSV", "data/2026-1~1.TXT", "data/2026-1~B.CSV", "data/BOOTS~1.CSV")
    kept += ("www/2026-1~1.CSV", "lib/BOOT-1~1.CSV", "2026-1~1.CSV")
    board = boot(boards, vm, dict.fromkeys(left + kept, OLD))
    for path in left:
        assert content(board, path) is None
    for path in kept:
        assert content(board, path) == OLD


def test_nothing_to_repair_prints_nothing(boards):
    """What boot.py prints goes to boot_out.txt, which is written anew whenever it changes."""
    board = boot(boards, "cpython", {"data/notes.new": "mine", ".hidden/x.new": "mine"})
    assert (board.drive / "boot_out.txt").read_text().endswith("boot.py output:\n")


def test_the_computer_gets_the_drive_after_the_repair(boards):
    settings = b"LIVE_SECONDS = 7\n"
    board = boot(boards, "cpython", {"settings.toml.new": settings + MARK}, usb="mounted")
    assert content(board, "settings.toml") == settings
    assert Client(board).status()["drive"]["owner"] == "computer"


def test_settings_wait_while_there_is_no_room_for_them(boards):
    """settings.toml is not opened for writing: its content stays."""
    board = boards(settings=PASSWORDS, start=False)
    before = content(board, "settings.toml")
    new = before + b"#" * 3000 + b"\n" + MARK
    fill(board, -(-len(new) // 512) + 3)
    (board.drive / "settings.toml.new").write_bytes(new)
    board.restart()
    assert content(board, "settings.toml") == before
    assert "There is no room to finish" in board.output()


def fill(board, free):
    """Fill the drive until `free` clusters are left."""
    left = Client(board.start()).status()["drive"]["free"] // 512
    (board.drive / "ballast.bin").write_bytes(bytes((left - free) * 512))
