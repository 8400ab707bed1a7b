"""The rescue page, which the board shows when its app can't start."""

import pytest
from toolkit.environment import ROOT

from .client import PASSWORD, PASSWORDS, Client, basic, wait_until, with_drive
from .updates import deploy

BROKEN = b"import nothing_of_the_kind\n"
MODULE = "lib/datalogger/tasks.py"


def rescued(boards, vm="cpython", files=None, **more):
    """A board whose app can't start, once its rescue page is there."""
    settings = more.pop("settings", PASSWORDS)
    files = {MODULE: BROKEN} if files is None else files
    board = boards(vm=vm, files=files, settings=settings, start=False, **more)
    board.change(speed=20)
    board.start()
    board.change(speed=1)
    assert Client(board).get("/api/status").json["rescue"]
    return board


def owner(board):
    return Client(board, Authorization=basic())


def test_an_app_that_cannot_start_is_mended_over_wifi(boards, vm):
    board = boards(vm=vm, settings=PASSWORDS, start=False)
    source = board.drive / MODULE  # if there is none, the broken source hides the compiled module
    whole = source.read_bytes() if source.exists() else None
    board = rescued(boards, vm)
    status = owner(board).status()
    assert (
        "nothing_of_the_kind" in status["failure"]
        and MODULE.rpartition("/")[2] in status["failure"]
    )
    deploy(board, {MODULE: whole})
    board.wait_until_listening(2)
    with_drive(board)
    assert "rescue" not in Client(board).status()
    board.change(speed=20)
    wait_until(lambda: Client(board).status()["update"] == "")


def test_three_starts_come_first(boards):
    board = rescued(boards)
    assert [event[0] for event in board.events("run")].count("code") == 4
    assert board.output().count("nothing_of_the_kind") >= 3


def test_restarts_that_were_asked_for_are_not_counted(boards, vm):
    board = boards(vm=vm, settings=PASSWORDS)
    for number in range(2, 7):
        assert owner(board)("POST", "/api/restart", {}).status == 202
        board.wait_until_listening(number)
    client = Client(board)
    assert "rescue" not in client.status()
    assert "This restart was asked for." in client.log()
    board.power_cycle()
    assert "This restart was asked for." not in client.log()


def test_the_log_tells_of_an_error(boards):
    """This error goes away by itself: the next start succeeds."""
    broken = {
        MODULE: b"import microcontroller\nif microcontroller.nvm[4000] != 1:\n"
        b"    microcontroller.nvm[4000] = 1\n    raise ValueError('on purpose')\n"
        + (ROOT / MODULE).read_bytes()
    }
    board = boards(settings=PASSWORDS, files=broken, start=False)
    board.change(speed=20)
    board.start()
    board.change(speed=1)
    log = Client(board).log()
    assert "The run before ended with an error: ValueError: on purpose" in log


def test_the_page_is_asked_for(boards, vm):
    """Whoever can't mend the running version gets the page without three failed starts."""
    board = boards(vm=vm, settings=PASSWORDS)
    client = Client(board)
    assert client("POST", "/api/restart", {"page": "rescue"}).status == 401
    assert owner(board)("POST", "/api/restart", {"page": "rescue"}).status == 202
    board.wait_until_listening(2)
    assert client.status()["rescue"]
    assert owner(board)("POST", "/api/restart", {}).status == 202
    board.wait_until_listening(3)
    assert "rescue" not in client.status()


def test_wrong_passwords_slow_down_the_address_that_sends_them(boards):
    board = rescued(boards)

    def is_let_in(password, source=""):
        client = Client(board, source, Authorization=basic(password))
        return client.status()["login"]["logged_in"]

    for number in range(6):
        assert not is_let_in(f"guess {number}", "127.0.0.2")
        assert is_let_in(PASSWORD)
    assert not is_let_in(PASSWORD, "127.0.0.2")  # this address has to wait
    for _ in range(12):  # a forgotten script of the owner's
        assert not is_let_in("the password of last year")
        assert is_let_in(PASSWORD)
    board.change(speed=20)
    wait_until(lambda: is_let_in(PASSWORD, "127.0.0.2"))


def test_settings_are_read_as_the_app_reads_them(boards):
    """The first of two lines counts; a number or a line that can't be read is no password."""
    for lines in (
        f'ADMIN_PASSWORD = "{PASSWORD}"\nADMIN_PASSWORD = "another one"\n',
        f'\ufeffADMIN_PASSWORD = "{PASSWORD}" # with a mark before it\r\n',
    ):
        board = rescued(boards, settings={}, files={MODULE: BROKEN, "settings.toml": lines})
        assert owner(board).status()["login"] == {"logged_in": True, "off": False}
    for line in ("ADMIN_PASSWORD = 1234567890\n", "ADMIN_PASSWORD = 'single quotes'\n"):
        board = rescued(boards, settings={}, files={MODULE: BROKEN, "settings.toml": line})
        assert Client(board).status()["login"] == {"logged_in": False, "off": True}


def test_which_board_it_is(boards):
    board = rescued(boards)
    found = Client(board).status()["board"]
    assert found["id"] == "raspberry_pi_pico_w"
    assert (
        found["name"].startswith("Raspberry Pi Pico W") and "CircuitPython 10" in found["firmware"]
    )


ODD = b"""class Odd(Exception):
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__


raise Odd()
"""
ENDS = {
    "an exit": b"import sys\nsys.exit()\n",
    "an error that can't be shown": ODD,
    "an error with a long text": "raise ValueError('ä' + 'ö' * 2000)\n".encode(),
}


@pytest.mark.parametrize("how", ENDS)
def test_however_the_app_ends(boards, vm, how):
    board = rescued(boards, vm, {MODULE: ENDS[how]})
    assert owner(board).status()["login"]["logged_in"]


def test_an_app_that_comes_to_an_end(boards, vm):
    """Nothing would answer any more."""
    board = rescued(boards, vm, {"lib/datalogger/app.py": b"def run():\n    pass\n"})
    assert "come to an end" in owner(board).status()["failure"]


@pytest.mark.parametrize("broken", [BROKEN, b"while True:\n    pass\n"])
def test_a_page_that_fails_gives_way_to_the_app(boards, broken):
    """Three power cuts in a row lead to the page, whatever became of that."""
    board = boards(
        settings=PASSWORDS,
        files={"lib/rescue/page.py": broken},
        start=False,
        expected=("bite",),
    )
    nonvolatile = bytearray(4096)
    nonvolatile[16] = 6  # starts that failed: the page was there before
    (board.state_folder / "nvm.bin").write_bytes(nonvolatile)
    board.change(speed=20)
    board.start()
    board.change(speed=1)
    assert "rescue" not in Client(board).status()


NETWORKS = (
    f'DEVICE_NAME = "{"d" * 300}"',
    'DEVICE_NAME = "my logger!"',
    f'AP_SSID = "{"s" * 33}"',
    f'AP_PASSWORD = "{"z" * 64}"',
    f'WIFI_MODE = "station"\nSTATION_SSID = "{"s" * 33}"',
)


@pytest.mark.parametrize("line", NETWORKS)
def test_settings_that_no_network_can_have(boards, line):
    lines = f'ADMIN_PASSWORD = "{PASSWORD}"\n{line}\n'
    board = rescued(boards, settings={}, files={MODULE: BROKEN, "settings.toml": lines})
    assert owner(board).status()["login"]["logged_in"]
