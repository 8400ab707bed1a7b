"""pwm:PIN: a value from 0 to 100 %, by the width of pulses: a dimmed lamp, a fan, a heater."""

import board
from pwmio import PWMOut


class Device:
    label = "PWM"
    unit = "%"
    safe = 0
    lowest = 0
    highest = 100

    def __init__(self, pin):
        self._pulses = PWMOut(getattr(board, pin), frequency=1000)

    def set(self, value):
        self._pulses.duty_cycle = int(value * 655.35)
