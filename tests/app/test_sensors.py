"""Sensors that are chosen by name, through their real drivers, on models of their chips."""

import pytest

from .client import PASSWORDS, Client, wait_until, with_drive

FAST = {**PASSWORDS, "LIVE_SECONDS": 1}


def readings(client):
    """The latest readings by name."""
    return {one["name"]: one for one in client.get("/api/readings").json["readings"]}


def values(client):
    return {name: one["value"] for name, one in readings(client).items()}


def channels(client):
    return {one["name"]: one for one in client.status()["channels"]}


def wait_for_values(client, *names):
    wait_until(lambda: all(values(client)[name] is not None for name in names))
    return values(client)


AIR = {"temperature": 23.4, "humidity": 61.2, "pressure": 1003.7, "co2": 812}
IN_AIR = {"air_temperature": 23.4, "humidity": 61.2}
LOAD = {"load_voltage": 12.1, "load_current": -250.5}
MEASURED = {
    "bme280": (AIR, {**IN_AIR, "pressure": 1003.7}),
    "bmp280": (AIR, {"air_temperature": 23.4, "pressure": 1003.7}),
    "sht4x": (AIR, IN_AIR),
    "aht20": (AIR, IN_AIR),
    "scd4x": (AIR, {"co2": 812, **IN_AIR}),
    "bh1750": ({"brightness": 125.0}, {"brightness": 125.0}),
    "ina219": (LOAD, LOAD),
    "ina226": (LOAD, LOAD),
    "ds18b20": ({"temperature": -10.125}, {"t_1a2b": -10.1, "t_3c4d": -10.1}),
}


@pytest.mark.daily
@pytest.mark.parametrize("kind", MEASURED)
def test_each_kind_tells_what_its_chip_measures(boards, vm, kind):
    measured, expected = MEASURED[kind]
    board = boards(vm=vm, settings={**FAST, "SENSORS": kind}, measured={kind: measured})
    client = Client(board)
    found = wait_for_values(client, *expected)
    assert set(found) == set(expected), found
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=0.051), found
    assert "fails" not in client.log()
    assert client.status()["errors"] == 0
    assert {one["state"] for one in channels(client).values()} == {"ok"}


def failing(client, *names):
    """The messages of the channels of these names, once all of them fail."""

    def found():
        known = channels(client)
        texts = [known[name]["message"] for name in names if known[name]["state"] == "failing"]
        return len(texts) == len(names) and texts

    return wait_until(found, 30)


@pytest.mark.daily
def test_a_sensor_that_is_unplugged_and_plugged_in_again(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "bme280 chip ds18b20"})
    client = Client(board)
    wait_for_values(client, "pressure", "voltage", "t_1a2b")
    board.change(faults={"bme280": "unplugged", "ds18b20": "unplugged"})
    assert "OSError" in failing(client, "pressure", "t_1a2b")[0]
    client.set_time()
    found = channels(client)
    assert found["voltage"]["state"] == "ok" and found["pressure"]["since"] >= 1795521600 - 60
    assert client.log().count("bme280 fails") == 1
    board.change(faults={}, speed=20)
    wait_for_values(client, "pressure", "t_1a2b", "t_3c4d")
    # The chip lost its power: it was set up anew, else this would be the value after power-up
    assert 1000 < values(client)["pressure"] < 1020
    assert {one["state"] for one in channels(client).values()} == {"ok"}
    assert "bme280 works again" in client.log()


def test_one_of_several_thermometers_fails(boards, vm):
    settings = {**FAST, "SENSORS": "ds18b20:GP4:1a2b,3c4d,99ff chip"}
    board = boards(
        vm=vm, settings=settings, faults={"ds18b20:GP4:1a2b,3c4d,99ff/99ff": "unplugged"}
    )
    client = Client(board)
    found = wait_for_values(client, "t_1a2b", "t_3c4d")
    assert found["t_99ff"] is None
    assert "did not answer at the start" in channels(client)["t_99ff"]["message"]
    board.change(faults={"ds18b20:GP4:1a2b,3c4d,99ff/1a2b": "crc"})
    assert "CRC" in failing(client, "t_1a2b")[0]
    assert values(client)["t_3c4d"] is not None


