"""An update is on trial until it has run for a minute; one that doesn't is taken back."""

import pytest
from toolkit.environment import ROOT

from .client import PASSWORDS, Client, starts, wait_until, with_drive
from .updates import commit, deploy, stage

MODULE = "lib/datalogger/light/status_light"
PAGE = "www/extra.txt"


def content(board, path):
    file = board.drive / path
    return file.read_bytes() if file.is_file() else None


def module(board, name=MODULE):
    """The path of a module as the board has it."""
    return name + (".mpy" if (board.drive / (name + ".mpy")).exists() else ".py")


def changed(board, name, *changes):
    """What to deploy for a changed source of a module: {path: content or None}."""
    text = (ROOT / (name + ".py")).read_bytes()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return replaced(board, name, text)


def replaced(board, name, source):
    """What to deploy for a module with another source."""
    compiled = {} if module(board, name).endswith(".py") else {name + ".mpy": None}
    return {name + ".py": source, **compiled}


def state(board):
    """The state of the update; None while the board restarts."""
    try:
        return Client(board).status().get("update")
    except OSError:
        return None


def taken_back(board, changes):
    """Deploys changes that don't work; the version before must come back, whole."""
    before = {path: content(board, path) for path in [*changes, "code.py", "boot.py"]}
    deploy(board, {PAGE: b"new page", **changes})
    board.change(speed=20)
    wait_until(lambda: "was taken back" in board.output(), 60)
    board.change(speed=1)
    wait_until(lambda: state(board) == "undone", 60)
    assert {path: content(board, path) for path in before} == before
    assert content(board, PAGE) is None
    assert not list(board.drive.glob("update/*/*"))
    with_drive(board)
    deploy(board, {PAGE: b"and again"})  # nothing is in the way of the next one
    wait_until(lambda: content(board, PAGE) == b"and again")


@pytest.fixture
def board(boards, vm):
    return with_drive(boards(vm=vm, settings=PASSWORDS, expected=("bite",)))


