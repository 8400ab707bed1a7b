"""Deployments over the air to the simulated board: what travels, refusals, broken connections."""

import contextlib
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath

import pytest
from deployment.cutting_proxy import CuttingProxy
from toolkit import manifest
from toolkit.deploy import messages, update, watch, wifi_session
from toolkit.deploy.board_client import BoardClient, BoardError, Unreachable
from toolkit.environment import ROOT
from toolkit.errors import ToolkitError
from toolkit.payload import assembly, mpy

pytestmark = pytest.mark.slow

PASSWORD = "right-one-for-the-tests"
SETTINGS = {"ADMIN_PASSWORD": PASSWORD, "AP_PASSWORD": "another-good-one"}
PROJECT = ROOT
HEAP_SIZE = "CIRCUITPY_HEAP_START_SIZE = 139264"
SIMULATED = "A simulated board: the modules travel as .py."
PAGE = PurePosixPath("www/extra/page.txt.gz")
MODULE = PurePosixPath("lib/datalogger/extra.py")


@pytest.fixture(scope="module")
def files():
    """The real payload."""
    return assembly.collect(form=mpy.SOURCE)


@pytest.fixture
def board(boards):
    """A board that has the payload, its own passwords and its drive."""
    board = boards(settings=SETTINGS)
    wait_for_drive(board)
    return board


def wait_for_drive(board):
    """Wait until the board takes its drive: 5 s of its time after power-up, without a computer."""
    board.change(speed=4)
    wait_for_status(board, lambda status: status["drive"]["owner"] == "board")
    board.change(speed=8)  # an update is on trial for a minute


def form_of(vm):
    """The form of the modules that a board already has: its drive has no room for both forms."""
    return mpy.SOURCE if vm == "cpython" else mpy.MICROPYTHON


def wait_for_status(board, condition):
    client = BoardClient(board.url, PASSWORD)
    deadline = time.monotonic() + 60
    while not condition(client.status()):
        assert time.monotonic() < deadline, client.status()
        time.sleep(0.1)
    client.close()


@pytest.fixture
def deploy(monkeypatch, files):
    """Deploys the payload, in this form, with changes: `deploy(url, {path: content or None})`."""

    def run(url, changes=None, password=PASSWORD, overwrite=False, dry_run=False, form=mpy.SOURCE):
        wanted = mpy.compiled(files, form)
        del wanted[manifest.PATH]
        for path, content in (changes or {}).items():
            if content is None:
                del wanted[path]
            else:
                wanted[path] = content
        monkeypatch.setattr(
            wifi_session.assembly, "collect", lambda report, form, settings: dict(wanted)
        )
        wifi_session.Session(url, password, overwrite, False).deploy(dry_run)

    return run


@pytest.fixture
def said(monkeypatch):
    """The lines that deploy.py prints."""
    lines = []
    monkeypatch.setattr(messages, "tell", lambda line: line != SIMULATED and lines.append(line))
    monkeypatch.setattr(messages, "warn", lines.append)
    return lines


def deployed(board):
    """How many files each deployment brought, from the board's log."""
    answer = BoardClient(board.url, PASSWORD)._json("GET", "/api/log")
    found = [re.match(r"Deployed: (\d+) files", entry["text"]) for entry in answer["entries"]]
    return [int(match.group(1)) for match in found if match]


def test_nothing_travels_when_nothing_changed(board, deploy, said):
    deploy(board.url)
    assert said == [messages.NOTHING]
    assert deployed(board) == []
    assert board.runs == 1


@pytest.mark.daily
def test_a_changed_page_travels_alone_and_needs_no_restart(board, deploy, said):
    deploy(board.url, {PAGE: b"first"})
    deploy(board.url, {PAGE: b"second"})
    assert (board.drive / PAGE).read_bytes() == b"second"
    assert deployed(board) == [2, 2]  # with the manifest
    assert board.runs == 1
    assert f"Deployed to {board.url}" in said[-1]
    assert "0 new, 1 changed, 0 removed" in said[-1]


