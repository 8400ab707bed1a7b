"""The I2C buses, which sensors share: one object for each pair of pins."""

import board
import busio

SDA = "GP0"  # where none is named
made = {}  # bus by the name of its SDA pin


class OnI2C:
    """What sensors on I2C have in common."""

    def bus(self, sda=""):
        """The bus with SDA at that pin, such as "GP4", and SCL at the next one; GP0 and GP1 where
        none is named. Raises RuntimeError when nothing is connected, ValueError for other pins."""
        sda = sda or SDA
        if sda not in made:
            scl = getattr(board, "GP%d" % (int(sda[2:]) + 1))
            made[sda] = busio.I2C(scl, getattr(board, sda))
        return made[sda]

    def deinit(self):
        """After a failure the sensor is made anew: it may have lost its settings. The bus stays."""
