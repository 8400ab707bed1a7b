"""A data logger for the Raspberry Pi Pico W: one module per responsibility, wired by code.py."""

__version__ = "1.0.0"