def test_changed_code_restarts_the_board_and_waits_until_it_is_back(boards, vm, deploy, said):
    board = boards(vm=vm, settings=SETTINGS)
    wait_for_drive(board)
    deploy(board.url, {MODULE: b"VALUE = 1\n"}, form=form_of(vm))
    assert (board.drive / MODULE).read_bytes() == b"VALUE = 1\n"
    assert said[0] == f"The board is back: {board.url}"
    assert said[1].startswith("Deployed to")
    assert board.runs == 2


def test_a_source_that_would_hide_a_compiled_module_goes(boards, deploy, said):
    source = {"lib/datalogger/battery.py": (PROJECT / "lib/datalogger/battery.py").read_bytes()}
    board = boards(vm="micropython", settings=SETTINGS, files=source)
    wait_for_drive(board)
    with pytest.raises(ToolkitError, match="lib/datalogger/battery.py. Use --overwrite"):
        deploy(board.url, form=mpy.MICROPYTHON)
    deploy(board.url, form=mpy.MICROPYTHON, overwrite=True)
    assert not (board.drive / "lib/datalogger/battery.py").exists()
    assert said[-2] == f"The board is back: {board.url}"
    assert said[-1].startswith("Deployed to")


def test_a_simulated_board_gets_sources_and_a_real_one_compiled_modules(board, monkeypatch):
    assert wifi_session.Session(board.url, PASSWORD, False, False)._form == mpy.SOURCE
    monkeypatch.setattr(BoardClient, "is_on_this_computer", False)
    assert wifi_session.Session(board.url, PASSWORD, False, False)._form == mpy.CIRCUITPYTHON
    assert wifi_session.Session(board.url, PASSWORD, False, True)._form == mpy.SOURCE


def without_heap_size(board):
    """Make the settings those of a board whose last deployment didn't have this line yet."""
    file = board.drive / "settings.toml"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if HEAP_SIZE not in line))


def test_older_settings_get_the_line_that_circuitpython_needs(boards, deploy, said):
    board = boards(settings={**SETTINGS, "SAMPLE_SECONDS": 7}, start=False)
    without_heap_size(board)
    before = (board.drive / "settings.toml").read_text()
    wait_for_drive(board.start())
    deploy(board.url)
    after = (board.drive / "settings.toml").read_text()
    assert f"\n{HEAP_SIZE}\n" in after
    assert set(after.splitlines()) >= set(before.splitlines())
    assert said[0] == "Added to settings.toml: CIRCUITPY_HEAP_START_SIZE."
    assert said[-1] == f"The board is back: {board.url}"
    deploy(board.url)
    assert said[-1] == messages.NOTHING


def test_settings_that_the_board_refuses_are_told(boards, deploy, said):
    board = boards(settings={**SETTINGS, "SAMPLE_SECONDS": 0})
    wait_for_drive(board)
    deploy(board.url)
    assert "SAMPLE_SECONDS: Must be a whole number from 1 to 86400" in said[0]
    assert said[1:] == [messages.NOTHING]


def test_settings_that_can_not_be_completed_are_told(boards, deploy, said, monkeypatch):
    def refuse(client, text):
        raise BoardError("The file is too large", 413)

    board = boards(settings=SETTINGS, start=False)
    without_heap_size(board)
    wait_for_drive(board.start())
    monkeypatch.setattr(BoardClient, "restore_settings", refuse)
    deploy(board.url, {PAGE: b"travels all the same"})
    assert (board.drive / PAGE).exists()
    assert said[0].startswith("settings.toml could not be completed (The file is too large).")
    assert HEAP_SIZE in said[0]


def test_older_firmware_is_refused_with_the_address_of_the_new(monkeypatch):
    status = {"board": {"id": "raspberry_pi_pico_w", "firmware": "CircuitPython 9.2.8"}}
    monkeypatch.setattr(BoardClient, "status", lambda client: status)
    with pytest.raises(ToolkitError, match="10.0 or later is needed. Get it at https://"):
        wifi_session.Session("http://192.168.4.1", PASSWORD, False, False)


def test_a_board_that_is_back_can_be_deployed_to_at_once(board, deploy):
    deploy(board.url, {MODULE: b"VALUE = 1\n"})
    deploy(board.url, {MODULE: b"VALUE = 2\n"})
    assert (board.drive / MODULE).read_bytes() == b"VALUE = 2\n"