BROKEN = {
    "a syntax error": b"def :\n",
    "a missing name": b"",
    "half of it": None,
    "an exception": b"raise ValueError('on purpose')\n",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_module_that_cannot_be_imported(board, how):
    path = module(board)
    broken = BROKEN[how]
    if broken is None:
        broken = content(board, path)[: len(content(board, path)) // 2]
    taken_back(board, {path: broken})


@pytest.mark.parametrize("broken", [b"def :\n", b"", b"while True:\n    pass\n"])
def test_a_code_py_that_does_nothing(board, broken):
    """Not even the rescue page can start: the watchdog that boot.py leaves on resets the board."""
    taken_back(board, {"code.py": broken})


@pytest.mark.parametrize("name", ["deploy", "actions", "passwords", "settle"])
def test_a_version_that_could_not_be_updated(board, name):
    """It runs, but nothing could mend it over Wi-Fi any more."""
    taken_back(board, {module(board, "lib/datalogger/rare/" + name): b"x = 1\n"})


END = "lib/datalogger/rare/update_end"
QUIET = b"def run(app, word, kept):\n    yield\n"
HALF = b"""from ..on_demand import on_demand_for_update

state = on_demand_for_update("state")


def run(app, word, kept):
    state.write(state.PROVEN, kept, app.root)
    yield
"""


def test_a_version_that_does_not_end_its_update(board):
    """It serves pages, but nothing could be deployed: deploy.py then asks for the rescue page."""
    path = module(board, END)
    before = content(board, path)
    client = run_on_trial(board, replaced(board, END, QUIET), "trial")
    assert client("POST", "/api/restart", {"page": "rescue"}).status == 202
    board.wait_until_listening(3)
    assert content(board, path) == before
    assert client.status()["update"] == "undone"


def test_a_version_that_does_not_put_the_ladder_in_place(board):
    boot = content(board, "boot.py") + b"# new\n"
    client = run_on_trial(board, {**replaced(board, END, HALF), "boot.py": boot}, "proven")
    assert content(board, "boot.py") != boot
    assert client("POST", "/api/restart", {"page": "rescue"}).status == 202
    board.wait_until_listening(3)
    assert content(board, "boot.py") == boot
    assert not [*board.drive.glob("update/*/*"), *board.drive.glob("update/state")]


def run_on_trial(board, files, word):
    """Deploy these files and let the board run for some minutes; returns a Client."""
    deploy(board, files)
    board.wait_until_listening(2)
    with_drive(board)
    client = Client(board).log_in()
    board.change(speed=20)
    begin = client.uptime()
    wait_until(lambda: client.uptime() > begin + 150, 60)
    board.change(speed=1)
    assert state(board) == word
    return client


def test_a_program_that_hangs(board):
    hanging = (b"now = self._clock.ticks\n", b"while True:\n                pass\n")
    taken_back(board, changed(board, MODULE, hanging))


def test_a_program_that_leaves_no_time_for_anything_else(board):
    """A deployment takes thousands of rounds."""
    slow = (
        b"    def run(self):\n",
        b"    def run(self):\n        for _ in self._run():\n            yield\n"
        + b"            import time\n\n            time.sleep(3)\n\n    def _run(self):\n",
    )
    taken_back(board, changed(board, MODULE, slow))


def test_an_interface_that_changed_between_two_modules(board):
    """Both are new, or both are old."""
    files = {
        **changed(board, MODULE, (b"class StatusLight:", b"class Signal:")),
        **changed(
            board,
            "lib/datalogger/app",
            (b"import StatusLight", b"import Signal"),
            (b"= StatusLight(", b"= Signal("),
        ),
    }
    deploy(board, files)
    board.wait_until_listening(2)
    with_drive(board)
    board.change(speed=20)
    wait_until(lambda: state(board) == "", 60)
    assert Client(board).status()["errors"] == 0
    assert content(board, "lib/datalogger/app.py") == files["lib/datalogger/app.py"]


def test_a_power_cut_during_the_trial_takes_it_back(board):
    before = content(board, "code.py")
    deploy(board, {"code.py": before + b"# new\n"})
    board.wait_until_listening(2)
    board.power_cycle()
    assert content(board, "code.py") == before
    assert Client(board).status()["update"] == "undone"


def test_a_trial_that_ran_for_a_minute_while_a_computer_had_the_drive(board):
    code = content(board, "code.py") + b"# new\n"
    deploy(board, {"code.py": code})
    board.attach_computer()
    board.wait_until_listening(2)
    assert starts(board)
    board.change(speed=20)
    wait_until(lambda: not starts(board), 60)
    board.change(speed=1)
    board.detach_computer()
    board.power_cycle()
    assert content(board, "code.py") == code
    with_drive(board)
    board.change(speed=20)
    wait_until(lambda: Client(board).status()["update"] == "", 60)


def test_where_there_is_no_room_to_keep_the_version_before(boards):
    board = with_drive(boards(settings=PASSWORDS))
    free = Client(board).status()["drive"]["free"]
    code = content(board, "code.py")
    new = code.replace(b"nothing else", b"nothing more")  # takes no more clusters
    assert new != code
    enough = 10 + -(-(len(code) + 90) // 512)  # clusters; too few for a copy of code.py as well
    (board.drive / "ballast.bin").write_bytes(bytes(free - enough * 512))
    board.power_cycle()
    with_drive(board)
    answer = deploy(board, {"code.py": new, "www/extra.txt": b"x"})
    assert not answer["way_back"]
    board.wait_until_listening(3)
    board.power_cycle()
    assert Client(board).status()["update"] == "failed"
    assert content(board, "code.py") == new
    with_drive(board)
    deploy(board, {"code.py": code})
    board.wait_until_listening(5)
    assert content(board, "code.py") == code


def committed_on_a_full_drive(board, files, free):
    """Stage files, fill the drive until so many clusters are left, and commit; returns the answer."""
    stage(board, files)
    left = Client(board).status()["drive"]["free"] // 512
    (board.drive / "ballast.bin").write_bytes(bytes((left - free) * 512))
    board.power_cycle()
    with_drive(board)
    wait_until(lambda: Client(board).status())  # now its time passes as ours
    return commit(board, files)


def without_ballast(board):
    board.stop()
    (board.drive / "ballast.bin").unlink(missing_ok=True)
    board.power_cycle()
    with_drive(board)


def without_way_back(board, files):
    """Deploys these, and a file so large that there is no room to keep it."""
    path = "lib/datalogger/settings_schema.json"
    large = {path: content(board, path) + b"\n"}
    answer = committed_on_a_full_drive(board, {**files, **large}, 22)
    assert answer.status == 202 and not answer.json["way_back"], answer


def test_code_py_is_kept_where_there_is_no_room_for_more(board):
    """Without it nothing could show the rescue page."""
    before = content(board, "code.py")
    without_way_back(board, {"code.py": b"while True:\n    pass\n"})
    board.wait_until_listening(3)
    assert content(board, "code.py") == before
    assert state(board) == "failed"


def test_a_module_that_hangs_and_no_way_back(boards):
    board = with_drive(boards(settings=PASSWORDS, expected=("bite",)))
    hanging = replaced(board, MODULE, b"while True:\n    pass\n")
    without_way_back(board, hanging)
    board.wait_until_listening(3)
    assert Client(board).status()["rescue"]
    deploy(board, replaced(board, MODULE, (ROOT / (MODULE + ".py")).read_bytes()))
    board.wait_until_listening(4)
    assert "rescue" not in Client(board).status()


def test_room_for_new_folders_is_looked_for(boards):
    """Each takes a cluster: the update would stop half-way."""
    board = with_drive(boards(settings=PASSWORDS))
    files = {f"www/folder{number}/page.txt": b"x" for number in range(20)}
    files["code.py"] = content(board, "code.py") + b"# new\n"
    answer = committed_on_a_full_drive(board, files, len(files) + 8)
    assert answer.status == 507 and "bytes more" in answer.json["error"], answer
    without_ballast(board)
    deploy(board, files)
    board.wait_until_listening(4)
    assert state(board) == "trial" and content(board, "www/folder19/page.txt") == b"x"


@pytest.mark.parametrize("way_back", [True, False])
def test_an_update_that_cannot_take_its_place(boards, way_back):
    """Whatever is in its way: another update can mend it."""
    board = with_drive(boards(settings=PASSWORDS))
    files = {"code.py": content(board, "code.py") + b"# new\n", PAGE: b"new page"}
    if way_back:
        assert deploy(board, files)["way_back"]
    else:
        without_way_back(board, files)
    board.stop()
    (board.drive / PAGE).mkdir()
    board.power_cycle()
    assert state(board) == ("undone" if way_back else "failed")
    (board.drive / PAGE).rmdir()
    without_ballast(board)
    deploy(board, {PAGE: b"and again"})
    board.change(speed=20)
    wait_until(lambda: content(board, PAGE) == b"and again", 60)
