"""The libraries that travel: those that the program imports, and the chosen sensors' drivers."""

import json
import shutil
import time
import urllib.request
from pathlib import PurePosixPath

import pytest
from toolkit.deploy import messages, wifi_session
from toolkit.environment import ROOT
from toolkit.payload import assembly, drivers, mpy

PASSWORD = "right-one-for-the-tests"


def libraries(settings):
    """The names of the libraries from PyPI, below lib/."""
    files = assembly.collect(form=mpy.SOURCE, settings=settings)
    own = {path.name for path in (ROOT / "lib").iterdir()}
    return {
        str(path.relative_to("lib"))
        for path in files
        if path.parts[0] == "lib" and path.parts[1] not in own
    }


ALWAYS = {"adafruit_ticks.py", "neopixel.py"}


@pytest.mark.parametrize(
    ("sensors", "more"),
    [
        ("chip diagnostics", set()),
        (
            "bme280:0x76",
            {f"adafruit_bme280/{name}.py" for name in ("__init__", "basic", "protocol")},
        ),
        (
            "chip ds18b20",
            {
                "adafruit_ds18x20.py",
                *(f"adafruit_onewire/{name}.py" for name in ("__init__", "bus", "device")),
            },
        ),
        ("no_such_kind", set()),
    ],
)
def test_the_chosen_sensors_bring_their_drivers(sensors, more):
    assert libraries(f'SENSORS = "{sensors}"\n') == ALWAYS | more


@pytest.mark.parametrize("settings", ["", "SENSORS = 5\n", 'SENSORS = "bme280\n', b"\xff\xfe"])
def test_without_a_choice_that_can_be_read_there_are_none(settings):
    assert libraries(settings) == ALWAYS


def test_a_kind_of_your_own_brings_a_listed_driver_and_tells_of_others():
    own = {
        PurePosixPath("lib/datalogger/sensors/mine.py"): b"import adafruit_listed\n"
        b"from adafruit_other import thing\nimport adafruit_bus_device.i2c_device\n\nclass Device: ...\n"
    }
    listed = {PurePosixPath("lib/adafruit_listed.py"): b"import adafruit_more\n"}
    more = {PurePosixPath("lib/adafruit_more.py"): b""}
    assert drivers.needed(own, {**listed, **more}, "mine:GP2") == {**listed, **more}
    assert drivers.unknown(own, {**listed, **more}, "mine") == [("mine", "adafruit_other")]
    assert drivers.needed(own, listed, "chip") == {}
    assert drivers.unknown(own, listed, "chip") == []


def test_by_cable(project, fresh_drive):
    place = "lib/datalogger/sensors/bme280.py"
    (project.root / place).parent.mkdir(parents=True)
    shutil.copy(ROOT / place, project.root / place)
    settings = fresh_drive / "settings.toml"
    settings.write_text('SENSORS = "chip bme280:GP2:0x76"\n')
    result = project.run("deploy.py", "--to", fresh_drive)
    assert result.returncode == 0, result.stderr
    found = {file.name for file in (fresh_drive / "lib/adafruit_bme280").iterdir()}
    assert found == {"__init__.mpy", "basic.mpy", "protocol.mpy"}
    settings.write_text(settings.read_text().replace("chip bme280:GP2:0x76", "chip"))
    result = project.run("deploy.py", "--to", fresh_drive)
    assert result.returncode == 0, result.stderr
    assert not list((fresh_drive / "lib").glob("adafruit_bme280/*"))


def channels(board):
    with urllib.request.urlopen(f"{board.url}/api/status", timeout=30) as answer:
        return {one["name"]: one for one in json.load(answer)["channels"]}


@pytest.mark.parametrize("vm", ["cpython"])
def test_over_the_air(boards, vm, monkeypatch):
    monkeypatch.setattr(messages, "tell", print)
    settings = {
        "ADMIN_PASSWORD": PASSWORD,
        "AP_PASSWORD": "another-good-one",
        "SENSORS": "chip bme280",
    }
    board = boards(vm=vm, settings=settings, start=False)
    shutil.rmtree(board.drive / "lib/adafruit_bme280")
    board.start()
    assert channels(board)["bme280"]["state"] == "failing"
    board.change(speed=8)
    wifi_session.Session(board.url, PASSWORD, False, False).deploy()
    deadline = time.monotonic() + 60
    while channels(board).get("pressure", {}).get("state") != "ok":
        assert time.monotonic() < deadline, channels(board)
        time.sleep(0.3)
    assert (board.drive / "lib/adafruit_bme280/basic.py").is_file()