def test_a_board_whose_drive_the_computer_takes_meanwhile_is_back_all_the_same(
    board, deploy, said, monkeypatch
):
    monkeypatch.setattr(wifi_session, "DRIVE_SECONDS", 1)
    monkeypatch.setattr(update, "TRIAL_SECONDS", 5)
    commit = BoardClient.commit

    def commit_with_a_computer(client, fingerprint):
        answer = commit(client, fingerprint)
        board.change(usb="mounted")
        return answer

    monkeypatch.setattr(BoardClient, "commit", commit_with_a_computer)
    with pytest.raises(ToolkitError, match="has not ended yet"):
        deploy(board.url, {MODULE: b"VALUE = 1\n"})
    assert said[-1] == f"The board is back: {board.url}"


def test_an_update_that_does_not_run_is_told(board, deploy, said):
    with pytest.raises(ToolkitError, match="the board has taken it back"):
        deploy(board.url, {PurePosixPath("lib/datalogger/app.py"): b"x = 1\n"})
    assert BoardClient(board.url, PASSWORD).status()["board"]
    deploy(board.url, {MODULE: b"VALUE = 1\n"})


def test_a_rescue_page_is_deployed_to_like_a_board(boards, vm, deploy, said):
    """Its app does not start; the deployment mends it."""
    broken = {"lib/datalogger/app.py": "import nothing_of_the_kind"}
    board = boards(vm=vm, settings=SETTINGS, files=broken, start=False)
    board.change(speed=8)
    board.start()
    assert BoardClient(board.url, PASSWORD).status()["rescue"]
    deploy(board.url, overwrite=True, form=form_of(vm))
    assert "rescue" not in BoardClient(board.url, PASSWORD).status()
    assert said[-1].startswith("Deployed to")


def test_a_rescue_page_with_nothing_to_mend_gives_way_to_the_app(board, deploy, said):
    """As after an update that was taken back: the board has all files already."""
    deploy(board.url)
    BoardClient(board.url, PASSWORD).restart(rescue=True)
    deadline = time.monotonic() + 60
    while not on_rescue_page(board) and time.monotonic() < deadline:
        time.sleep(0.2)
    deploy(board.url)
    assert said[-2:] == [messages.NOTHING, f"The board is back: {board.url}"]
    assert not on_rescue_page(board)


def on_rescue_page(board):
    with contextlib.suppress(ToolkitError):  # while it restarts
        return BoardClient(board.url, PASSWORD).shows_rescue()
    return False


def test_an_answer_to_the_commit_that_is_lost(board, deploy, said, monkeypatch):
    commit = BoardClient.commit

    def lost(client, fingerprint):
        commit(client, fingerprint)
        raise Unreachable("no answer")

    monkeypatch.setattr(BoardClient, "commit", lost)
    deploy(board.url, {MODULE: b"VALUE = 1\n"})
    assert said[-1].startswith("Deployed to") and board.runs == 2


def test_what_waits_does_not_travel_again(board, deploy, monkeypatch):
    """A deployment that was cut off before its commit goes on where it stopped."""

    def cut(client, fingerprint):
        raise ToolkitError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(BoardClient, "commit", cut)
        with pytest.raises(ToolkitError, match="cut off"):
            deploy(board.url, {PAGE: b"first", MODULE: b"VALUE = 1\n"})
    assert not (board.drive / PAGE).exists()
    sent = []
    put = BoardClient.put
    monkeypatch.setattr(
        BoardClient,
        "put",
        lambda client, path, *more: (sent.append(path), put(client, path, *more)),
    )
    deploy(board.url, {PAGE: b"first", MODULE: b"VALUE = 1\n"})
    assert sent == [] and (board.drive / PAGE).read_bytes() == b"first"
    assert board.runs == 2


def test_what_waits_of_another_deployment_is_forgotten(board, deploy):
    client = BoardClient(board.url, PASSWORD)
    client.put(PurePosixPath("www/other.txt"), b"other")
    deploy(board.url, {PAGE: b"first"})
    assert (board.drive / PAGE).exists() and not (board.drive / "www/other.txt").exists()


def test_what_an_earlier_deployment_left_is_removed(board, deploy):
    deploy(board.url, {PAGE: b"first"})
    mine = board.drive / "www/mine.txt"
    mine.write_text("mine")
    deploy(board.url)
    assert not (board.drive / PAGE).parent.exists()
    assert mine.read_text() == "mine"
    assert manifest.read((board.drive / manifest.PATH).read_bytes()).keys().isdisjoint({PAGE})


