"""Bosch BMP280 (datasheet BST-BMP280-DS001): a BME280 without humidity."""

from .bme280 import Bosch

PIN = 0


def attach(item, place, address):
    return [("i2c", Bosch(item, int(address or "0x77", 16), 0x58))]