@pytest.mark.parametrize("fault", ["stuck", "slow"])
def test_a_bus_with_a_fault_stops_nothing_else(boards, fault):
    board = boards(settings={**FAST, "SENSORS": "bme280 ds18b20 chip"})
    client = Client(board)
    wait_for_values(client, "pressure", "t_1a2b")
    board.change(faults={"bme280": fault, "ds18b20": fault})
    if fault == "stuck":
        failing(client, "pressure", "t_1a2b")
    else:
        wait_until(lambda: "nothing else goes on meanwhile" in client.log(), 30)
        assert values(client)["pressure"] is not None
    assert values(client)["voltage"] is not None
    board.change(faults={}, speed=20)
    wait_for_values(client, "pressure", "t_1a2b")


def test_a_sensor_that_is_not_attached_is_a_failing_tile(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "bme280 ds18b20 chip"}, sensors=[])
    client = Client(board)
    failing(client, "pressure", "ds18b20")
    assert "No pull up" in channels(client)["pressure"]["message"]
    assert values(client)["voltage"] is not None


def test_a_missing_driver_says_which_command_brings_it(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "bme280 chip nothing"}, start=False)
    for file in (board.drive / "lib/datalogger/drivers").iterdir():
        file.unlink()
    client = Client(board.start())
    driver, kind = failing(client, "bme280", "nothing")
    assert (
        "datalogger.drivers.bosch is not on the drive: python3 scripts/deploy.py brings it"
        in driver
    )
    assert "lib/datalogger/sensors/nothing.py is not on the drive" in kind
    assert values(client)["voltage"] is not None


def test_two_of_a_kind(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "bme280 bme280:0x76 bme280:GP6:0x76"})
    client = Client(board)
    found = wait_for_values(client, "pressure", "pressure_2", "pressure_3")
    assert len(found) == 9
    assert channels(client)["humidity_2"]["label"] == "Humidity 2"
    assert client.get("/api/history").json["columns"][3] == "air_temperature_2"


def test_diagnostics_are_no_measurements(boards):
    board = boards(settings={**FAST, "SENSORS": "chip diagnostics"})
    found = channels(Client(board))
    assert {name: one["diagnostic"] for name, one in found.items()} == {
        "temperature": False,
        "voltage": False,
        "memory": True,
    }


@pytest.mark.parametrize(
    "text", ["", "Chip", "chip  bme280", " chip", "chip,bme280", "chip/..", "x" * 161]
)
def test_a_choice_that_can_not_be_is_refused(boards, text):
    client = Client(boards(settings=FAST)).log_in()
    answer = client.put_settings(SENSORS=text)
    assert answer.status == 400 and answer.json["field"] == "SENSORS"


def test_a_choice_takes_effect_with_a_restart(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "chip"}, sensors=["bme280"])
    client = Client(board).log_in()
    with_drive(board)
    answer = client.put_settings(SENSORS="chip diagnostics").json
    assert answer["restart_needed"]
    board.restart()
    assert set(values(Client(board))) == {"temperature", "voltage", "memory"}


def test_an_analog_input(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "analog:GP27 analog"}, pins={"A1": 1.65})
    found = wait_for_values(Client(board), "analog_gp27", "analog_gp26")
    assert found["analog_gp27"] == pytest.approx(1.65, abs=0.002) and found["analog_gp26"] == 0


def test_pulses_are_counted(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "pulses:GP15"}, pulses={"GP15": 4})
    client = Client(board)
    wait_until(lambda: 2.5 < (values(client)["pulse_rate"] or 0) < 5.5)
    board.change(pulses={})
    wait_until(lambda: values(client)["pulse_rate"] == 0)
    before = values(client)["pulses"]
    wait_until(lambda: values(client)["pulse_rate"] == 0)
    assert values(client)["pulses"] == before


