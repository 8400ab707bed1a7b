"""Side by side: tasks that fail, the watchdog, the status light, the log on the drive."""

import re

import pytest
from simulator.board import SOURCE_CLUSTERS
from toolkit.environment import ROOT

from .client import PASSWORDS, Client, wait_until, with_drive

FAST = {**PASSWORDS, "SAMPLE_SECONDS": 1, "FLUSH_SECONDS": 10}


def changed(board, name, old, new):
    """Put a changed source of the app on the drive; the board must be off."""
    text = (ROOT / "lib/datalogger" / name).read_text("utf-8")
    assert old in text
    target = board.drive / "lib/datalogger" / name
    target.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_task_that_fails_stops_no_other(boards, vm):
    board = boards(vm=vm, settings=FAST, start=False)
    changed(
        board,
        "recording/recorder.py",
        "if not self._readings.is_fresh():",
        "if {}['broken on purpose']:",
    )
    board.start()
    client = Client(board).log_in()
    status = wait_until(lambda: (found := client.status())["errors"] >= 2 and found)
    assert status["uptime_s"] < 30
    log = client.log()
    assert "Recorder stopped; it starts again in 1 s." in log
    assert "Recorder stopped; it starts again in 2 s." in log
    assert "KeyError" in log and "recorder.py" in log
    assert client.get("/api/readings").json["readings"][0]["value"]
    assert client.put_settings(LIVE_SECONDS=2).status == 200


def test_a_handler_that_fails(boards, vm):
    board = boards(vm=vm, settings=FAST, start=False)
    changed(
        board,
        "rare/history.py",
        "return answer(_history(",
        "raise KeyError('on purpose')\n    return answer(_history(",
    )
    board.start()
    client = Client(board)
    answer = client("GET", "/api/history")
    assert answer.status == 500
    assert set(answer.json) == {"error"} and "KeyError" not in answer.text
    assert client.status()["errors"] == 1
    log = client.log()
    assert "GET /api/history failed." in log and "KeyError" in log


def test_a_handler_that_fails_while_its_answer_is_sent(boards, vm):
    board = boards(vm=vm, settings=FAST, start=False)
    changed(
        board,
        "rare/history.py",
        "yield from json_list(",
        "raise KeyError('on purpose')\n    yield from json_list(",
    )
    board.start()
    client = Client(board)
    assert client("GET", "/api/history").status == 500
    assert client.status()["errors"] == 1
    log = client.log()
    assert log.count("GET /api/history failed.") == 1 and "KeyError" in log


def test_the_watchdog_bites_when_the_loop_hangs(boards):
    board = boards(settings=FAST, start=False, expected=("bite",))
    changed(
        board,
        "light/status_light.py",
        "now = self._clock.ticks\n",
        "now = self._clock.ticks\n"
        "            while 20 < self._clock.tenths and self._clock.epoch():\n                pass\n",
    )
    board.start()
    Client(board).set_time()
    wait_until(lambda: board.events("bite"), 60)
    board.wait_until_listening(2)
    assert Client(board).status()["board"]["reset_reason"] == "WATCHDOG"
    assert "The watchdog has reset the board: something did not come back" in Client(board).log()


@pytest.mark.parametrize("where", ["when it is loaded", "when it is read"])
def test_a_sensor_that_hangs_is_switched_off(boards, vm, where):
    source = "while True:\n    pass\n"
    if where == "when it is read":
        source = (
            'class Device:\n    channels = (("height", "Height", "m", 1),)\n\n'
            "    def read(self):\n        while True:\n            pass\n"
        )
    board = boards(
        vm=vm,
        settings={**FAST, "SENSORS": "hanging chip"},
        files={"lib/datalogger/sensors/hanging.py": source},
        start=False,
        expected=("bite",),
    )
    board.change(speed=10)
    board.start()
    wait_until(lambda: len(board.events("bite")) == 3, 60)
    wait_until(lambda: Client(board).status()["uptime_s"] > 70, 60)
    board.change(speed=1)
    status = Client(board).status()
    assert status["sensors_off"] == ["hanging"] and status["board"]["reset_reason"] == "WATCHDOG"
    assert "has reset the board: hanging did not come back within 8 s" in Client(board).log()
    readings = Client(board).get("/api/readings").json["readings"]
    assert "Switched off" in readings[0]["error"] and readings[1]["value"]


def test_the_watchdog_is_fed(boards):
    board = boards(settings=FAST)
    client = Client(board)
    begin = client.status()["uptime_s"]
    wait_until(lambda: client.status()["uptime_s"] > begin + 10)
    assert not board.events("bite")


