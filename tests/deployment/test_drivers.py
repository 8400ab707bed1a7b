"""The libraries that travel: those that the program imports, and the chosen sensors' drivers."""

import json
import shutil
import time
import urllib.request
from pathlib import PurePosixPath

import pytest
from toolkit.deploy import messages, sensor_memory, wifi_session
from toolkit.environment import ROOT
from toolkit.payload import assembly, drivers, mpy

PASSWORD = "right-one-for-the-tests"
SEVEN = "bme280 bh1750 ds18b20 scd4x sht4x aht20 ina219"
BOSCH = "lib/datalogger/drivers/bosch.py"


def libraries(settings):
    """The names below lib/ of the libraries from PyPI, and of the project's own drivers."""
    files = assembly.collect(form=mpy.SOURCE, settings=settings)
    own = {path.name for path in (ROOT / "lib").iterdir()}
    return {
        str(path.relative_to("lib"))
        for path in files
        if path.parts[0] == "lib"
        and (path.parts[1] not in own or path.is_relative_to(drivers.PLAIN))
    }


ALWAYS = {"adafruit_ticks.py", "neopixel.py"}


@pytest.mark.parametrize(
    ("sensors", "more"),
    [
        ("chip diagnostics", set()),
        ("aht20:0x38", {"adafruit_ahtx0.py"}),
        ("bme280:0x76", {"datalogger/drivers/bosch.py"}),
        ("chip ds18b20", {"datalogger/drivers/one_wire.py"}),
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


@pytest.mark.parametrize(
    ("sensors", "board", "told"),
    [
        ("chip diagnostics", "raspberry_pi_pico_w", None),
        ("chip bme280", "raspberry_pi_pico_w", None),
        ("bme280 ds18b20 sht4x ina219 scd4x bh1750", "raspberry_pi_pico_w", None),
        (SEVEN, "raspberry_pi_pico_w", "several visitors at once"),
        (f"{SEVEN} ina226 bmp280", "raspberry_pi_pico_w", "fewer kinds"),
        (f"{SEVEN} ina226 bmp280", "raspberry_pi_pico2_w", None),
    ],
)
def test_sensors_that_take_much_memory(sensors, board, told):
    settings = f'SENSORS = "{sensors}"\n'
    files = assembly.collect(form=mpy.CIRCUITPYTHON, settings=settings)
    warning = sensor_memory.warning(files, settings, board)
    print(warning, sensor_memory.estimate(files, sensors.split()))
    assert warning is None if told is None else told in warning


def test_by_cable(project, fresh_drive):
    kinds = [f"lib/datalogger/sensors/{name}.py" for name in ("aht20", "bme280", "buses")]
    for place in (*kinds, BOSCH):
        (project.root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / place, project.root / place)
    settings = fresh_drive / "settings.toml"
    settings.write_text('SENSORS = "chip aht20 bme280:GP2:0x76"\n')
    result = project.run("deploy.py", "--to", fresh_drive)
    assert result.returncode == 0, result.stderr
    brought = [fresh_drive / place for place in ("lib/adafruit_ahtx0.mpy", BOSCH[:-2] + "mpy")]
    assert all(file.is_file() for file in brought)
    settings.write_text(settings.read_text().replace("chip aht20 bme280:GP2:0x76", "chip"))
    result = project.run("deploy.py", "--to", fresh_drive)
    assert result.returncode == 0, result.stderr
    assert not any(file.exists() for file in brought)


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
    (board.drive / BOSCH).unlink()
    board.start()
    assert channels(board)["bme280"]["state"] == "failing"
    board.change(speed=8)
    wifi_session.Session(board.url, PASSWORD, False, False).deploy()
    deadline = time.monotonic() + 60
    while channels(board).get("pressure", {}).get("state") != "ok":
        assert time.monotonic() < deadline, channels(board)
        time.sleep(0.3)
    assert (board.drive / BOSCH).is_file()
