"""Wi-Fi on the simulated board."""

from .client import PASSWORDS, Client, wait_until

STATION = {
    **PASSWORDS,
    "WIFI_MODE": "station",
    "STATION_SSID": "home",
    "STATION_PASSWORD": "homehome",
    "DEVICE_NAME": "shed",
}
HOME = {"home": "homehome"}


def wifi(board):
    return Client(board).status()["wifi"]


def test_own_network(boards, vm):
    board = boards(vm=vm, settings={**PASSWORDS, "AP_SSID": "shed"}, stations=3)
    assert wifi(board) == {
        "mode": "ap",
        "ssid": "shed",
        "address": "127.0.0.1",
        "hostname": "datalogger.local",
        "clients": 3,
        "signal_dbm": None,
        "fallback": False,
    }


def test_joining(boards, vm):
    board = boards(vm=vm, settings=STATION, networks=HOME)
    found = wifi(board)
    assert found["mode"] == "station" and found["ssid"] == "home" and not found["fallback"]
    assert found["hostname"] == "shed.local"
    assert found["clients"] is None
    assert "Joined home" in Client(board).log()
    assert Client(board, Host="shed.local").get("/api/status")


def test_falling_back_and_coming_back(boards, vm):
    board = boards(vm=vm, settings=STATION, networks={}, stations=0, speed=20)
    found = wait_until(lambda: (w := wifi(board))["mode"] == "ap" and w)
    assert found["fallback"] and found["ssid"] == "datalogger"
    log = Client(board).log()
    assert "Joining home failed" in log
    for secret in ("homehome", *PASSWORDS.values()):
        assert secret not in log and secret not in board.output()
    board.change(networks=HOME, speed=100)
    found = wait_until(lambda: (w := wifi(board))["mode"] == "station" and w, 60)
    assert not found["fallback"] and found["ssid"] == "home"
    board.change(networks={})
    found = wait_until(lambda: (w := wifi(board))["mode"] == "ap" and w, 60)
    board.change(speed=1)
    assert found["fallback"]
    assert Client(board).status()["errors"] == 0


def test_a_wrong_password_falls_back(boards):
    board = boards(settings=STATION, networks={"home": "something else"}, speed=20)
    assert wait_until(lambda: wifi(board)["fallback"])


def test_recording_starts_before_the_network(boards):
    board = boards(settings={**STATION, "SAMPLE_SECONDS": 1}, networks={}, speed=10)
    rows = Client(board).get("/api/history").json["rows"]
    assert rows[0][0] < 10


def test_the_own_network_needs_a_reset_after_a_reload(boards):
    """Where the radio cannot start its network a second time, the board resets itself."""
    board = boards(settings=PASSWORDS)
    program = (board.drive / "code.py").read_text("utf-8")
    board.stop()
    (board.drive / "code.py").write_text(
        "import supervisor, wifi\n"
        "if supervisor.runtime.run_reason == supervisor.RunReason.STARTUP:\n"
        "    try:\n"
        "        open('/once.txt').close()\n"
        "    except OSError:\n"
        "        import storage\n"
        "        storage.remount('/', readonly=False)\n"
        "        open('/once.txt', 'w').close()\n"
        "        wifi.radio.start_ap('x', 'xxxxxxxx')\n"
        "        wifi.radio.stop_ap()\n"
        "        supervisor.reload()\n" + program,
        encoding="utf-8",
    )
    board.power_on()
    board.wait_until_listening(2)
    status = Client(board).status()
    assert status["board"]["reset_reason"] == "SOFTWARE"
    assert status["wifi"]["mode"] == "ap"