def test_a_dry_run_says_what_would_travel(board, deploy, said):
    deploy(board.url, {PAGE: b"first"}, dry_run=True)
    assert said == [f"new              5 bytes  {PAGE}"]
    assert deployed(board) == []


def test_a_file_edited_on_the_board_is_replaced_only_on_request(board, deploy):
    deploy(board.url, {PAGE: b"first"})
    (board.drive / PAGE).write_bytes(b"edited")
    with pytest.raises(ToolkitError, match=f"edited on the board since: {PAGE}.*--overwrite"):
        deploy(board.url, {PAGE: b"second"})
    assert (board.drive / PAGE).read_bytes() == b"edited"
    deploy(board.url, {PAGE: b"second"}, overwrite=True)
    assert (board.drive / PAGE).read_bytes() == b"second"


def test_a_watch_deploys_over_the_air(board, monkeypatch, tmp_path):
    """Does what deploy.py --wifi URL --watch does after its first deployment."""
    page = tmp_path / "www/extra.txt"
    page.parent.mkdir()
    page.write_text("first")
    monkeypatch.setattr(watch.environment, "ROOT", tmp_path)
    real = assembly.collect
    own = {PurePosixPath("www/extra.txt.gz"): page}
    monkeypatch.setattr(
        wifi_session.assembly,
        "collect",
        lambda report, form, settings: {
            **real(root=PROJECT, form=form),
            **{path: file.read_bytes() for path, file in own.items()},
        },
    )
    session = wifi_session.Session(board.url, PASSWORD, False, False)
    stop = threading.Event()
    thread = threading.Thread(target=watch.run, args=(session.deploy, stop))
    thread.start()
    try:
        deadline = time.monotonic() + 60
        stored = board.drive / "www/extra.txt.gz"
        for number in range(2, 10_000):
            if stored.exists() and b"again" in stored.read_bytes():
                break
            assert time.monotonic() < deadline, "nothing was deployed"
            page.write_text(f"again {number}")
            time.sleep(0.5)
    finally:
        stop.set()
        thread.join()


# ---- Refusals ----


def refused(board, deploy, said, **options):
    """Return the message of a deployment that must change nothing and not reveal the password."""
    before = (board.drive / manifest.PATH).read_bytes()
    with pytest.raises(ToolkitError) as raised:
        deploy(board.url, {PAGE: b"first"}, **options)
    assert not (board.drive / PAGE).exists()
    assert (board.drive / manifest.PATH).read_bytes() == before
    shown = "\n".join([*said, raised.value.message])
    assert PASSWORD not in shown and options.get("password", PASSWORD) not in shown
    return raised.value.message


def test_a_wrong_password_is_refused(board, deploy, said):
    message = refused(board, deploy, said, password="wrong-password-xyz")
    assert message.startswith("The admin password is wrong.")


def test_many_wrong_passwords_must_wait(board, deploy, said):
    board.change(speed=1)  # each one costs ten seconds of the board's time, and takes some of them
    said_so = (
        "the board asks to wait"
        in refused(board, deploy, said, password=f"wrong-password-{number}")
        for number in range(30)
    )
    assert any(said_so)


def test_the_shipped_password_is_refused(boards, deploy, said):
    board = boards()
    message = refused(board, deploy, said, password="datalogger")
    assert message.startswith("The board refuses (409): Change the passwords")


def test_a_low_battery_is_refused(boards, deploy, said):
    board = boards(settings={**SETTINGS, "LOW_BATTERY_VOLTS": "3.5"}, voltage=3.2, usb_power=False)
    wait_for_status(board, lambda status: status["battery"]["low"])
    message = refused(board, deploy, said)
    assert message.startswith("The board refuses (409)")
    assert "battery" in message.lower()


def test_a_drive_that_the_computer_has_is_refused(boards, deploy, said):
    board = boards(settings=SETTINGS, usb="mounted")
    message = refused(board, deploy, said)
    assert message.startswith("The board refuses (409)")
    assert "computer" in message