def test_pins_that_can_not_count_or_measure(boards):
    board = boards(settings={**FAST, "SENSORS": "pulses:GP14 analog:GP2 bme280:GP3 ds18b20:GP99"})
    client = Client(board)
    messages = failing(client, "pulses", "analog", "pressure", "ds18b20")
    assert "PWM Channel B" in messages[0] and "Invalid pin" in messages[1]


@pytest.mark.parametrize("kind", ["sht4x", "scd4x"])
def test_a_wrong_checksum_is_a_failure(boards, kind):
    board = boards(settings={**FAST, "SENSORS": kind})
    client = Client(board)
    wait_for_values(client, "humidity")
    board.change(faults={kind: "crc"})
    assert "CRC" in failing(client, "humidity")[0]
    board.change(faults={}, speed=20)
    wait_for_values(client, "humidity")


@pytest.mark.parametrize("kind", ["aht20", "scd4x"])
def test_a_measurement_that_never_ends_is_a_failure(boards, kind):
    board = boards(settings={**FAST, "SENSORS": kind})
    client = Client(board)
    wait_for_values(client, "humidity")
    board.change(faults={kind: "slow"}, speed=4)
    failing(client, "humidity")
    board.change(faults={}, speed=20)
    wait_for_values(client, "humidity")


def test_a_current_that_is_too_large(boards):
    board = boards(
        settings={**FAST, "SENSORS": "ina219"}, measured={"ina219": {"load_current": 3300}}
    )
    assert "out of range" in failing(Client(board), "load_current")[0]


@pytest.mark.daily
def test_a_channel_is_changed_in_the_browser(boards, vm):
    board = with_drive(
        boards(
            vm=vm,
            settings={**FAST, "SENSORS": "bme280"},
            measured={"bme280": {"temperature": 20.0, "pressure": 1000.0}},
        )
    )
    client = Client(board).log_in()
    answer = client.put_settings(CHANNELS="pressure: factor=0")
    assert answer.status == 400 and answer.json["field"] == "CHANNELS"
    text = (
        "air_temperature: label=Kühlraum, offset=-0.5; pressure: unit=bar, factor=0.001, decimals=3"
    )
    assert client.put_settings(CHANNELS=text).json["restart_needed"]
    board.restart()
    client = Client(board)
    found = wait_for_values(client, "pressure")
    assert found["air_temperature"] == pytest.approx(19.5) and found["pressure"] == 1.0
    shown = readings(client)
    assert shown["air_temperature"]["label"] == "Kühlraum"
    assert (shown["pressure"]["unit"], shown["pressure"]["decimals"]) == ("bar", 3)


def test_changes_that_can_not_be_read_change_nothing(boards, vm):
    settings = {**FAST, "SENSORS": "chip", "CHANNELS": "temperature: factor=none"}
    client = Client(boards(vm=vm, settings=settings))
    assert values(client)["temperature"] is not None
    assert "CHANNELS" in client.log()


@pytest.mark.daily
def test_what_is_on_the_bus(boards, vm):
    settings = {**FAST, "SENSORS": "bme280:0x76 bh1750:GP6 chip"}
    board = boards(vm=vm, settings=settings)
    client = Client(board)
    assert client.get("/api/i2c").json["buses"] == [
        {"sda": "GP0", "error": None, "found": [{"address": "0x76", "name": "BME280, BMP280"}]},
        {"sda": "GP6", "error": None, "found": [{"address": "0x23", "name": "BH1750"}]},
    ]
    wait_for_values(client, "pressure", "brightness")
    assert client.get("/api/i2c").json["buses"][1]["found"]


def test_the_bus_of_a_board_without_sensors_on_it(boards, vm):
    board = boards(vm=vm, settings={**FAST, "SENSORS": "chip"}, sensors=["sht4x"])
    client = Client(board)
    for _ in range(2):  # the pins are given back
        (bus,) = client.get("/api/i2c").json["buses"]
        assert bus["found"] == [{"address": "0x44", "name": "SHT4x"}]
    board.change(faults={"sht4x": "unplugged"})
    bus = wait_until(lambda: (found := client.get("/api/i2c").json["buses"][0])["error"] and found)
    assert bus["sda"] == "GP0" and "No pull up" in bus["error"] and bus["found"] == []