def test_a_sensor_that_cannot_be_set_up(boards, vm):
    source = (
        'class Device:\n    channels = (("pressure", "Pressure <b>", "hPa", 1),)\n\n'
        "    def __init__(self):\n        raise RuntimeError('no device at 0x76')\n"
    )
    board = boards(
        vm=vm,
        settings={**FAST, "SENSORS": "chip odd"},
        files={"lib/datalogger/sensors/odd.py": source},
    )
    readings = wait_until(
        lambda: (found := Client(board).get("/api/readings").json["readings"])[2]["error"] and found
    )
    assert readings[2]["name"] == "pressure" and readings[2]["label"] == "Pressure <b>"
    assert readings[2]["value"] is None
    assert readings[0]["value"]
    assert "0x76" in Client(board).log()


def test_the_light_follows_the_state(boards, vm):
    board = boards(vm=vm, settings=FAST, usb="mounted", traced=["pins"])
    wait_until(lambda: len(board.events("pin")) > 4)
    while_paused = len(board.events("pin"))
    board.detach_computer()
    with_drive(board)
    wait_until(lambda: len(board.events("pin")) > while_paused + 2)


def test_a_neopixel_breathes(boards, vm):
    board = boards(vm=vm, settings={**FAST, "NEOPIXEL_PIN": "GP16"}, traced=["pixels", "pins"])
    wait_until(lambda: len(board.events("pixels")) > 20)
    assert not board.events("pin")
    assert Client(board).status()["errors"] == 0


def test_the_log_on_the_drive(boards, vm):
    board = with_drive(boards(vm=vm, settings={**FAST, "LOG_TO_DRIVE": 1}))
    client = Client(board).log_in()
    client.set_time()
    board.change(speed=20)
    kept = board.drive / "log.txt"
    wait_until(lambda: kept.exists() and b"The clock is set" in kept.read_bytes())
    board.change(speed=1)
    board.power_cycle()
    text = Client(board).get("/api/log?format=text").text
    assert text.count("info Started.") == 2
    lines = text.splitlines()
    assert any(
        re.match(r"2026-11-24T13:00:\d\d\+01:00 info The clock is set", line) for line in lines
    )
    with_drive(board)
    client = Client(board).log_in()
    before = client.get("/api/log").json["next"]
    assert client("DELETE", "/api/log").json == {"cleared": before}
    assert not (board.drive / "log.txt").exists()
    assert client.get("/api/log").json["entries"] == []


def test_the_log_in_memory(boards):
    board = boards(settings=PASSWORDS)
    client = Client(board).log_in()
    found = client.get("/api/log").json
    numbers = [entry["n"] for entry in found["entries"]]
    assert numbers == list(range(len(numbers))) and found["next"] == len(numbers)
    assert {"n", "t", "epoch", "level", "text"} == set(found["entries"][0])
    assert client.get(f"/api/log?since={numbers[-1]}").json["entries"] == found["entries"][-1:]
    answer = client.get("/api/log?format=text")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.splitlines()[0].endswith("info Started.")
    assert not (board.drive / "log.txt").exists()


def test_levels_of_the_log(boards):
    board = boards(settings={**PASSWORDS, "LOG_LEVEL": "warning"})
    client = Client(board).log_in()
    # with_drive would let time pass 20 times as fast: if the computer then does something else for
    # 50 ms, a sensor seems to take a second, and the log warns of it
    wait_until(lambda: client.status()["drive"]["owner"] == "board")
    assert client.get("/api/log").json["entries"] == []
    assert client.put_settings(LOG_LEVEL="info").status == 200
    assert client.put_settings(LIVE_SECONDS=3).status == 200
    assert "LIVE_SECONDS" in client.log()


def test_the_status_is_as_documented(boards, vm):
    board = boards(vm=vm)
    status = Client(board).status()
    assert {name: set(value) for name, value in status.items() if isinstance(value, dict)} == {
        "board": {"name", "id", "uid", "firmware", "app", "server", "reset_reason"},
        "clock": {"set", "epoch", "utc_offset_s", "source", "zone", "drifts"},
        "memory": {"free", "total"},
        "drive": {
            "owner",
            "reason",
            "can_change",
            "needs_restart",
            "free",
            "total",
            "reserve",
            "days_left",
            "flash_years",
            "recordings",
        },
        "recorder": {
            "state",
            "reason",
            "file",
            "next_write_s",
            "buffered",
            "dropped",
            "sample_s",
            "flush_s",
        },
        "wifi": {"mode", "ssid", "address", "hostname", "clients", "signal_dbm", "fallback"},
        "battery": {"low", "volts", "limit"},
        "login": {"logged_in", "required_to_read", "default_password", "default_passwords"},
    }
    assert status["board"]["firmware"] == "CircuitPython 10.3.1"
    assert status["board"]["reset_reason"] == "POWER_ON"
    assert status["drive"]["flash_years"] == 31.7  # rows of two values
    assert status["drive"]["total"] in (501760, SOURCE_CLUSTERS * 512)