def test_a_board_without_room_is_refused_before_anything_travels(board, deploy, files, said):
    with pytest.raises(ToolkitError, match="too full: .* Delete recordings of .* Nothing was ch"):
        deploy(board.url, {PAGE: b"x" * 390_000})
    assert BoardClient(board.url, PASSWORD).listing()["waiting"] == {}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:9", "can't be reached: it refuses the connection"),
        ("http://name.invalid", "this name is not known here"),
        ("https://192.168.4.1", "is not the address of a board"),
        ("http://192.168.4.1:port", "is not the address of a board"),
        ("http://admin:secret@192.168.4.1", "is not the address of a board"),
    ],
)
def test_an_address_without_a_board_is_told(deploy, monkeypatch, url, message):
    monkeypatch.setattr("toolkit.deploy.board_client.PAUSE_SECONDS", 0.01)
    with pytest.raises(ToolkitError, match=message):
        deploy(url)


class Elsewhere(BaseHTTPRequestHandler):
    """A web server that is no data logger."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *arguments):
        pass


def test_another_web_server_is_told(deploy):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(ToolkitError, match="answers, but not as a data logger"):
            deploy(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# ---- Broken connections ----


@pytest.fixture
def proxies():
    """Makes relays to a board, which are closed at the end."""
    made = []

    def make(board, **options):
        made.append(CuttingProxy(board.ports["tcp:80"], **options))
        return made[-1], f"http://127.0.0.1:{made[-1].port}"

    yield make
    for proxy in made:
        proxy.close()


MANY = {PurePosixPath(f"www/extra/{number}.txt.gz"): bytes([number]) * 7000 for number in range(6)}


def test_a_connection_that_breaks_now_and_then_is_made_again(board, deploy, proxies, monkeypatch):
    monkeypatch.setattr("toolkit.deploy.board_client.PAUSE_SECONDS", 0.01)
    proxy, url = proxies(board, cut_after=17_000, cuts=3)
    deploy(url, MANY)
    assert proxy.cuts_made == 3
    assert all((board.drive / path).read_bytes() == content for path, content in MANY.items())


def test_a_connection_lost_half_way_leaves_whole_files_and_a_second_run_finishes(
    board, deploy, proxies, monkeypatch
):
    monkeypatch.setattr("toolkit.deploy.board_client.PAUSE_SECONDS", 0.01)
    changed = {path: b"before" * 400 for path in MANY}
    deploy(board.url, changed)
    _, url = proxies(board, cut_after=6_000, cuts=1000)
    with pytest.raises(ToolkitError, match="can't be reached: .*run this again"):
        deploy(url, MANY)
    for path, content in MANY.items():
        assert (board.drive / path).read_bytes() in (content, changed[path])
    deploy(board.url, MANY)
    assert all((board.drive / path).read_bytes() == content for path, content in MANY.items())
    assert not list(board.drive.rglob("*.new"))


def test_a_board_that_stays_away_is_told(board, deploy, monkeypatch):
    monkeypatch.setattr(update, "RESTART_SECONDS", 2)
    commit = BoardClient.commit

    def commit_and_stop(client, fingerprint):
        answer = commit(client, fingerprint)
        board.stop()
        return answer

    monkeypatch.setattr(BoardClient, "commit", commit_and_stop)
    monkeypatch.setattr("toolkit.deploy.board_client.PAUSE_SECONDS", 0.01)
    with pytest.raises(ToolkitError, match="did not come back within 2 s"):
        deploy(board.url, {MODULE: b"VALUE = 1\n"})


def test_a_version_that_does_not_know_safemode_py_gets_the_rest(capsys):
    class Older:
        def __init__(self):
            self.taken = []

        def listing(self):
            return {"waiting": {}}

        def put(self, path, content, done):
            if str(path) == "safemode.py":
                raise BoardError("Only files below www/ and lib/, code.py and boot.py.", 403)
            self.taken.append(path)

    older = Older()
    contents = {PAGE: b"page", PurePosixPath("safemode.py"): b"x", MODULE: b"module"}
    sent = update.Update(older, contents)
    sent.stage()
    assert older.taken == [PAGE, MODULE]
    assert "deploy once more" in capsys.readouterr().err
    alone = update.Update(older, {PAGE: b"page", MODULE: b"module"})
    assert sent.fingerprint() == alone.fingerprint()
