"""A Raspberry Pi Pico W under CircuitPython, simulated: its drive is a folder, its network this
computer's own."""
