"""GET /api/i2c: which addresses answer on the I2C buses of the sensors."""

import json
import sys

from ..on_demand import on_demand
from ..web.answers import answer, json_list

# Addresses and the chips that mostly have them: those of the kinds of sensors, and a few others that
# people connect. 0x76 and 0x77 are told apart by nothing but the chip itself.
_NAMES = {
    0x23: "BH1750",
    0x38: "AHT20",
    0x3C: "SSD1306",
    0x40: "INA219, INA226",
    0x44: "SHT4x",
    0x48: "ADS1115, TMP117",
    0x50: "EEPROM",
    0x57: "EEPROM",
    0x5C: "BH1750",
    0x62: "SCD4x",
    0x68: "DS3231, PCF8523",
    0x76: "BME280, BMP280",
    0x77: "BME280, BMP280",
}

# The module itself where a sensor has it, else for this request only.
buses = sys.modules.get("datalogger.sensors.buses") or on_demand("buses", "datalogger.sensors")


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(_found())


def _found():
    yield '{"buses":['
    yield from json_list(_buses())
    yield "]}"


def _buses():
    """Each bus of a sensor; where no sensor is on I2C, the pins that it would have."""
    for sda in sorted(buses.made) or ("",):
        result = {"sda": sda or buses.SDA, "error": None, "found": []}
        try:
            result["found"] = _scanned(sda)
        except Exception as error:  # noqa: BLE001 - nothing connected, pins in use, a stuck bus
            result["error"] = str(error)
        yield json.dumps(result)


def _scanned(sda):
    bus = buses.OnI2C().bus(sda)
    try:
        if not bus.try_lock():
            raise OSError("the bus is in use")
        try:
            addresses = bus.scan()
        finally:
            bus.unlock()
    finally:
        if not sda:  # made for this look only
            bus.deinit()
            del buses.made[buses.SDA]
    return [{"address": "0x%02x" % one, "name": _NAMES.get(one, "")} for one in addresses]
