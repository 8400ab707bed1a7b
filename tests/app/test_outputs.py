"""Outputs: what the board switches, over the API."""

import pytest

from .client import PASSWORDS, Client, wait_until

OUTPUTS = {
    **PASSWORDS,
    "OUTPUTS": "relay:GP15:garden_pump relay:GP14:led pwm:GP16 relay:GP17 relay:GP18",
}


@pytest.fixture
def board(boards, vm):
    return boards(vm=vm, settings=OUTPUTS, traced=("pins",))


def pin(board, name):
    """What a pin was set to last; None when it never was."""
    values = [value for one, value, _ in board.events("pin") if one == name]
    return values[-1] if values else None


def test_outputs(board):
    client = Client(board)
    assert client.get("/api/outputs").json["outputs"] == [
        {"name": "garden_pump", "label": "Garden pump", "value": False},
        {"name": "led", "label": "Led", "value": False},
        {"name": "pwm", "label": "PWM", "value": 0, "unit": "%", "min": 0, "max": 100},
        {"name": "relay", "label": "Relay", "value": False},
        {"name": "relay_2", "label": "Relay 2", "value": False},
    ]
    assert client.status()["outputs"] == 5
    assert client("POST", "/api/outputs/garden_pump", {"value": True}).status == 401
    assert not pin(board, "GP15")
    client.log_in()
    answer = client("POST", "/api/outputs/garden_pump", {"value": True})
    assert answer.json == {"name": "garden_pump", "label": "Garden pump", "value": True}
    wait_until(lambda: pin(board, "GP15"))
    assert not pin(board, "GP14")
    assert client("POST", "/api/outputs/pwm", {"value": 40}).json["value"] == 40
    wait_until(lambda: pin(board, "GP16") == 26214)
    metrics = client.get("/metrics").text
    assert 'datalogger_output{output="garden_pump"} 1.0' in metrics
    assert 'datalogger_output{output="pwm"} 40.0' in metrics
    log = client.log()
    assert "Garden pump: on." in log and "PWM: 40." in log
    for name, value in (
        ("garden_pump", 1),
        ("led", None),
        ("pwm", 101),
        ("pwm", True),
        ("pwm", "1"),
    ):
        answer = client("POST", f"/api/outputs/{name}", {"value": value})
        assert answer.status == 400 and answer.json["field"] == "value", (name, value)
    assert client("POST", "/api/outputs/other", {"value": True}).status == 404
    assert client("POST", "/api/outputs/led", "[").status == 400
    # a restart leaves them in their safe state
    before = len(board.events("pin"))
    board.power_cycle()
    assert Client(board).get("/api/outputs").json["outputs"][0]["value"] is False
    assert True not in [value for name, value, _ in board.events("pin")[before:] if name == "GP15"]


def test_one_that_fails_keeps_no_other_away(boards, vm):
    settings = {**PASSWORDS, "OUTPUTS": "relay:GP99 nothing:GP2 relay:GP15 broken:GP3"}
    broken = "class Device:\n    safe = 0\n\n    def __init__(self, pin):\n        pass\n\n"
    broken += "    def set(self, value):\n        if value:\n            raise OSError(5)\n"
    files = {"lib/datalogger/outputs/broken.py": broken}
    board = boards(vm=vm, settings=settings, files=files)
    client = Client(board).log_in()
    assert [one["name"] for one in client.get("/api/outputs").json["outputs"]] == [
        "relay",
        "broken",
    ]
    log = client.log()
    assert "relay:GP99 can't be used" in log and "nothing:GP2 can't be used" in log
    assert client("POST", "/api/outputs/broken", {"value": 3}).status == 500
    assert "Broken can't be set" in client.log()
    assert client.get("/api/outputs").json["outputs"][1]["value"] == 0


def test_without_outputs(boards):
    client = Client(boards(settings=PASSWORDS)).log_in()
    assert client.get("/api/outputs").json == {"outputs": []}
    assert client("POST", "/api/outputs/relay", {"value": True}).status == 404
    assert "datalogger_output{" not in client.get("/metrics").text
